import type { Db } from '../db/client';
import { type InboxRow, isAwaited } from './inbox';
import { watchLoad } from './load';
import { LooksUnderWay } from './looks';
import { ALONE, placesAt } from './places';

/** Milliseconds after the last events of another lane for which more of them are reckoned with. */
const COMPANY_MS = 1000;

/** The lanes of one relay, and how many looks each may have under way. */
export class Lanes {
  private readonly looks = new Map<string, LooksUnderWay>();
  /** When events of each were last begun with. */
  private readonly begun = new Map<string, number>();

  /** @param stopped ends every wait for a place, as the relay ends */
  constructor(
    private readonly db: Db,
    private readonly stopped: AbortSignal,
    private readonly gauges = { load: watchLoad(), now: () => performance.now() },
  ) {}

  /** Rows of a lane are begun with. Answers its looks; null: somebody waits for these events, and nothing holds them back. */
  begin(lane: string, rows: readonly InboxRow[]): LooksUnderWay | null {
    this.begun.set(lane, this.gauges.now());
    if (rows.every(isAwaited)) return null;
    const found = this.looks.get(lane) ?? this.looksOf(lane);
    this.looks.set(lane, found);
    return found;
  }

  forgetIdle(isUnderWay: (lane: string) => boolean): void {
    for (const [lane, looks] of this.looks) if (!isUnderWay(lane) && looks.isOver()) this.looks.delete(lane);
    for (const [lane, at] of this.begun) if (!this.isRecent(at)) this.begun.delete(lane);
  }

  private looksOf(lane: string): LooksUnderWay {
    return new LooksUnderWay(this.db, this.stopped, this.placesOf(lane), undefined, this.gauges.now);
  }

  private placesOf(lane: string): () => number {
    let now = ALONE;
    return () => {
      const hasCompany = [...this.begun].some(([other, at]) => other !== lane && this.isRecent(at));
      now = placesAt(now, { at: this.gauges.now(), load: this.gauges.load(), hasCompany });
      return now.places;
    };
  }

  private isRecent(at: number): boolean {
    return this.gauges.now() - at < COMPANY_MS;
  }
}
