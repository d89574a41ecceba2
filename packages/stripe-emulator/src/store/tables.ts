import { Packer } from './packer';

/** Immutable JSON values by key, in the order in which the keys were first put. */
export interface Table<T = unknown> {
  readonly size: number;
  has(key: string): boolean;
  get(key: string): T | undefined;
  keys(): Iterable<string>;
  values(): Iterable<T>;
  [Symbol.iterator](): Iterator<[string, T]>;
}

export interface WritableTable extends Table {
  set(key: string, value: unknown): unknown;
  delete(key: string): unknown;
}

/** How many values a table has at hand, once to twice over, before it packs others. */
export const AT_HAND = 200;
/** Stands for a value that is at hand only. */
const NOT_PACKED = '';

/**
 * A table that packs what nobody has touched for a while, so that tens of thousands of large objects need little memory.
 * Values at hand are in two generations: when the young one is full it becomes the old one, and what the old one still
 * has by then is packed, two values at each touch so that nobody waits for many. What is only read stays packed as well.
 */
export class PackedTable implements WritableTable {
  /** All keys, in their order. */
  private readonly packed = new Map<string, string>();
  private young = new Map<string, unknown>();
  private old = new Map<string, unknown>();
  private packer: Packer | undefined;

  constructor(private readonly atHand = AT_HAND) {}

  get size(): number {
    return this.packed.size;
  }

  has(key: string): boolean {
    return this.packed.has(key);
  }

  get(key: string): unknown {
    const young = this.young.get(key);
    if (young !== undefined) return young;
    const value = this.peek(key);
    if (value !== undefined) this.touch(key, value);
    return value;
  }

  set(key: string, value: unknown): void {
    this.packed.set(key, NOT_PACKED);
    this.touch(key, value);
  }

  delete(key: string): void {
    this.packed.delete(key);
    this.young.delete(key);
    this.old.delete(key);
  }

  keys(): Iterable<string> {
    return this.packed.keys();
  }

  *values(): Iterable<unknown> {
    for (const [, value] of this) yield value;
  }

  /** Passing over all values does not make them recent. */
  *[Symbol.iterator](): Iterator<[string, unknown]> {
    for (const key of this.packed.keys()) yield [key, this.peek(key)];
  }

  /** The value, without making it recent. */
  peek(key: string): unknown {
    const atHand = this.young.get(key) ?? this.old.get(key);
    if (atHand !== undefined) return atHand;
    const packed = this.packed.get(key);
    return packed === undefined ? undefined : this.packer?.unpack(packed);
  }

  private touch(key: string, value: unknown): void {
    this.old.delete(key);
    this.young.set(key, value);
    this.pack(2);
    if (this.young.size < this.atHand) return;
    this.pack(this.old.size);
    this.old = this.young;
    this.young = new Map();
  }

  /** Packs this many values of the old generation. */
  private pack(count: number): void {
    if (this.old.size === 0) return;
    this.packer ??= new Packer(this.old.values());
    let left = count;
    for (const [key, value] of this.old) {
      if (left === 0) return;
      left -= 1;
      if (this.packed.get(key) === NOT_PACKED) this.packed.set(key, this.packer.pack(value));
      this.old.delete(key);
    }
  }
}
