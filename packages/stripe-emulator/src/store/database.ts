import { indexesOfTable } from './indexes';
import { Journal, type Change } from './journal';
import { TableIndex } from './table-index';
import { PackedTable, type Table, type WritableTable } from './tables';

/**
 * Tables of immutable JSON values in memory, with transactions and an optional journal. Everything is synchronous: a
 * transaction never interleaves with another. What is read twice is the same value, not necessarily the same object.
 */
export class Database {
  private readonly tables = new Map<string, WritableTable>();
  private readonly indexed = new Map<string, TableIndex[]>();
  private readonly journal: Journal | undefined;
  private undo: (() => void)[] | undefined;
  private dirty = new Map<string, [table: string, key: string]>();
  private afterCommit: (() => void)[] = [];

  constructor(
    folder?: string,
    /** How many values of a large table stay unpacked. */
    private readonly atHand?: number,
  ) {
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

  table<T>(name: string): Table<T> {
    return this.map(name) as Table<T>;
  }

  /** The values of a table that an index files under a text, oldest first. */
  by<T>(table: string, index: string, text: string): T[] {
    return [...this.keysBy(table, index, text)].map((key) => this.map(table).get(key) as T);
  }

  /** Their keys. */
  keysBy(table: string, index: string, text: string): Iterable<string> {
    return this.index(table, index)?.keys(text) ?? [];
  }

  /** The texts under which an index files values. */
  textsOf(table: string, index: string): Iterable<string> {
    return this.index(table, index)?.texts() ?? [];
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

  private index(table: string, name: string): TableIndex | undefined {
    return this.indexesOf(table).find((index) => index.name === name);
  }

  private map(name: string): WritableTable {
    let map = this.tables.get(name);
    if (!map)
      this.tables.set(
        name,
        (map = isLarge(name) ? new PackedTable(this.atHand) : new Map<string, unknown>()),
      );
    return map;
  }

  private *everything(): Iterable<Change> {
    for (const [table, map] of this.tables) for (const [key, value] of map) yield [table, key, value];
  }
}

/** Tables of objects and of remembered answers (account/mode/type); jobs are small and looked at all the time. */
function isLarge(table: string): boolean {
  const [, mode, type] = table.split('/');
  return mode !== undefined && type !== undefined && type !== 'job';
}
