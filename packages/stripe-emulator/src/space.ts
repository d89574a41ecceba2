import type { Emulator } from './emulator';
import { clone, publicForm, previousAttributes, sameJson, type Json } from './json';
import { resourceMissing } from './http/errors';
import { newEvent, storeEvent } from './objects/event';
import { dataIn, isOld } from './objects/old-shapes';
import type { Account, AnyObject, ObjectName, ObjectTypes } from './objects/registry';
import type { Indexed, IndexOf } from './store/indexes';
import { Listing } from './store/listing';
import type { Table } from './store/tables';
import { JobQueue, type Job, type JobKind } from './time/jobs';

/** https://docs.stripe.com/api/events */
export const EVENT_RETENTION_SECONDS = 30 * 86_400;
const EVENTS_KEPT = 5000;
/** Ends a rehearsal. */
const REHEARSED = new Error('this was only tried');

/**
 * Everything that one account has in one mode: its objects, its clock and what is due. Nothing reaches from one space into
 * another; test and live objects of an account have no more in common than those of two accounts.
 */
export class Space {
  readonly key: string;
  private readonly queue: JobQueue;
  /** While a job runs, the account's time stands at the moment the job was due. */
  private jobTime: number | undefined;
  /** While something is only tried, no events are recorded. */
  private quiet = false;
  /** When the newest event was recorded: the list of events is in the order of their times. */
  private lastEventAt: number;

  constructor(
    readonly emulator: Emulator,
    readonly accountId: string,
    readonly livemode: boolean,
  ) {
    this.key = `${accountId}/${livemode ? 'live' : 'test'}`;
    this.queue = new JobQueue((id) => this.emulator.db.get<Job>(this.nameOf('job'), id));
    for (const job of this.emulator.db.table<Job>(this.nameOf('job')).values()) this.queue.push(job);
    this.lastEventAt = this.list('event').first(1)[0]?.created ?? 0;
  }

  get isPlatform(): boolean {
    return this.accountId === this.emulator.platformId;
  }

  get account(): Account {
    const account = this.emulator.db.get<Account>('accounts', this.accountId);
    if (!account) throw new Error(`account ${this.accountId} is gone`);
    return account;
  }

  // ---- objects -----------------------------------------------------------------------------------------------------------

  find<T extends ObjectName>(type: T, id: string): ObjectTypes[T] | undefined {
    return this.emulator.db.get<ObjectTypes[T]>(this.nameOf(type), id);
  }

  /** The object, or Stripe's `resource_missing` naming the parameter that asked for it. */
  get<T extends ObjectName>(type: T, id: string, param?: string): ObjectTypes[T] {
    const found = this.find(type, id);
    if (!found) throw resourceMissing(type, id, param);
    return found;
  }

  /** All objects of a type, newest first. */
  list<T extends ObjectName>(type: T): Listing<ObjectTypes[T]> {
    return this.listing(type, [...this.tableOf(type).keys()]);
  }

  /** The objects of a type with this value in an indexed field, in the order in which they got it, the last one first. */
  listBy<T extends Indexed>(type: T, index: IndexOf<T>, value: string): ObjectTypes[T][] {
    return this.emulator.db.by<ObjectTypes[T]>(this.nameOf(type), index, value).reverse();
  }

  /** The objects that a list endpoint starts from, newest first: by the first filter that is given and indexed, else all. */
  listFor<T extends Indexed>(
    type: T,
    filters: { [I in IndexOf<T>]?: string | undefined },
  ): Listing<ObjectTypes[T]> {
    for (const [index, value] of Object.entries(filters)) {
      if (typeof value === 'string') return this.listOf(type, index as IndexOf<T>, [value]);
    }
    return this.list(type);
  }

  /** The objects of a type with one of these values in an indexed field, newest first. */
  listOf<T extends Indexed>(type: T, index: IndexOf<T>, values: Iterable<string>): Listing<ObjectTypes[T]> {
    const wanted = new Set<string>();
    for (const value of values)
      for (const key of this.emulator.db.keysBy(this.nameOf(type), index, value)) wanted.add(key);
    // An index has the order of its own changes; what is older is known to the table.
    const keys =
      wanted.size < 2 ? [...wanted] : [...this.tableOf(type).keys()].filter((key) => wanted.has(key));
    return this.listing(type, keys);
  }

  /** The values of an indexed field that some object of a type has. */
  textsOf<T extends Indexed>(type: T, index: IndexOf<T>): string[] {
    return [...this.emulator.db.textsOf(this.nameOf(type), index)];
  }

  private listing<T extends ObjectName>(type: T, oldestFirst: string[]): Listing<ObjectTypes[T]> {
    const table = this.tableOf(type);
    return new Listing(
      oldestFirst.reverse(),
      (id) => table.get(id),
      () => true,
      () => [...table.keys()].reverse(),
    );
  }

  put<T extends ObjectName>(type: T, object: ObjectTypes[T] & AnyObject): ObjectTypes[T] {
    this.emulator.db.put(this.nameOf(type), object.id, object);
    return object;
  }

  /** Changes a copy of the object and stores it. */
  update<T extends ObjectName>(type: T, id: string, change: (draft: ObjectTypes[T]) => void): ObjectTypes[T] {
    const draft = clone(this.get(type, id));
    change(draft);
    this.emulator.db.put(this.nameOf(type), id, draft);
    return draft;
  }

