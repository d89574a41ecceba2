import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { waitFor } from './wait';

/**
 * What tells one process from another that got the same number later: the number, the moment of its start, and its
 * command line. Written to disk, so that a later run can recognise what an earlier one left behind.
 */
export interface ProcessIdentity {
  pid: number;
  /** Opaque; equal for the same process only. */
  startedAt: string;
  command: string;
}

/** In /proc/PID/stat, counted from the field after the command's closing parenthesis. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const STAT_STATE = 0;
const STAT_THREADS = 17;
const STAT_START_TIME = 19;
/** `ps -o lstart` always has this many characters. */
const LSTART_LENGTH = 24;

function identifyOnLinux(pid: number): ProcessIdentity | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie has ended; only its parent has not asked for the exit code yet. While one of its threads is not over, its ports are still held.
  if (fields[STAT_STATE] === 'Z' && Number(fields[STAT_THREADS]) <= 1) return undefined;
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
  return { pid, startedAt: fields[STAT_START_TIME] ?? '', command };
}

function identifyWithPs(pid: number): ProcessIdentity {
  const line = execFileSync('ps', ['-o', 'lstart=', '-o', 'command=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  }).trim();
  return { pid, startedAt: line.slice(0, LSTART_LENGTH), command: line.slice(LSTART_LENGTH).trim() };
}

/** The identity of a running process; `undefined` if there is none with this number. */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    return existsSync('/proc/self/stat') ? identifyOnLinux(pid) : identifyWithPs(pid);
  } catch {
    return undefined;
  }
}

/** Milliseconds in which a process that was just started shows its command line. */
const SHOWS_ITSELF_MS = 5_000;

/**
 * The identity of a process that was started this moment. Between its start and its first instruction Linux shows no
 * command line yet, and an identity without one would never be met again.
 */
export async function identifyStarted(pid: number): Promise<ProcessIdentity | undefined> {
  let found: ProcessIdentity | undefined;
  await waitFor(
    `the command line of process ${pid}`,
    () => {
      found = identify(pid);
      return found === undefined || found.command !== '';
    },
    { deadlineMs: SHOWS_ITSELF_MS, everyMs: 5, growingToMs: 50 },
  ).catch(() => undefined);
  return found;
}

/**
 * Whether what has the number now is the process that had it. One that is about to end shows no command line any more, but
 * holds its ports until it has: Linux lets go of the memory first.
 */
export function isSame(then: ProcessIdentity, now: ProcessIdentity | undefined): boolean {
  return now?.startedAt === then.startedAt && [then.command, ''].includes(now.command);
}

/** Whether exactly this process still runs, rather than another with the same number. */
export function isRunning(identity: ProcessIdentity): boolean {
  return isSame(identity, identify(identity.pid));
}
