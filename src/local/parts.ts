import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { DATABASE_NAME, type StackFacts } from './product-environment';
import type { DemoCoach } from './secrets';
import type { Part } from './supervisor';
import { ensureRoles } from './postgres/roles';
import { ensureDatabase, startPostgres, STOP_POSTGRES } from './postgres/server';
import { PROJECT_ROOT } from './process/project';
import { startUntilReady } from './process/ready-child';
import { findTemporalCli } from './temporal/cli';
import { startTemporalServer } from './temporal/server';

const LOOPBACK = '127.0.0.1';
const MAX_CONNECTIONS = 200;

export type Say = (line: string) => void;

/** What every part is made from. */
export interface Stack extends StackFacts {
  say: Say;
}

/** Our own Postgres with an empty database in it, and a role for each who uses it. */
export function postgresPart({ settings, folder, secrets }: Stack): Part {
  return {
    name: 'Postgres',
    key: 'postgres',
    stop: STOP_POSTGRES,
    start: async (onSpawn) => {
      const server = await startPostgres({
        dataFolder: folder.postgres,
        port: settings.ports.postgres.number,
        password: secrets.postgresPassword,
        logFile: folder.log('postgres'),
        settings: [`max_connections=${MAX_CONNECTIONS}`],
        onSpawn,
      });
      await ensureDatabase(server, DATABASE_NAME);
      await ensureRoles(server, DATABASE_NAME, secrets.postgresPassword);
    },
  };
}

/** Our own Temporal development server with its Web UI. */
export function temporalPart({ settings, folder, say }: Stack, signal: AbortSignal): Part {
  return {
    name: 'Temporal',
    key: 'temporal',
    start: async (onSpawn) =>
      startTemporalServer({
        cli: await findTemporalCli((line) => say(`Temporal: ${line}`), signal),
        port: settings.ports.temporal.number,
        uiPort: settings.ports.temporalUi.number,
        databaseFile: folder.temporalDatabase,
        logFile: folder.log('temporal'),
        onSpawn,
      }),
  };
}

async function answersWith200(url: string): Promise<boolean> {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.ok;
}

interface NodePart {
  name: string;
  key: string;
  /** The program, from the folder of the clone. */
  program: string;
  log: string;
  env: NodeJS.ProcessEnv;
  isReady: (pid: number) => Promise<boolean>;
}

function nodePart({ name, key, program, log, env, isReady }: NodePart): Part {
  return {
    name,
    key,
    start: (onSpawn) =>
      startUntilReady(
        {
          name,
          command: process.execPath,
          args: ['--enable-source-maps', join(PROJECT_ROOT, program)],
          cwd: PROJECT_ROOT,
          env,
          logFile: log,
          onSpawn,
        },
        (child) => isReady(child.identity.pid),
      ),
  };
}

/** The local Stripe. */
export function stripeEmulatorPart({ settings, folder, addresses }: Stack, env: NodeJS.ProcessEnv): Part {
  const { number } = settings.ports.stripeEmulator;
  return nodePart({
    name: 'The Stripe emulator',
    key: 'stripeEmulator',
    program: join('packages', 'stripe-emulator', 'dist', 'cli.js'),
    log: folder.log('stripe-emulator'),
    env: {
      ...env,
      STRIPE_EMULATOR_PORT: String(number),
      STRIPE_EMULATOR_DATA_DIR: folder.stripeEmulator,
      STRIPE_EMULATOR_PUBLIC_URL: addresses.stripeEmulator ?? '',
    },
    isReady: () => answersWith200(`http://${LOOPBACK}:${number}/_emulator/health`),
  });
}

/** Takes the mails, and shows them. */
export function mailCatcherPart({ settings, folder }: Stack, env: NodeJS.ProcessEnv): Part {
  const { mails, smtp } = settings.ports;
  return nodePart({
    name: 'The mail catcher',
    key: 'mailCatcher',
    program: join('dist', 'local', 'mail-catcher', 'main.js'),
    log: folder.log('mail-catcher'),
    env: { ...env, MAIL_PORT: String(mails.number), MAIL_SMTP_PORT: String(smtp.number) },
    isReady: () => answersWith200(`http://${LOOPBACK}:${mails.number}/messages.json`),
  });
}

export function apiPart({ settings, folder }: Stack, env: NodeJS.ProcessEnv): Part {
  return nodePart({
    name: 'The API',
    key: 'api',
    program: join('dist', 'api', 'main.js'),
    log: folder.log('api'),
    env,
    isReady: () => answersWith200(`http://${LOOPBACK}:${settings.ports.api.number}/readyz`),
  });
}

/** Whether Temporal has seen a poll of exactly this worker: the SDK names a worker after its process. */
async function polls(address: string, taskQueue: string, pid: number): Promise<boolean> {
  const connection = await Connection.connect({ address });
  try {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace: 'default',
      taskQueue: { name: taskQueue },
      taskQueueType: 1,
    });
    return pollers?.some(({ identity }) => identity?.startsWith(`${pid}@`)) ?? false;
  } finally {
    await connection.close();
  }
}

export function workerPart({ settings, folder, addresses }: Stack, env: NodeJS.ProcessEnv): Part {
  const taskQueue = env['TEMPORAL_TASK_QUEUE'] ?? 'session-payments';
  return nodePart({
    name: 'The worker',
    key: 'worker',
    program: join('dist', 'worker', 'main.js'),
    log: folder.log('worker'),
    env,
    // A server of the user's may ask for credentials that only the product knows how to use.
    isReady: async (pid) =>
      settings.temporalAddress !== null || polls(addresses.temporalAddress, taskQueue, pid),
  });
}

export const DEMO_SITE_PROGRAM = join('dist', 'demo-site', 'main.js');

/** The web site of the demo coach; it speaks to the API as any coach's site does. */
export function demoSitePart({ settings, folder }: Stack, env: NodeJS.ProcessEnv, demo: DemoCoach): Part {
  const { number } = settings.ports.demoSite;
  return nodePart({
    name: 'The demo site',
    key: 'demoSite',
    program: DEMO_SITE_PROGRAM,
    log: folder.log('demo-site'),
    env: {
      ...env,
      DEMO_SITE_PORT: String(number),
      DEMO_SITE_URL: `http://localhost:${number}`,
      DEMO_COACH_ID: demo.coachId,
      DEMO_SECRET_KEY: demo.secretKey,
      DEMO_LIVE_SECRET_KEY: demo.liveSecretKey,
      DEMO_SIGNING_ID: demo.signing.test.id,
      DEMO_SIGNING_SECRET: demo.signing.test.secret,
      DEMO_LIVE_SIGNING_ID: demo.signing.live.id,
      DEMO_LIVE_SIGNING_SECRET: demo.signing.live.secret,
      API_URL: settings.publicUrl,
      CONSOLE_URL: `${settings.publicUrl}/console`,
      LOCAL_JSON: folder.localJson,
    },
    isReady: () => answersWith200(`http://${LOOPBACK}:${number}/`),
  });
}
