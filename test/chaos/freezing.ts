import { readdirSync, readFileSync } from 'node:fs';
import { identify, type ProcessIdentity } from '../../src/local/process/identity';

/** Stops a process, and what it has started: Postgres has one for each connection. Answers whom it has stopped. */
export function stopFamily(found: ProcessIdentity): ProcessIdentity[] {
  return [found, ...childrenOf(found.pid)].filter((one) => send(one, 'SIGSTOP'));
}

/**
 * To exactly this process, never to another that got its number. By the moment of its start alone: a process of Postgres shows
 * as its command what it is doing, and may have begun something else since it was found.
 */
export function send(to: ProcessIdentity, signal: NodeJS.Signals): boolean {
  try {
    return identify(to.pid)?.startedAt === to.startedAt && process.kill(to.pid, signal);
  } catch {
    return false;
  }
}

/** What a process has started itself, where the system tells. */
function childrenOf(pid: number): ProcessIdentity[] {
  try {
    const numbers = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return numbers.flatMap((number) => identify(number) ?? []);
  } catch {
    return [];
  }
}
