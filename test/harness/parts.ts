import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { freePort } from '../../src/local/process/ports';
import { ensureDatabase, startPostgres } from '../../src/local/postgres/server';
import { migrate } from '../../src/local/postgres/migrate';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { findTemporalCli } from '../../src/local/temporal/cli';
import { startTemporalServer } from '../../src/local/temporal/server';
import { findTimeSkippingServer } from '../../src/local/temporal/time-skipping-server';
import { currentRun, endRun, TIME_SKIPPING_PIDS, type TestRun } from './run';
import { TEMPLATE_DATABASE, VARIABLES } from './variables';

const progress = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function startTestPostgres({ folder, record }: TestRun): Promise<void> {
  const server = await startPostgres({
    dataFolder: join(folder, 'postgres'),
    port: await freePort(),
    password: 'test',
    logFile: join(folder, 'postgres.log'),
    // Nothing has to survive a crash of the machine, and no database lives long enough to be vacuumed.
    settings: [
      ...['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'],
      ...['autovacuum=off', 'jit=off', 'max_connections=300'],
    ],
  });
  record.put('postgres', server.child.identity);
  await ensureDatabase(server, TEMPLATE_DATABASE);
  await migrate(server.url(TEMPLATE_DATABASE));
  process.env[VARIABLES.postgres] = server.url('postgres');
}

async function startDevServer({ folder, record }: TestRun): Promise<void> {
  const server = await startTemporalServer({
    cli: await findTemporalCli(progress),
    port: await freePort(),
    // In memory it would lose everything with the connection of a query that took too long (SQLITE_INTERRUPT).
    databaseFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    // Nothing has to survive a crash of the machine.
    sqlitePragmas: ['synchronous=off', 'journal_mode=memory'],
  });
  record.put('temporal', server.child.identity);
  process.env[VARIABLES.temporal] = server.address;
}

/** The SDK starts a server per environment; the wrapper writes down which, in case a test does not stop its own. */
async function provideTimeSkippingServer({ folder }: TestRun): Promise<void> {
  const server = await findTimeSkippingServer(progress);
  const wrapper = join(folder, 'time-skipping-server');
  const script = `#!/bin/sh\necho $$ >> '${join(folder, TIME_SKIPPING_PIDS)}'\nexec '${server}' "$@"\n`;
  writeFileSync(wrapper, script, { mode: 0o755 });
  process.env[VARIABLES.timeSkippingServer] = wrapper;
}

/**
 * Workflows that do not bundle fail the tests that ask for the bundle, and no others: the reason waits for them in a
 * file beside it.
 */
async function buildWorkflowBundle({ folder }: TestRun): Promise<void> {
  const file = join(folder, 'workflow-bundle.js');
  process.env[VARIABLES.workflowBundle] = file;
  const problems: string[] = [];
  const note = (message: string): unknown => problems.push(message);
  const logger = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error: note };
  try {
    const at = (source: string) => join(PROJECT_ROOT, 'src', 'workflows', source);
    const { code } = await bundleWorkflowCode({
      workflowsPath: at('index.ts'),
      workflowInterceptorModules: [at('trace-context.ts'), at('summaries.ts')],
      logger,
    });
    writeFileSync(file, code);
  } catch (error) {
    writeFileSync(`${file}.error`, [...problems, String(error)].join('\n'));
  }
}

const PARTS = {
  postgres: startTestPostgres,
  temporal: startDevServer,
  timeSkipping: provideTimeSkippingServer,
  workflowBundle: buildWorkflowBundle,
};

export type Part = keyof typeof PARTS;

/**
 * Starts what is not up yet, side by side. Test files find it through the environment that they inherit. When one part
 * fails, the others are stopped again: Jest does not call the teardown after a setup that failed.
 */
export async function startParts(...names: Part[]): Promise<void> {
  const run = await currentRun();
  const starting = names.map((name) => {
    const started = run.parts.get(name) ?? PARTS[name](run);
    run.parts.set(name, started);
    return started;
  });
  const failed = (await Promise.allSettled(starting)).find((result) => result.status === 'rejected');
  if (!failed) return;
  await endRun();
  throw failed.reason;
}
