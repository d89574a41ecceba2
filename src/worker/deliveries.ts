import type { Db } from '../db/client';
import type { Log } from '../log';
import { claimDeliveries, markSending } from '../store/webhook-deliveries';
import type { WorkflowClient } from '../temporal/workflow-client';
import { type Rounds, startRounds } from './rounds';
import { BATCH, startClaimed } from './start-claimed';

export interface DeliveryDeps {
  db: Db;
  workflows: WorkflowClient;
  log: Log;
}

/** Gives each delivery that has no run its run. Answers how many were taken. */
export async function startDeliveries({ db, workflows, log }: DeliveryDeps): Promise<number> {
  return startClaimed(workflows, await claimDeliveries(db, BATCH), {
    start: (delivery) => workflows.webhookDeliveryChanged(delivery, delivery.memberId),
    note: (delivery) => markSending(db, delivery),
    failed: ({ endpointId, factId }, why) =>
      log.warn({ endpointId, factId, why }, 'A delivery could not be started; it stays in line'),
  });
}

/** The part of the relay that brings deliveries to their runs. */
export const startDeliveryRelay = (deps: DeliveryDeps & Pick<Rounds, 'databaseUrl' | 'pollSeconds'>) =>
  startRounds({
    ...deps,
    channel: 'webhook_delivery',
    name: 'deliveries',
    round: async () => (await startDeliveries(deps)) === BATCH,
  });
