/** When each delivery is tried: as soon as there is room, or at its time. */
export class Timetable {
  private readonly ready: string[] = [];
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private stopped = false;

  /** @param isFull whether as many are under way as may be */
  constructor(
    private readonly attempt: (id: string) => Promise<void>,
    private readonly isFull: () => boolean,
  ) {}

  /** @param at system time in milliseconds; null: never */
  enqueue(id: string, at: number | null): void {
    if (this.stopped || at === null) return;
    const wait = at - Date.now();
    if (wait <= 0) {
      this.ready.push(id);
      setImmediate(() => this.pump());
      return;
    }
    const timer = setTimeout(
      () => {
        this.timers.delete(id);
        this.ready.push(id);
        this.pump();
      },
      Math.min(wait, 2 ** 31 - 1),
    );
    timer.unref();
    this.timers.set(id, timer);
  }

  /** Takes a delivery that waits for its time out; false: it does not wait. */
  take(id: string): boolean {
    const timer = this.timers.get(id);
    if (!timer) return false;
    clearTimeout(timer);
    return this.timers.delete(id);
  }

  /** Nothing is tried any more. */
  stop(): void {
    this.stopped = true;
    this.clearTimers();
  }

  /** Forgets all of it (for a reset). */
  forget(): void {
    this.clearTimers();
    this.ready.length = 0;
  }

  private clearTimers(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  private pump(): void {
    while (!this.stopped && !this.isFull() && this.ready.length > 0) {
      const id = this.ready.shift()!;
      void this.attempt(id).then(() => this.pump());
    }
  }
}
