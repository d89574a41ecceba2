import { clone } from './json';
import { Database } from './store/database';
import type { Settings, RetryPolicy, SeedAccount } from './options';
import { newAccount, type Account } from './objects/account';
import { API_VERSION } from './objects/event';
import { Space } from './space';
import type { Job } from './time/jobs';
import { jobHandlers } from './time/handlers';
import { DeliveryEngine } from './webhooks/deliveries';
import { FaultRules } from './http/faults';
import { RequestLog } from './http/request-log';
import { Recorder } from './recording';
import { emitAccountUpdated } from './connect/accounts';
import { disconnect } from './connect/oauth';

export const PLATFORM_ID = 'acct_1EmulatorPlatform';

/** A connection of an account to the platform in one mode. */
export interface Connection {
  account: string;
  livemode: boolean;
  scope: 'read_write' | 'read_only';
  accessToken: string;
  refreshToken: string;
  connectedAt: number;
}

/** One emulated Stripe: its state and the parts that act on it. Knows nothing of HTTP. */
export class Emulator {
  readonly db: Database;
  readonly deliveries: DeliveryEngine;
  readonly faults = new FaultRules();
  readonly requests = new RequestLog();
  readonly recorder: Recorder | undefined;
  readonly platformId = PLATFORM_ID;
  /** The API request that is being executed; null while the emulator acts by itself. */
  currentRequest: { id: string | null; idempotency_key: string | null } | null = null;
  private readonly spaces = new Map<string, Space>();
  private ticker: NodeJS.Timeout | undefined;

  constructor(
    readonly settings: Settings,
    /** Address under which browsers reach the emulator. */
    public publicUrl: string,
  ) {
    this.db = new Database(settings.dataDir);
    this.deliveries = new DeliveryEngine(this);
    this.recorder = settings.recordTo === undefined ? undefined : new Recorder(settings.recordTo);
    this.prepare();
  }

  start(): void {
    this.deliveries.resume();
    this.ticker = setInterval(() => this.tick(), 1000);
    this.ticker.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.ticker);
    await this.deliveries.stop();
    this.db.close();
    this.recorder?.close();
  }

  /** Back to the state after the first start. */
  reset(): void {
    this.deliveries.forget();
    this.faults.set([]);
    this.requests.clear();
    this.spaces.clear();
    this.db.clear();
    this.prepare();
  }

  space(accountId: string, livemode: boolean): Space {
    const key = `${accountId}/${livemode ? 'live' : 'test'}`;
    let space = this.spaces.get(key);
    if (!space) this.spaces.set(key, (space = new Space(this, accountId, livemode)));
    return space;
  }

  /** Every account in both modes. */
  allSpaces(): Space[] {
    return this.accounts().flatMap(({ id }) => [this.space(id, false), this.space(id, true)]);
  }

  platform(livemode: boolean): Space {
    return this.space(this.platformId, livemode);
  }

  runJob(space: Space, job: Job): void {
    jobHandlers[job.kind](space, job.object);
  }

  // ---- accounts and connections ------------------------------------------------------------------------------------------

  account(id: string): Account | undefined {
    return this.db.get<Account>('accounts', id);
  }

  accounts(): Account[] {
    return [...this.db.table<Account>('accounts').values()];
  }

  createAccount(input: SeedAccount): Account {
    const account = newAccount(input, Math.floor(Date.now() / 1000));
    this.db.put('accounts', account.id, account);
    return account;
  }

  /** Deletes an account with its connections and everything that would still happen to it. */
  removeAccount(id: string): void {
    for (const livemode of [false, true]) {
      disconnect(this, id, livemode);
      const { key } = this.space(id, livemode);
      for (const job of [...this.db.table(`${key}/job`).keys()]) this.db.delete(`${key}/job`, job);
    }
    this.db.delete('accounts', id);
  }

  /** Changes an account; where it is connected, `account.updated` says so. */
  updateAccount(id: string, change: (draft: Account) => void): Account {
    const before = this.account(id);
    if (!before) throw new Error(`no account ${id}`);
    const after = clone(before);
    change(after);
    this.db.put('accounts', id, after);
    emitAccountUpdated(this, before, after);
    return after;
  }

  connection(account: string, livemode: boolean): Connection | undefined {
    return this.db.get<Connection>('connections', `${account}/${livemode ? 'live' : 'test'}`);
  }

  /**
   * Whether the platform may act on an account in a mode. What is connected in live mode can be used in test mode too,
   * not the other way round: https://docs.stripe.com/connect/testing, https://github.com/stripe/stripe-python/issues/645
   */
  reaches(account: string, livemode: boolean): boolean {
    return (
      this.connection(account, livemode) !== undefined ||
      (!livemode && this.connection(account, true) !== undefined)
    );
  }

  connections(): Connection[] {
    return [...this.db.table<Connection>('connections').values()];
  }

  putConnection(connection: Connection): void {
    this.db.put('connections', `${connection.account}/${connection.livemode ? 'live' : 'test'}`, connection);
  }

  removeConnection(account: string, livemode: boolean): void {
    this.db.delete('connections', `${account}/${livemode ? 'live' : 'test'}`);
  }

  /** The version that an account has chosen in its Dashboard: https://docs.stripe.com/upgrades */
  apiVersion(account: string): string {
    return this.db.get<string>('api-versions', account) ?? API_VERSION;
  }

  setApiVersion(account: string, version: string): void {
    this.db.put('api-versions', account, version);
  }

  /** How an account's failed payments are tried again. */
  retryPolicy(account: string): RetryPolicy {
    return this.db.get<RetryPolicy>('retry-policies', account) ?? this.settings.retryPolicy;
  }

  setRetryPolicy(account: string, policy: RetryPolicy): void {
    this.db.put('retry-policies', account, policy);
  }

  private prepare(): void {
    if (!this.account(this.platformId)) {
      this.createAccount({
        id: this.platformId,
        businessName: 'Emulated platform',
        email: 'platform@example.com',
      });
      for (const account of this.settings.seed) this.createAccount(account);
    }
    for (const table of this.db.tableNames()) {
      const match = /^(acct_[^/]+)\/(test|live)\/job$/.exec(table);
      if (match?.[1]) this.space(match[1], match[2] === 'live');
    }
  }

  private tick(): void {
    for (const space of this.spaces.values()) space.runDue(500);
  }
}
