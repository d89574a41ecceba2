import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LocalError } from './local-error';
import { identifyStarted, type ProcessIdentity } from './identity';
import { DEFAULT_GRACE_MS, type StopOptions } from './stop';

export interface ChildSpec {
  /** How it is called in sentences, such as 'Postgres'. */
  name: string;
  command: string;
  args: string[];
  /** The whole environment of the child; ours if absent. */
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Files that it makes are readable by their owner only. */
  isPrivate?: boolean;
  /** User and group to run as, where we are root and the program refuses to be. */
  uid?: number;
  gid?: number;
  /** stdout and stderr are appended here. A file outlives us, so a child that does too never writes into nothing. */
  logFile: string;
  /** Told of the process as soon as there is one, well before it is ready. */
  onSpawn?: ((child: Child) => void) | undefined;
}

export interface ExitReason {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process that we started and answer for. */
export interface Child {
  name: string;
  logFile: string;
  identity: ProcessIdentity;
  /** Resolves when it has ended, whoever ended it. */
  exited: Promise<ExitReason>;
  /** Set once it has ended. */
  exitReason(): ExitReason | undefined;
  stop(options?: StopOptions): Promise<void>;
}

/**
 * Starts a process in a group of its own: a terminal sends Ctrl-C to the whole group of the launcher, and the launcher
 * wants to stop its children itself, in order.
 * @throws LocalError if the program cannot be run
 */
export async function startChild(spec: ChildSpec): Promise<Child> {
  mkdirSync(dirname(spec.logFile), { recursive: true });
  const log = openSync(spec.logFile, 'a');
  // A child inherits the mask; it is ours again before anything else can happen.
  const mask = spec.isPrivate === true ? process.umask(0o077) : null;
  const child = spawn(spec.command, spec.args, {
    detached: true,
    stdio: ['ignore', log, log],
    ...(spec.env ? { env: spec.env } : {}),
    ...(spec.cwd !== undefined ? { cwd: spec.cwd } : {}),
    ...(spec.uid !== undefined ? { uid: spec.uid } : {}),
    ...(spec.gid !== undefined ? { gid: spec.gid } : {}),
  });
  if (mask !== null) process.umask(mask);
  closeSync(log);

  let exitReason: ExitReason | undefined;
  const exited = new Promise<ExitReason>((resolve) => {
    child.once('exit', (code, signal) => {
      exitReason = { code, signal };
      resolve(exitReason);
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      reject(new LocalError(`${spec.name} could not be started with ${spec.command}: ${error.message}.`));
    });
  });
  const pid = child.pid as number;
  // A process that is over already is recorded all the same: what matters then is how it ended.
  const identity = (await identifyStarted(pid)) ?? { pid, startedAt: '', command: '' };
  const started: Child = {
    name: spec.name,
    logFile: spec.logFile,
    identity,
    exited,
    exitReason: () => exitReason,
    async stop({ signal = 'SIGTERM', graceMs = DEFAULT_GRACE_MS } = {}) {
      // Its number is nobody else's before we have heard of its end, so nothing has to be compared.
      child.kill(signal);
      const killing = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(killing);
    },
  };
  spec.onSpawn?.(started);
  return started;
}

const SHOWN_LINES = 15;

/** The end of a log, indented for the console. */
export function lastLines(logFile: string, count: number = SHOWN_LINES): string {
  try {
    const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-count);
    return lines.map((line) => `    ${line}`).join('\n');
  } catch {
    return '    (no log)';
  }
}

/** 'code 1' or 'signal SIGKILL'. */
export function describeExit({ code, signal }: ExitReason): string {
  return signal ? `signal ${signal}` : `code ${code}`;
}
