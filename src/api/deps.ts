import type { Pool } from 'pg';
import type { Config } from '../config/config';
import type { Db } from '../db/client';
import type { Clock } from '../db/clock';
import type { KnownKeys } from '../db/known-keys';
import type { Presence } from '../db/presence';
import type { Log } from '../log';
import type { StripeClients } from '../stripe/client';
import type { Metrics } from './http/metrics';
import type { WorkflowClient } from '../temporal/workflow-client';

/** What the API is given. No file of it reads the environment or reaches for a global. */
export interface ApiDeps {
  config: Config;
  db: Db;
  /** The same connections, for the few statements that are asked too often to go through the client. */
  pool: Pool;
  keys: KnownKeys;
  clock: Clock;
  /** That this process is there, for those who wait for what it began. */
  presence: Presence;
  log: Log;
  workflows: WorkflowClient;
  stripe: StripeClients;
  /** What is counted beside what the API counts itself; its own alone if absent. */
  metrics?: Metrics;
  /** Resolves when Temporal answers; rejects within two seconds when it does not. */
  temporalReady(): Promise<void>;
}
