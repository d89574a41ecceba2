import { setTimeout as delay } from 'node:timers/promises';
import { describeExit, type Child } from './process/child-process';
import type { ProcessRecord } from './process/record';
import type { StopOptions } from './process/stop';

/** One part of the stack that is a process of its own. */
export interface Part {
  /** For sentences, such as 'The API'. */
  name: string;
  /** For the record of processes and for `.data/local.json`. */
  key: string;
  /** Starts it and waits until it can be used; tells the process as soon as there is one. */
  start(onSpawn: (child: Child) => void): Promise<unknown>;
  stop?: StopOptions;
}

/** Before the first, second, … attempt to start again; the last one for all that follow. */
const BACK_OFF_MS = [0, 500, 1_000, 2_000, 5_000, 10_000];
/** Who ran for so long has recovered: the next end counts as a first one. */
const STABLE_MS = 30_000;

/**
 * Starts parts, starts them again when they end by themselves, and stops them, the last one first. A part that ends
 * before it was ever ready is the caller's affair.
 */
export class Supervisor {
  private readonly children = new Map<string, { part: Part; child: Child }>();
  private readonly starting = new Set<Promise<unknown>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly record: ProcessRecord,
    private readonly say: (line: string) => void,
    private readonly onPidChange: () => void,
  ) {}

  /** Aborted as soon as everything is being stopped. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /** The process number by key; a part that is down at the moment keeps its last one. */
  pid(key: string): number | null {
    return this.children.get(key)?.child.identity.pid ?? null;
  }

  /** Starts the part; from then on it is watched. */
  async run(part: Part): Promise<void> {
    const child = await this.start(part);
    void this.watch(part, child);
  }

  /** Ends every part. Nothing is started again after this. */
  async stopAll(): Promise<void> {
    this.stopping.abort();
    for (const { part, child } of [...this.children.values()].reverse()) await child.stop(part.stop);
    // What was just being started has been told as well, by the callback below.
    await Promise.allSettled(this.starting);
  }

  private async start(part: Part): Promise<Child> {
    let child: Child | undefined;
    const started = part.start((spawned) => {
      child = spawned;
      this.record.put(part.key, spawned.identity);
      this.children.set(part.key, { part, child: spawned });
      if (this.stopping.signal.aborted) void spawned.stop(part.stop);
      else this.onPidChange();
    });
    this.starting.add(started);
    try {
      await started;
    } finally {
      this.starting.delete(started);
    }
    if (!child) throw new Error(`${part.name} started without telling its process`);
    return child;
  }

  private async watch(part: Part, first: Child): Promise<void> {
    let child = first;
    let attempt = 0;
    for (;;) {
      const since = performance.now();
      const exit = await child.exited;
      if (this.stopping.signal.aborted) return;
      if (performance.now() - since > STABLE_MS) attempt = 0;
      this.say(`${part.name} ended with ${describeExit(exit)}; starting it again. Log: ${child.logFile}`);
      const restarted = await this.startAgain(part, attempt);
      if (!restarted) return;
      ({ child, attempt } = restarted);
      this.say(`${part.name} is back (process ${child.identity.pid}).`);
    }
  }

  /** Tries until it is up; `undefined` once everything is being stopped. */
  private async startAgain(part: Part, from: number): Promise<{ child: Child; attempt: number } | undefined> {
    for (let attempt = from; ; attempt += 1) {
      const pause = BACK_OFF_MS[Math.min(attempt, BACK_OFF_MS.length - 1)];
      await delay(pause, undefined, { signal: this.stopping.signal }).catch(() => {});
      if (this.stopping.signal.aborted) return undefined;
      try {
        return { child: await this.start(part), attempt: attempt + 1 };
      } catch (error) {
        if (this.stopping.signal.aborted) return undefined;
        this.say(`${part.name} did not come up again, trying once more: ${(error as Error).message}`);
      }
    }
  }
}
