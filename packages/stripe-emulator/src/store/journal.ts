import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  renameSync,
  writeSync,
  fsyncSync,
} from 'node:fs';
import { join } from 'node:path';

/** One change: table, key, new value (absent = deleted). */
export type Change = [table: string, key: string, value?: unknown];

/** Bytes below which a journal is never compacted while it is in use. */
const MUCH = 64 * 1024 * 1024;

/**
 * An append-only file with one line per transaction. A line that a crash cut short is ignored, so a transaction is there
 * entirely or not at all. Written with plain writes: they survive the death of the process (not of the machine).
 */
export class Journal {
  private descriptor: number | undefined;
  private size = 0;
  private compactSize = 0;
  private readonly path: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.path = join(folder, 'journal.jsonl');
  }

  /** Hands every complete transaction of the file to the reader, in order. */
  replay(apply: (changes: Change[]) => void): void {
    if (!existsSync(this.path)) return;
    for (const line of linesOf(this.path)) {
      let changes: Change[];
      try {
        changes = JSON.parse(line) as Change[];
      } catch {
        continue; // the line that was being written when the process died
      }
      apply(changes);
    }
  }

  /** Replaces the file by the present state and opens it for appending. */
  compact(state: Iterable<Change>): void {
    this.close();
    const next = `${this.path}.next`;
    const descriptor = openSync(next, 'w', 0o600);
    let batch: Change[] = [];
    for (const change of state) {
      batch.push(change);
      if (batch.length === 500) {
        writeSync(descriptor, `${JSON.stringify(batch)}\n`);
        batch = [];
      }
    }
    if (batch.length > 0) writeSync(descriptor, `${JSON.stringify(batch)}\n`);
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(next, this.path);
    this.size = this.compactSize = statSync(this.path).size;
    this.descriptor = openSync(this.path, 'a', 0o600);
  }

  append(changes: Change[]): void {
    if (this.descriptor !== undefined)
      this.size += writeSync(this.descriptor, `${JSON.stringify(changes)}\n`);
  }

  /** Whether the file has grown so much since the last compaction that another one is worth its while. */
  get isLong(): boolean {
    return this.size > MUCH && this.size > 3 * this.compactSize;
  }

  close(): void {
    if (this.descriptor === undefined) return;
    fsyncSync(this.descriptor);
    closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}

/** The lines of a file of any size, without empty ones. */
function* linesOf(path: string): Iterable<string> {
  const descriptor = openSync(path, 'r');
  const chunk = Buffer.alloc(1 << 20);
  let rest: Buffer[] = [];
  for (let length = readSync(descriptor, chunk); length > 0; length = readSync(descriptor, chunk)) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0 && end < length; end = chunk.indexOf(10, start)) {
      rest.push(Buffer.from(chunk.subarray(start, end)));
      const line = Buffer.concat(rest).toString('utf8');
      if (line !== '') yield line;
      rest = [];
      start = end + 1;
    }
    rest.push(Buffer.from(chunk.subarray(start, length)));
  }
  closeSync(descriptor);
  const last = Buffer.concat(rest).toString('utf8');
  if (last !== '') yield last;
}
