import { isRunning, type ProcessIdentity } from './identity';
import { waitFor } from './wait';

export interface StopOptions {
  /** The polite request; Postgres understands SIGINT as 'now, but cleanly'. */
  signal?: NodeJS.Signals;
  /** After so many milliseconds it is killed. */
  graceMs?: number;
}

export const DEFAULT_GRACE_MS = 10_000;
const KILL_DEADLINE_MS = 5_000;

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}

/** Ends exactly this process, politely first; does nothing if it has ended or its number now belongs to another. */
export async function stopProcess(
  identity: ProcessIdentity,
  { signal = 'SIGTERM', graceMs = DEFAULT_GRACE_MS }: StopOptions = {},
): Promise<void> {
  const ended = (): boolean => !isRunning(identity);
  if (ended()) return;
  send(identity.pid, signal);
  try {
    await waitFor(`end of process ${identity.pid}`, ended, { deadlineMs: graceMs });
  } catch {
    if (ended()) return;
    send(identity.pid, 'SIGKILL');
    await waitFor(`end of killed process ${identity.pid}`, ended, { deadlineMs: KILL_DEADLINE_MS });
  }
}
