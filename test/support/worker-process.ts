import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { loadConfig } from '../../src/config/config';
import { createLog } from '../../src/log';
import { connectTemporalLazily } from '../../src/temporal/connect';
import { logTemporalTo } from '../../src/temporal/sdk-log';
import { createWorker, createWorkerParts, createWorkerRelay } from '../../src/worker/worker';
import { getDevServer } from '../harness/temporal';
import { getWorkflowBundle } from '../harness/workflow-bundle';
import type { Rig } from './rig';

const CHILD = join(__dirname, 'worker-child.mjs');

/** A worker of a rig in a process of its own, which can be killed as the machine under it would kill it. */
export interface WorkerProcess {
  pid: number;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts a worker for the runs of a rig that has none; resolves once it takes tasks. */
export async function startWorkerProcess(rig: Rig): Promise<WorkerProcess> {
  const server = await getDevServer();
  await server.close();
  const child = spawn(process.execPath, [CHILD], {
    env: {
      PATH: process.env['PATH'],
      ...rig.environment,
      TEMPORAL_ADDRESS: server.address,
      WORKFLOW_BUNDLE_OF_TEST: getWorkflowBundle().codePath,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('The worker did not start.');
  await ready(child);
  return {
    pid,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      process.kill(pid, 'SIGKILL');
      await gone;
    },
  };
}

async function ready(child: ChildProcess): Promise<void> {
  const said = child.stdout === null ? Promise.reject(new Error('No output')) : once(child.stdout, 'data');
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`The worker ended with ${code} before it was ready.`);
  });
  await Promise.race([said, gone]);
}

/** What the process does: a worker and its relay, as `src/worker/main.ts` has them, without schedules. */
export async function work(): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLog('worker', 'silent');
  logTemporalTo(log);
  const parts = createWorkerParts(config, log);
  createWorkerRelay(config, parts, connectTemporalLazily(config.temporal, []), log);
  const worker = await createWorker(await NativeConnection.connect(config.temporal.connection), config, {
    workflowBundle: { codePath: process.env['WORKFLOW_BUNDLE_OF_TEST'] ?? '' },
    activities: parts.activities,
  });
  const running = worker.run();
  process.stdout.write('ready\n');
  await running;
}
