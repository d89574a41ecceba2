import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { LocalJson } from '../../src/local/local-json';
import { isRunning, type ProcessIdentity } from '../../src/local/process/identity';
import { query } from '../../src/local/postgres/server';
import { ProcessRecord } from '../../src/local/process/record';
import { type LocalStack, newStackPlace, startLocalStack } from '../harness/local-stack';
import { type Fault, isOfClock, type Part } from './faults';
import { send, stopFamily } from './freezing';

const SKEWED_CLOCK = pathToFileURL(join(__dirname, 'skewed-clock.mjs')).href;

/** A whole stack of real processes, as `npm start` runs it, whose processes are killed and stopped. */
export class ChaosStack {
  private readonly frozen = new Set<ProcessIdentity>();

  /** However this program ends, nothing stays stopped: what is stopped hears no request to end. */
  private readonly thawAll = (): void => this.thaw([...this.frozen]);

  private constructor(private readonly stack: LocalStack) {
    process.on('exit', this.thawAll);
  }

  /** @param env further variables of the product. */
  static async start(faults: readonly Fault[], env: Record<string, string> = {}): Promise<ChaosStack> {
    const clocks = faults.filter(isOfClock).map(({ part, seconds }) => `${part}=${seconds}`);
    const place = await newStackPlace({
      // As in production. Hundreds of pages that were left open, asked about all the time, are work that nobody has.
      CHECKOUT_POLL_SECONDS: '120',
      RECONCILE_MINUTES: '1',
      LOG_LEVEL: 'warn',
      ...(clocks.length === 0
        ? {}
        : { NODE_OPTIONS: `--import ${SKEWED_CLOCK}`, CHAOS_CLOCKS: clocks.join(',') }),
      ...env,
    });
    return new ChaosStack(await startLocalStack(place));
  }

  info(): LocalJson {
    return this.stack.info();
  }

  get folder(): string {
    return this.stack.place.dataFolder;
  }

  /** The present process of a part; undefined while it is down. */
  process(part: Part): ProcessIdentity | undefined {
    const record = new ProcessRecord(join(this.folder, 'processes.json'));
    return record.read().find((found) => found.name === part && isRunning(found));
  }

  /** `kill -9`. False when it was down at the moment. */
  kill(part: Part): boolean {
    const found = this.process(part);
    if (found === undefined) return false;
    return send(found, 'SIGKILL');
  }

  /** Stops the process for a while, and those that it has started. */
  async freeze(part: Part, ms: number): Promise<boolean> {
    const found = this.process(part);
    if (found === undefined) return false;
    const family = stopFamily(found);
    for (const one of family) this.frozen.add(one);
    await delay(ms);
    this.thaw(family);
    return true;
  }

  /** Postgres takes no write for a while, of anybody: as a replica, or while it fails over. */
  async refuseToWrite(ms: number): Promise<void> {
    const { postgresPassword } = JSON.parse(readFileSync(join(this.folder, 'secrets.json'), 'utf8')) as {
      postgresPassword: string;
    };
    const url = new URL(this.info().databaseUrl);
    url.username = 'postgres';
    url.password = postgresPassword;
    const set = async (value: 'on' | 'off') => {
      // Two statements: what changes the system's settings has to stand alone.
      await query(url.href, `ALTER SYSTEM SET default_transaction_read_only = ${value}`);
      await query(url.href, 'SELECT pg_reload_conf()');
    };
    await set('on');
    await delay(ms);
    await set('off');
  }

  private thaw(processes: Iterable<ProcessIdentity>): void {
    for (const one of processes) {
      send(one, 'SIGCONT');
      this.frozen.delete(one);
    }
  }

  async stop(): Promise<void> {
    this.thawAll();
    process.off('exit', this.thawAll);
    await this.stack.stop();
  }
}
