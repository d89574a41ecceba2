import type { Db } from '../db/client';
import { eachBounded } from '../domain/bounded';
import type { Log } from '../log';
import { claimDeliveries, type ClaimedDelivery, markSending } from '../store/webhook-deliveries';
import { wordsOf } from '../stripe/errors';
import type { WorkflowClient } from '../temporal/workflow-client';
import { type Rounds, startRounds } from './rounds';

export interface DeliveryDeps {
  db: Db;
  workflows: WorkflowClient;
  log: Log;
}

/** Rows of one claim, and starts at once. */
const BATCH = 100;
const AT_ONCE = 10;
/** Milliseconds for Temporal to take a start; what it has not taken is taken again when its lease has lapsed. */
const TEMPORAL_TIMEOUT_MS = 10_000;

/** Gives each delivery that has no run its run. Answers how many were taken. */
export async function startDeliveries(deps: DeliveryDeps): Promise<number> {
  const claimed = await claimDeliveries(deps.db, BATCH);
  await eachBounded(claimed, AT_ONCE, (delivery) => startDelivery(deps, delivery));
  return claimed.length;
}

async function startDelivery({ db, workflows, log }: DeliveryDeps, delivery: ClaimedDelivery): Promise<void> {
  const { endpointId, factId } = delivery;
  try {
    await workflows.withDeadline(TEMPORAL_TIMEOUT_MS, () =>
      workflows.webhookDeliveryChanged(delivery, delivery.memberId),
    );
    // Only now: a row that has a run, whoever dies in between, is one that Temporal knows of.
    await markSending(db, delivery);
  } catch (error) {
    log.warn(
      { endpointId, factId, why: wordsOf(error) },
      'A delivery could not be started; it stays in line',
    );
  }
}

/** The part of the relay that brings deliveries to their runs. */
export const startDeliveryRelay = (deps: DeliveryDeps & Pick<Rounds, 'databaseUrl' | 'pollSeconds'>) =>
  startRounds({
    ...deps,
    channel: 'webhook_delivery',
    name: 'deliveries',
    round: async () => (await startDeliveries(deps)) === BATCH,
  });
