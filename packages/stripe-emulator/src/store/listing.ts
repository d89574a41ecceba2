/** Values in an order, each read when it is its turn: most lists are left after one page. */
export class Listing<T> implements Iterable<T> {
  constructor(
    /** All keys, of values that the filters leave out as well. */
    readonly keys: readonly string[],
    private readonly read: (key: string) => T | undefined,
    private readonly fits: (value: T) => boolean = () => true,
    /** The order that `keys` are a part of. */
    private readonly whole: () => readonly string[] = () => keys,
  ) {}

  /** A listing of values that are there already. */
  static of<T extends { id: string }>(values: readonly T[]): Listing<T> {
    const byId = new Map(values.map((value) => [value.id, value]));
    return new Listing([...byId.keys()], (id) => byId.get(id));
  }

  [Symbol.iterator](): Iterator<T> {
    return this.from(0);
  }

  /** The values from a place in `keys` on, or back from there. */
  *from(place: number, step: 1 | -1 = 1): Generator<T, void> {
    for (let index = place; index >= 0 && index < this.keys.length; index += step) {
      const value = this.read(this.keys[index]!);
      if (value !== undefined && this.fits(value)) yield value;
    }
  }

  /**
   * The place in `keys` of a key, or the one where it would be if it were not left out of them; undefined if it is not
   * even in the whole order.
   */
  placeOf(key: string): { before: number; behind: number } | undefined {
    const place = this.keys.indexOf(key);
    if (place >= 0) return { before: place - 1, behind: place + 1 };
    const whole = this.whole();
    const there = whole.indexOf(key);
    if (there < 0) return undefined;
    const later = new Set(whole.slice(there + 1));
    const first = this.keys.findIndex((other) => later.has(other));
    const behind = first < 0 ? this.keys.length : first;
    return { before: behind - 1, behind };
  }

  filter(fits: (value: T) => boolean): Listing<T> {
    return new Listing(this.keys, this.read, (value) => this.fits(value) && fits(value), this.whole);
  }

  /** The first values, at most this many. */
  first(count: number): T[] {
    const out: T[] = [];
    if (count > 0)
      for (const value of this) {
        out.push(value);
        if (out.length === count) break;
      }
    return out;
  }

  /**
   * Of a listing in falling order of a number: where `from` ≤ number ≤ `to`, found by bisection. To be asked for before
   * any filter.
   */
  between(numberOf: (value: T) => number, from: number, to: number): Listing<T> {
    const start = this.firstWhere((value) => numberOf(value) <= to);
    const end = this.firstWhere((value) => numberOf(value) < from);
    return new Listing(this.keys.slice(start, end), this.read, this.fits, this.whole);
  }

  /** The first place where something is true that stays true from there on. */
  private firstWhere(isTrue: (value: T) => boolean): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const value = this.read(this.keys[middle]!);
      if (value !== undefined && isTrue(value)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
