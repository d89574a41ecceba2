import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '../db/client';
import { MOST_PLACES } from './places';

/**
 * Milliseconds after which the next target has the place of one whose look has not come to its end: as long as Stripe is waited
 * for. What fails then is tried again later and later, so that an account that hangs has less and less under way.
 */
const PATIENCE_MS = 20_000;
/** Milliseconds after which a look is taken to wait for Stripe: it takes no work from anybody, and leaves a place that others need. */
const YOUNG_MS = 1000;
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

  /**
   * @param stopped ends every wait, as the relay ends
   * @param places how many there are at the moment for those that have just begun
   */
  constructor(
    private readonly db: Db,
    private readonly stopped: AbortSignal,
    private readonly places: () => number,
    private readonly most = { places: MOST_PLACES, youngMs: YOUNG_MS, patienceMs: PATIENCE_MS },
    private readonly now = () => performance.now(),
  ) {}

  /**
   * Takes a place for a target that is about to be woken for rows up to that one; waits until there is one.
   * @returns whether it has waited: what was known of the target may be different by now
   */
  async begin(target: string, rowId: bigint): Promise<boolean> {
    let hasWaited = false;
    while (!this.woken.has(target) && this.isFull() && !this.stopped.aborted) {
      await this.ask();
      hasWaited = true;
    }
    this.woken.set(target, { rowId, at: this.now() });
    return hasWaited;
  }

  /** Whether nothing is lost by forgetting all of it. */
  isOver(): boolean {
    const ended = this.now() - this.most.patienceMs;
    return [...this.woken.values()].every(({ at }) => at < ended);
  }

  /** It could not be woken. */
  forget(target: string): void {
    this.woken.delete(target);
  }

  private isFull(): boolean {
    if (this.woken.size >= this.most.places) return true;
    const youngest = this.now() - this.most.youngMs;
    return [...this.woken.values()].filter(({ at }) => at > youngest).length >= this.places();
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
      const isOver = !waiting.has(one.rowId) || this.now() - one.at > this.most.patienceMs;
      // It may have been woken anew meanwhile, for a later row.
      if (isOver && this.woken.get(target) === one) this.woken.delete(target);
    }
  }
}
