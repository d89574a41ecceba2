import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalJson } from '../../src/local/local-json';
import { freePorts } from '../../src/local/process/ports';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { waitFor } from '../../src/local/process/wait';
import { findTemporalCli } from '../../src/local/temporal/cli';
import { STACK_PREFIX } from './run';
import { provided } from './variables';

/** Where a stack lives: the same place started again finds its data. */
export interface StackPlace {
  dataFolder: string;
  /** The variables that make this copy different from every other one. */
  env: Record<string, string>;
}

/** A whole system of real processes, as `npm start` runs it. */
export interface LocalStack {
  place: StackPlace;
  launcher: ChildProcess;
  /** What the launcher has printed so far. */
  output(): string;
  /** `.data/local.json` as it is now. */
  info(): LocalJson;
  /** Ends it as Ctrl-C or a service manager would; the launcher's exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface Ended {
  code: number | null;
  output: string;
}

const PORT_VARIABLES = [
  'API_PORT',
  'DEMO_SITE_PORT',
  'STRIPE_EMULATOR_PORT',
  'MAIL_PORT',
  'MAIL_SMTP_PORT',
  'POSTGRES_PORT',
  'TEMPORAL_PORT',
  'TEMPORAL_UI_PORT',
];
/** What could be set on a developer's machine and would replace an embedded part; a recording of the tests is none. */
const REPLACES_A_PART =
  /^(STRIPE_(?!EMULATOR_RECORD$)|TEMPORAL_|DATABASE_URL$|SMTP_URL|MAIL_FROM$|PUBLIC_URL$|API_|PLATFORM_KEY$|ENCRYPTION_KEY$)/;
const READY_DEADLINE_MS = 120_000;

/** A data folder and ports that nobody else uses, with further variables of the caller's. */
export async function newStackPlace(more: Record<string, string> = {}): Promise<StackPlace> {
  const dataFolder = mkdtempSync(join(provided('folder'), STACK_PREFIX));
  const ports = await freePorts(PORT_VARIABLES.length);
  const env = Object.fromEntries(PORT_VARIABLES.map((variable, index) => [variable, String(ports[index])]));
  return { dataFolder, env: { ...env, SESSION_DATA_DIR: dataFolder, ...more } };
}

function launch({ env }: StackPlace): {
  launcher: ChildProcess;
  output: () => string;
  ended: Promise<Ended>;
} {
  const inherited = Object.entries(process.env).filter(([name]) => !REPLACES_A_PART.test(name));
  const launcher = spawn(process.execPath, [join(PROJECT_ROOT, 'dist', 'local', 'main.js')], {
    // As under npm: should Jest be killed, the launcher ends what it started.
    env: { ...Object.fromEntries(inherited), npm_lifecycle_event: 'start', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const note = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  launcher.stdout?.on('data', note);
  launcher.stderr?.on('data', note);
  const ended = new Promise<Ended>((resolve) => {
    launcher.once('close', (code) => resolve({ code, output }));
  });
  return { launcher, output: () => output, ended };
}

/** Runs the launcher where it cannot come up, until it ends by itself. */
export async function startExpectingEnd(place: StackPlace): Promise<Ended> {
  return launch(place).ended;
}

/** Starts a whole stack and waits until it is ready. Needs what `npm run build` makes; `npm test` sees to that. */
export async function startLocalStack(place?: StackPlace): Promise<LocalStack> {
  const where = place ?? (await newStackPlace());
  // On a new machine that takes minutes, once: it is not the stack that is slow then.
  await findTemporalCli(() => undefined);
  const { launcher, output, ended } = launch(where);
  const localJson = join(where.dataFolder, 'local.json');
  const isUp = (): boolean => output().includes('\nReady.') && existsSync(localJson);
  try {
    await waitFor('the whole stack', () => launcher.exitCode !== null || isUp(), {
      deadlineMs: READY_DEADLINE_MS,
    });
  } catch (error) {
    // Left alone it would keep the caller's process from ending.
    launcher.kill('SIGTERM');
    throw new Error(`The stack did not start in time:\n${(await ended).output}`, { cause: error });
  }
  if (!isUp()) throw new Error(`The stack did not start:\n${(await ended).output}`);
  return {
    place: where,
    launcher,
    output,
    info: () => JSON.parse(readFileSync(localJson, 'utf8')) as LocalJson,
    stop: async (signal = 'SIGTERM') => {
      launcher.kill(signal);
      return (await ended).code;
    },
  };
}
