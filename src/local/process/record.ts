import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isRunning, type ProcessIdentity } from './identity';
import { stopProcess } from './stop';

/** A process that we started, under the name of its part. */
export interface RecordedProcess extends ProcessIdentity {
  name: string;
}

/**
 * Which processes were started, kept in a file: after a `kill -9` nobody else can tell the next run what still lives.
 */
export class ProcessRecord {
  constructor(private readonly file: string) {}

  read(): RecordedProcess[] {
    if (!existsSync(this.file)) return [];
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as RecordedProcess[];
    } catch {
      // Cut off in the middle of a write by an older program: nothing can be recognised.
      return [];
    }
  }

  /** Enters the process, in place of an earlier one of the same name. */
  put(name: string, { pid, startedAt, command }: ProcessIdentity): void {
    this.write([...this.read().filter((other) => other.name !== name), { name, pid, startedAt, command }]);
  }

  /** Ends what is recorded and still runs, the last started first, and forgets it. Returns the names of what ran. */
  async stopAll(): Promise<string[]> {
    const survivors = this.read().filter(isRunning).reverse();
    for (const survivor of survivors) await stopProcess(survivor);
    this.write([]);
    return survivors.map(({ name }) => name);
  }

  private write(processes: RecordedProcess[]): void {
    const aside = `${this.file}.new`;
    writeFileSync(aside, JSON.stringify(processes, null, 2), { mode: 0o600 });
    renameSync(aside, this.file);
  }
}