  /** Like `update`, and tells the world with the given event if anything public changed. */
  change<T extends ObjectName>(
    type: T,
    id: string,
    eventType: string,
    change: (draft: ObjectTypes[T]) => void,
  ): ObjectTypes[T] {
    const before = this.get(type, id);
    const after = this.update(type, id, change);
    this.emitChange(eventType, before, after);
    return after;
  }

  remove(type: ObjectName, id: string): void {
    this.emulator.db.delete(this.nameOf(type), id);
  }

  // ---- events ------------------------------------------------------------------------------------------------------------

  emit(type: string, object: unknown): void {
    this.record(type, publicForm(object), undefined);
  }

  /** An `…updated` event with `previous_attributes`; nothing when the public form stayed the same. */
  emitChange(type: string, before: unknown, after: unknown): void {
    const old = publicForm(before);
    const now = publicForm(after);
    if (!sameJson(old, now)) this.record(type, now, previousAttributes(old, now));
  }

  /** Runs the function and undoes everything that it did; nobody hears of it. */
  rehearse<T>(work: () => T): T {
    const done: { result: T }[] = [];
    const quiet = this.quiet;
    this.quiet = true;
    try {
      this.emulator.db.attempt(
        () => {
          done.push({ result: work() });
          throw REHEARSED;
        },
        () => false,
      );
    } catch (error) {
      if (error !== REHEARSED) throw error;
    } finally {
      this.quiet = quiet;
    }
    const [outcome] = done;
    if (!outcome) throw new Error('a rehearsal came to no end');
    return outcome.result;
  }

  private record(
    type: string,
    object: Json,
    previous: ReturnType<typeof previousAttributes> | undefined,
  ): void {
    if (this.quiet) return;
    this.lastEventAt = Math.max(this.lastEventAt, this.now());
    const apiVersion = this.emulator.apiVersion(this.accountId);
    const event = newEvent({
      apiVersion,
      type,
      account: this.isPlatform ? null : this.accountId,
      object,
      previousAttributes: previous,
      request: this.emulator.currentRequest,
      livemode: this.livemode,
      created: this.lastEventAt,
    });
    const deliveries = this.emulator.deliveries.plan(this, event);
    const asCreated = isOld(apiVersion) ? dataIn(this, apiVersion, event.data) : undefined;
    this.put('event', storeEvent(event, deliveries, asCreated));
  }

  // ---- time --------------------------------------------------------------------------------------------------------------

  /** Seconds by which the account's clock runs ahead of the system. */
  get offsetSeconds(): number {
    return this.emulator.db.get<number>('clocks', this.key) ?? 0;
  }

  /** The account's time, Unix seconds. */
  now(): number {
    return this.jobTime ?? Math.floor(Date.now() / 1000) + this.offsetSeconds;
  }

  schedule(kind: JobKind, object: string, at: number): void {
    const job: Job = { id: `${kind}:${object}`, kind, object, at };
    this.emulator.db.put(this.nameOf('job'), job.id, job);
    this.queue.push(job);
  }

  unschedule(kind: JobKind, object: string): void {
    this.emulator.db.delete(this.nameOf('job'), `${kind}:${object}`);
  }

  /** When something will happen by itself the next time; null when nothing is scheduled. */
  nextBoundary(): number | null {
    return this.queue.peek()?.at ?? null;
  }

  /** Does what is due, in order, each thing at its own time. */
  runDue(limit = Number.POSITIVE_INFINITY, until = this.now()): number {
    let done = 0;
    for (let job = this.queue.peek(); job && job.at <= until && done < limit; job = this.queue.peek()) {
      this.queue.removeTop();
      this.runJob(job);
      done += 1;
    }
    return done;
  }

  private runJob(job: Job): void {
    const { emulator } = this;
    this.jobTime = job.at;
    try {
      emulator.db.transaction(() => {
        emulator.db.delete(this.nameOf('job'), job.id);
        emulator.runJob(this, job);
      });
    } catch (error) {
      emulator.db.delete(this.nameOf('job'), job.id);
      emulator.settings.log(
        `job ${job.id} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    } finally {
      this.jobTime = undefined;
    }
  }

  /** Moves the clock forward to a time (Unix seconds), doing everything on the way. Earlier times change nothing. */
  async advanceTo(target: number): Promise<void> {
    while (this.now() < target) {
      const done = this.runDue(200, target);
      const next = this.queue.peek();
      const reached = next && next.at <= target ? Math.max(this.now(), next.at - 1) : target;
      const offset = reached - Math.floor(Date.now() / 1000);
      if (offset > this.offsetSeconds) this.emulator.db.put('clocks', this.key, offset);
      if (done === 0 && reached >= target) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.runDue();
    this.forgetOldEvents();
  }

  /** Events older than 30 days are gone for the API; in large numbers they are gone for good. */
  private forgetOldEvents(): void {
    const oldest = this.now() - EVENT_RETENTION_SECONDS;
    const table = this.tableOf('event');
    this.emulator.db.transaction(() => {
      for (const event of table.values()) {
        if (event.created >= oldest || table.size <= EVENTS_KEPT) return;
        if (event.pending_webhooks === 0) this.remove('event', event.id);
      }
    });
  }

  private tableOf<T extends ObjectName>(type: T): Table<ObjectTypes[T]> {
    return this.emulator.db.table(this.nameOf(type));
  }

  private nameOf(type: ObjectName | 'job'): string {
    return `${this.key}/${type}`;
  }
}
