import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify, isRunning, type ProcessIdentity } from '../../src/local/process/identity';
import { ProcessRecord } from '../../src/local/process/record';
import { stopProcess } from '../../src/local/process/stop';
import { VARIABLES } from './variables';

/** Every Jest run has a folder of its own, so that two runs in one clone never meet. */
const FOLDER_PREFIX = 'session-tests-';
/** Data folders of whole stacks lie in the run's folder under such names. */
export const STACK_PREFIX = 'stack-';
const OWNER_FILE = 'owner.json';
/** The wrapper of the time-skipping server writes its process number here, one a line. */
export const TIME_SKIPPING_PIDS = 'time-skipping-pids';

/** What one Jest run has started; lives in Jest's main process. */
export interface TestRun {
  folder: string;
  record: ProcessRecord;
  /** The parts that are being started or are up. */
  parts: Map<string, Promise<void>>;
}

declare global {
  var sessionTestRun: TestRun | undefined;
}

/** The servers of one run are the test harness's alone: no other program is called so with a pid from that file. */
async function stopTimeSkippingServers(folder: string): Promise<void> {
  const file = join(folder, TIME_SKIPPING_PIDS);
  if (!existsSync(file)) return;
  for (const pid of readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number)) {
    const server = identify(pid);
    if (server && /test-?server/i.test(server.command)) await stopProcess(server);
  }
}

/** What the run itself recorded, and what each whole stack of an end-to-end test recorded in its data folder. */
async function stopRecorded(folder: string): Promise<void> {
  await new ProcessRecord(join(folder, 'processes.json')).stopAll();
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(STACK_PREFIX))) {
    await new ProcessRecord(join(folder, name, 'processes.json')).stopAll();
  }
}

async function remove(folder: string): Promise<void> {
  await stopRecorded(folder);
  await stopTimeSkippingServers(folder);
  rmSync(folder, { recursive: true, force: true });
}

/** Ends what runs that were killed left behind. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(FOLDER_PREFIX))) {
    const folder = join(tmpdir(), name);
    try {
      const owner = JSON.parse(readFileSync(join(folder, OWNER_FILE), 'utf8')) as ProcessIdentity;
      if (!isRunning(owner)) await remove(folder);
    } catch {
      // Another run that is just being set up or removed.
    }
  }
}

/** Jest does not call the teardown when it is interrupted. */
function stopWhenInterrupted(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void endRun().finally(() => process.exit(1)));
  }
}

/** This run, set up on the first call. */
export async function currentRun(): Promise<TestRun> {
  if (globalThis.sessionTestRun) return globalThis.sessionTestRun;
  await sweep();
  const folder = mkdtempSync(join(tmpdir(), FOLDER_PREFIX));
  // Postgres may run as another user, who has to pass through.
  chmodSync(folder, 0o711);
  writeFileSync(join(folder, OWNER_FILE), JSON.stringify(identify(process.pid)));
  const record = new ProcessRecord(join(folder, 'processes.json'));
  process.env[VARIABLES.folder] = folder;
  stopWhenInterrupted();
  return (globalThis.sessionTestRun = { folder, record, parts: new Map() });
}

/** Stops everything that this run started. */
export async function endRun(): Promise<void> {
  const run = globalThis.sessionTestRun;
  globalThis.sessionTestRun = undefined;
  if (run) await remove(run.folder);
}
