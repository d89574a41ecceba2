import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is asked of a server. */
export type Work =
  | {
      kind: 'webhooks';
      path: string;
      secret: string;
      accountId: string;
      type: string;
      /** Part of every event's id: no two orders send the same event. */
      name: string;
    }
  | { kind: 'get'; paths: string[]; headers: Record<string, string> };

export interface Order {
  port: number;
  connections: number;
  /** It ends after so many requests, or after so many seconds. */
  count: number;
  seconds: number;
  work: Work;
}

/** Times are milliseconds. */
export interface LoadResult {
  answered: number;
  failed: number;
  perSecond: number;
  p50: number;
  p99: number;
}

/** The generator of load, a process of its own. */
export class Load {
  private constructor(private readonly child: ChildProcess) {}

  static start(): Load {
    return new Load(
      fork(join(__dirname, 'generator.mjs'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
    );
  }

  /** @throws Error when a request was refused: then the figures say nothing. */
  async run(order: Order): Promise<LoadResult> {
    this.child.send(order);
    const [answer] = (await once(this.child, 'message')) as [LoadResult | { error: string }];
    if ('error' in answer) throw new Error(answer.error);
    if (answer.failed > 0)
      throw new Error(`${answer.failed} of ${answer.answered} requests were not answered with 200`);
    return answer;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    await ended;
  }
}

/** Ticks of `/proc/…/stat` in a second: the same on every Linux. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICKS = 100;

/** Milliseconds of CPU that a process has used; null where the system does not tell. */
export function cpuOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
  } catch {
    return null;
  }
}

/** Megabytes of memory that a process has in use; null where the system does not tell. */
export function memoryOf(pid: number): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
  } catch {
    return null;
  }
}
