import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '../db/client';

/**
 * Targets of one lane that are looked at side by side. Each look takes a place in the worker, and work of Temporal's and
 * Postgres's: a flood, or an account that answers slowly, has so much of them and no more.
 */
const AT_ONCE = 8;
/**
 * Milliseconds after which the next target has the place of one whose look has not come to its end: as long as Stripe is waited
 * for. What fails then is tried again later and later, so that an account that hangs has less and less under way.
 */
const PATIENCE_MS = 20_000;
/** Milliseconds between two questions which looks have ended; asked only while somebody waits for a place. */
const ASK_EVERY_MS = 10;

/** A target that was woken: its newest row says whether it was looked at since. */
interface Woken {
  rowId: bigint;
  at: number;
}

/** The targets of one lane of the inbox that were woken, and are not known to have been looked at since. */
export class LooksUnderWay {
  private readonly woken = new Map<string, Woken>();
  private asking: Promise<void> | null = null;

  /** @param stopped ends every wait, as the relay ends */
  constructor(
    private readonly db: Db,
    private readonly stopped: AbortSignal,
    private readonly most = { atOnce: AT_ONCE, patienceMs: PATIENCE_MS },
  ) {}

  /**
   * Takes a place for a target that is about to be woken for rows up to that one; waits until there is one.
   * @returns whether it has waited: what was known of the target may be different by now
   */
  async begin(target: string, rowId: bigint): Promise<boolean> {
    let hasWaited = false;
    while (!this.woken.has(target) && this.woken.size >= this.most.atOnce && !this.stopped.aborted) {
      await this.ask();
      hasWaited = true;
    }
    this.woken.set(target, { rowId, at: performance.now() });
    return hasWaited;
  }

  /** Whether nothing is lost by forgetting all of it. */
  isOver(): boolean {
    const ended = performance.now() - this.most.patienceMs;
    return [...this.woken.values()].every(({ at }) => at < ended);
  }

  /** It could not be woken. */
  forget(target: string): void {
    this.woken.delete(target);
  }

  /** One question for all who wait. */
  private ask(): Promise<void> {
    return (this.asking ??= this.freePlaces().finally(() => {
      this.asking = null;
    }));
  }

  private async freePlaces(): Promise<void> {
    await delay(ASK_EVERY_MS);
    const asked = [...this.woken];
    const open = await this.db.inbox.findMany({
      where: { id: { in: asked.map(([, { rowId }]) => rowId) }, status: 'waiting' },
      select: { id: true },
    });
    const waiting = new Set(open.map(({ id }) => id));
    for (const [target, one] of asked) {
      const isOver = !waiting.has(one.rowId) || performance.now() - one.at > this.most.patienceMs;
      // It may have been woken anew meanwhile, for a later row.
      if (isOver && this.woken.get(target) === one) this.woken.delete(target);
    }
  }
}
