import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Db } from '../../db/client';
import type { StripeClients } from '../../stripe/client';
import { measureStripe } from '../../stripe/metrics';
import type { WorkflowClient } from '../../temporal/workflow-client';
import { measureAccess } from './access';
import { measureInbox } from './inbox';
import { measureRelay } from './relay';
import { measureRepairs } from './repairs';
import { measureTold } from './told';

/** What of a worker is measured, and where it is collected. No label carries an id. */
export interface WorkerMetrics {
  registry: Registry;
  /** Of the worker's activities. */
  activities: ActivityInterceptorsFactory;
  /** The calls of the relay. */
  relay: (workflows: WorkflowClient) => WorkflowClient;
}

/** Measures what a worker does, from now on. */
export function createWorkerMetrics({ db, stripe }: { db: Db; stripe: StripeClients }): WorkerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  measureInbox(db, registry);
  measureTold(db, registry);
  measureAccess(db, registry);
  measureStripe(stripe, registry);
  return {
    registry,
    activities: measureRepairs(registry),
    relay: (workflows) => measureRelay(workflows, registry),
  };
}
