import { indexesOfTable } from './indexes';
import { Journal, type Change } from './journal';

/**
 * Tables of immutable JSON values in memory, with transactions and an optional journal. Everything is synchronous: a
 * transaction never interleaves with another.
 */
export class Database {
  private readonly tables = new Map<string, Map<string, unknown>>();
  private readonly indexed = new Map<string, TableIndex[]>();
  private readonly journal: Journal | undefined;
  private undo: (() => void)[] | undefined;
  private dirty = new Map<string, [table: string, key: string]>();
  private afterCommit: (() => void)[] = [];

  constructor(folder?: string) {
    if (folder === undefined) return;
    this.journal = new Journal(folder);
    this.journal.replay((changes) => {
      for (const [table, key, value] of changes) this.write(table, key, value);
    });
    this.journal.compact(this.everything());
  }

  /**
   * Runs the function; what it wrote is journalled as one line when it returns, and undone when it throws, unless
   * `keep` says that this error leaves its effects behind.
   */
  transaction<T>(work: () => T, keep: (error: unknown) => boolean = () => false): T {
    if (this.undo) return work();
    this.undo = [];
    try {
      const result = work();
      this.commit();
      return result;
    } catch (error) {
      if (keep(error)) this.commit();
      else this.rollback();
      throw error;
    }
  }

  /** Inside a transaction: undoes what the function wrote if it throws (unless `keep`), without ending the transaction. */
  attempt<T>(work: () => T, keep: (error: unknown) => boolean): T {
    const { undo } = this;
    if (!undo) return this.transaction(work, keep);
    const mark = undo.length;
    const tasks = this.afterCommit.length;
    try {
      return work();
    } catch (error) {
      if (!keep(error)) {
        while (undo.length > mark) undo.pop()?.();
        this.afterCommit.length = tasks;
      }
      throw error;
    }
  }

  /** Runs the function after the present transaction is committed (at once if there is none). */
  whenCommitted(task: () => void): void {
    if (this.undo) this.afterCommit.push(task);
    else task();
  }

  table<T>(name: string): ReadonlyMap<string, T> {
    return this.map(name) as ReadonlyMap<string, T>;
  }

  /** The values of a table that an index files under a text, oldest first. */
  by<T>(table: string, index: string, text: string): T[] {
    const keys =
      this.indexesOf(table)
        .find(({ name }) => name === index)
        ?.keys(text) ?? [];
    return [...keys].map((key) => this.map(table).get(key) as T);
  }

  tableNames(): string[] {
    return [...this.tables.keys()];
  }

  get<T>(table: string, key: string): T | undefined {
    return this.tables.get(table)?.get(key) as T | undefined;
  }

  /** Stores a value. The caller may not change it afterwards. */
  put(table: string, key: string, value: unknown): void {
    this.change(table, key, value);
  }

  delete(table: string, key: string): void {
    if (this.tables.get(table)?.has(key)) this.change(table, key, undefined);
  }

  /** Forgets everything, on disk too. */
  clear(): void {
    this.tables.clear();
    this.indexed.clear();
    this.journal?.compact([]);
  }

  close(): void {
    this.journal?.close();
  }

  private change(table: string, key: string, value: unknown): void {
    const before = this.map(table).get(key);
    this.undo?.push(() => this.write(table, key, before));
    this.write(table, key, value);
    if (this.undo) this.dirty.set(`${table}\n${key}`, [table, key]);
    else this.journal?.append([value === undefined ? [table, key] : [table, key, value]]);
  }

  private commit(): void {
    if (this.dirty.size > 0 && this.journal) {
      const changes: Change[] = [];
      for (const [table, key] of this.dirty.values()) {
        const value = this.get(table, key);
        changes.push(value === undefined ? [table, key] : [table, key, value]);
      }
      this.journal.append(changes);
      if (this.journal.isLong) this.journal.compact(this.everything());
    }
    const tasks = this.afterCommit;
    this.finish();
    for (const task of tasks) task();
  }

  private rollback(): void {
    for (const step of (this.undo ?? []).reverse()) step();
    this.finish();
  }

  private finish(): void {
    this.undo = undefined;
    this.dirty = new Map();
    this.afterCommit = [];
  }

  private write(table: string, key: string, value: unknown): void {
    const map = this.map(table);
    for (const index of this.indexesOf(table)) index.move(key, map.get(key), value);
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  }

  private indexesOf(table: string): TableIndex[] {
    let found = this.indexed.get(table);
    if (!found) {
      found = indexesOfTable(table).map(([name, read]) => new TableIndex(name, read));
      this.indexed.set(table, found);
    }
    return found;
  }

  private map(name: string): Map<string, unknown> {
    let map = this.tables.get(name);
    if (!map) this.tables.set(name, (map = new Map()));
    return map;
  }

  private *everything(): Iterable<Change> {
    for (const [table, map] of this.tables) for (const [key, value] of map) yield [table, key, value];
  }
}

/** Which keys of a table have a text in one of their fields. */
class TableIndex {
  private readonly filed = new Map<string, Set<string>>();

  constructor(
    readonly name: string,
    private readonly read: (value: unknown) => string | null | undefined,
  ) {}

  keys(text: string): Iterable<string> {
    return this.filed.get(text) ?? [];
  }

  /** A key's value changes; undefined stands for no value. */
  move(key: string, before: unknown, after: unknown): void {
    const from = before === undefined ? undefined : this.read(before);
    const to = after === undefined ? undefined : this.read(after);
    if (from === to) return;
    if (typeof from === 'string') {
      const keys = this.filed.get(from);
      keys?.delete(key);
      if (keys?.size === 0) this.filed.delete(from);
    }
    if (typeof to === 'string') {
      const keys = this.filed.get(to);
      if (keys) keys.add(key);
      else this.filed.set(to, new Set([key]));
    }
  }
}
