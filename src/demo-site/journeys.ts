import type { Mode } from '@session/sdk';

/** A move of an account's time that is under way. Times in milliseconds. */
export interface Journey {
  from: number;
  to: number;
  days: number;
}

/** What became of the last one, told once. */
export type Arrival = { days: number; failed: boolean };

/** One move of time in each mode at a time, which nobody has to wait for before a page. */
export class Journeys {
  private readonly underWay = new Map<Mode, Journey>();
  private readonly arrived = new Map<Mode, Arrival>();

  /** @returns the one that is under way; null: none is */
  of(mode: Mode): Journey | null {
    return this.underWay.get(mode) ?? null;
  }

  /** What became of the last one, to whoever asks first; null: nothing that was not told. */
  takeArrival(mode: Mode): Arrival | null {
    const arrival = this.arrived.get(mode) ?? null;
    this.arrived.delete(mode);
    return arrival;
  }

  /** Begins one, unless one is under way. Resolves when it has ended, well or not. */
  async begin(mode: Mode, journey: Journey, travel: () => Promise<void>): Promise<void> {
    if (this.underWay.has(mode)) return;
    this.underWay.set(mode, journey);
    let failed = true;
    try {
      await travel();
      failed = false;
    } catch {
      // Told as what it is by whoever takes the arrival.
    } finally {
      this.underWay.delete(mode);
      this.arrived.set(mode, { days: journey.days, failed });
    }
  }
}

/** How far it has come, in whole percent. @param now the account's time, milliseconds */
export function progressOf({ from, to }: Journey, now: number): number {
  const share = to === from ? 1 : (now - from) / (to - from);
  return Math.round(100 * Math.min(1, Math.max(0, share)));
}
