import { setMaxListeners } from 'node:events';
import type { Emulator } from '../emulator';
import { newId } from '../ids';
import type { StoredEvent, StripeEvent, WebhookEndpoint } from '../objects/event';
import { dataIn, isOld } from '../objects/old-shapes';
import { seededRandom, shuffled } from '../random';
import { fitsScope } from '../rules';
import type { Space } from '../space';
import type { Delivery, DeliveryAttempt, DeliveryStatus } from './delivery';
import { DeliveryStore } from './delivery-store';
import { listeners } from './listeners';
import { DeliveryRules, type DeliveryRule } from './rules';
import { send } from './send';
import { signatureHeader } from './signature';
import { Switches, type Scope } from './switches';
import { Timetable } from './timetable';

const CONCURRENCY = 16;

/** Decides which endpoint hears of an event, and delivers: signed, in parallel, with retries, through the delivery rules. */
export class DeliveryEngine {
  readonly rules = new DeliveryRules();
  readonly switches: Switches;
  private readonly store: DeliveryStore;
  private readonly timetable = new Timetable(
    (id) => this.attempt(id),
    () => this.underWay.size >= CONCURRENCY,
  );
  private readonly underWay = new Set<string>();
  private readonly batches: string[][] = [];
  private gathering: { ids: string[]; seed: number } | undefined;
  private gatherTimer: NodeJS.Timeout | undefined;
  private abort = newAbort();
  private stopped = false;

  constructor(private readonly emulator: Emulator) {
    this.switches = new Switches(emulator.db);
    this.store = new DeliveryStore(emulator.db);
  }

  /** Writes the deliveries of a new event (inside its transaction) and returns their ids. */
  plan(space: Space, event: Pick<StripeEvent, 'id' | 'type'>): string[] {
    const audience = [...listeners(space, event)];
    if (audience.length === 0) return [];
    const off = this.switches.isOff(space);
    const rule = off
      ? undefined
      : this.rules.next({ type: event.type, account: space.accountId, livemode: space.livemode });
    const copies = 1 + (rule?.action === 'repeat' ? (rule.times ?? 1) : 0);
    return audience.flatMap(([owner, endpoint]) =>
      Array.from({ length: copies }, () => {
        return this.create(space, event, owner, endpoint, off ? 'drop' : rule?.action, rule).id;
      }),
    );
  }

  private create(
    space: Space,
    event: { id: string; type: string },
    owner: Space,
    endpoint: WebhookEndpoint,
    action: DeliveryRule['action'] | undefined,
    rule?: DeliveryRule,
  ): Delivery {
    const status: DeliveryStatus =
      action === 'drop' ? 'dropped' : action === 'hold' || action === 'reorder' ? 'held' : 'pending';
    const delivery: Delivery = {
      id: newId('whd'),
      event: event.id,
      type: event.type,
      account: space.accountId,
      livemode: space.livemode,
      endpoint: endpoint.id,
      endpointAccount: owner.accountId,
      endpointLivemode: owner.livemode,
      url: endpoint.url,
      status,
      attempts: [],
      nextAttemptAt:
        status === 'pending' ? Date.now() + (action === 'delay' ? (rule?.delayMs ?? 1000) : 0) : null,
    };
    this.store.put(delivery);
    this.emulator.db.whenCommitted(() => {
      if (status !== 'dropped') this.store.opened(delivery.id);
      if (status === 'pending') this.timetable.enqueue(delivery.id, delivery.nextAttemptAt);
      if (action === 'reorder') this.gather(delivery.id, rule);
    });
    return delivery;
  }

  /** Sends what is held, one after the other, in the given order. Returns how many. */
  release(order: 'fifo' | 'reverse' | 'shuffle', seed = 1): number {
    const held = this.store.openOnes().filter((delivery) => delivery.status === 'held');
    if (this.gathering) this.gathering.ids = [];
    const ordered =
      order === 'reverse' ? held.reverse() : order === 'shuffle' ? shuffled(held, seededRandom(seed)) : held;
    this.sendInOrder(ordered.map((delivery) => delivery.id));
    return held.length;
  }

  /** Delivers an event again, to every endpoint that would hear of it now. Returns the new deliveries' ids. */
  redeliver(space: Space, event: Pick<StripeEvent, 'id' | 'type'>, times: number): string[] {
    const ids: string[] = [];
    for (const [owner, endpoint] of listeners(space, event)) {
      for (let n = 0; n < times; n += 1) ids.push(this.create(space, event, owner, endpoint, undefined).id);
    }
    return ids;
  }

  private gather(id: string, rule: DeliveryRule | undefined): void {
    this.gathering ??= { ids: [], seed: rule?.match?.seed ?? 1 };
    this.gathering.ids.push(id);
    this.gatherTimer ??= setTimeout(() => this.flushGathered(), rule?.delayMs ?? 200);
  }

  private flushGathered(): void {
    this.clearGathering();
    const gathered = this.gathering;
    this.gathering = undefined;
    if (gathered && gathered.ids.length > 0)
      this.sendInOrder(shuffled(gathered.ids, seededRandom(gathered.seed)));
  }

  private clearGathering(): void {
    clearTimeout(this.gatherTimer);
    this.gatherTimer = undefined;
  }

  private sendInOrder(ids: string[]): void {
    for (const id of ids)
      this.store.save(id, (delivery) => ({ ...delivery, status: 'pending', nextAttemptAt: Date.now() }));
    this.batches.push([...ids]);
    void this.runBatch(this.batches.at(-1)!);
  }

  private async runBatch(batch: string[]): Promise<void> {
    while (batch.length > 0 && !this.stopped) {
      const id = batch[0]!;
      await this.attempt(id);
      batch.shift();
    }
    const index = this.batches.indexOf(batch);
    if (index >= 0) this.batches.splice(index, 1);
  }

  /** Takes up what an earlier process left undelivered. */
  resume(): void {
    for (const delivery of this.all()) {
      if (delivery.status === 'pending' || delivery.status === 'held') this.store.opened(delivery.id);
      if (delivery.status === 'pending') this.timetable.enqueue(delivery.id, delivery.nextAttemptAt);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.timetable.stop();
    this.clearGathering();
    this.abort.abort();
    while (this.underWay.size > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Gives up everything (for a reset). */
  forget(): void {
    this.timetable.forget();
    this.clearGathering();
    this.abort.abort();
    this.abort = newAbort();
    this.store.forget();
    this.batches.length = 0;
    this.gathering = undefined;
    this.rules.set([]);
  }

  private async attempt(id: string): Promise<void> {
    const delivery = this.store.find(id);
    if (!delivery || delivery.status !== 'pending' || this.underWay.has(id)) return;
    const event = this.emulator.space(delivery.account, delivery.livemode).find('event', delivery.event);
    const owner = this.emulator.space(delivery.endpointAccount, delivery.endpointLivemode);
    const endpoint = owner.find('webhook_endpoint', delivery.endpoint);
    if (!event || !endpoint || endpoint.status === 'disabled') {
      this.store.save(id, (d) => ({ ...d, status: 'failed', nextAttemptAt: null }));
      this.store.closed(id);
      return;
    }
    this.underWay.add(id);
    const { signal } = this.abort;
    try {
      const started = Date.now();
      const payload = JSON.stringify(this.shown(event, endpoint, owner), null, 2);
      const signature = signatureHeader(payload, [endpoint._emu.secret], Math.floor(started / 1000));
      this.emulator.recorder?.event(endpoint.url, payload);
      const result = await send(
        endpoint.url,
        payload,
        signature,
        this.emulator.settings.deliveryTimeoutMs,
        signal,
      );
      if (signal.aborted) return;
      this.recordAttempt(delivery, {
        at: new Date(started).toISOString(),
        ...result,
        durationMs: Date.now() - started,
      });
    } finally {
      this.underWay.delete(id);
    }
  }

  /** An event in the version of the endpoint, or of the account that it belongs to: https://docs.stripe.com/webhooks/versioning */
  private shown(event: StoredEvent, endpoint: WebhookEndpoint, owner: Space): StripeEvent {
    const version = endpoint.api_version ?? this.emulator.apiVersion(owner.accountId);
    const { _emu, ...newest } = event;
    const space = this.emulator.space(event.account ?? owner.accountId, event.livemode);
    const data = isOld(version) ? dataIn(space, version, newest.data) : newest.data;
    return { ...newest, api_version: version, data };
  }

  private recordAttempt(before: Delivery, attempt: DeliveryAttempt): void {
    const succeeded = attempt.status !== null && attempt.status >= 200 && attempt.status < 300;
    const attempts = [...before.attempts, attempt];
    const waits = this.emulator.settings.deliveryRetryMs[before.livemode ? 'live' : 'test'];
    const wait = waits[attempts.length - 1];
    const status: DeliveryStatus = succeeded ? 'delivered' : wait === undefined ? 'failed' : 'pending';
    const after: Delivery = {
      ...before,
      attempts,
      status,
      nextAttemptAt: status === 'pending' ? Date.now() + (wait ?? 0) : null,
    };
    this.emulator.db.transaction(() => {
      this.store.put(after);
      const space = this.emulator.space(after.account, after.livemode);
      if (succeeded && space.find('event', after.event)) {
        space.update('event', after.event, (event) => {
          event.pending_webhooks = Math.max(0, event.pending_webhooks - 1);
        });
      }
    });
    if (status === 'pending') this.timetable.enqueue(after.id, after.nextAttemptAt);
    else this.store.closed(after.id);
    this.store.prune();
  }

  /** Whether every one of these deliveries has reached its endpoint. */
  allSucceeded(ids: string[]): boolean {
    return ids.every((id) => this.store.find(id)?.status === 'delivered');
  }

  /** All known deliveries, oldest first. */
  all(): Delivery[] {
    return this.store.all();
  }

  /**
   * Waits until nothing is under way, due or delayed by a rule. With `retryNow`, deliveries that wait for their next
   * attempt are tried at once. Held deliveries stay held.
   */
  async drain(
    scope: Scope,
    timeoutMs: number,
    retryNow: boolean,
  ): Promise<{ pending: number; failed: number }> {
    const deadline = Date.now() + timeoutMs;
    this.flushGathered();
    const mine = (): Delivery[] =>
      this.store.openOnes().filter((delivery) => fitsScope(scope, delivery.account, delivery.livemode));
    if (retryNow) this.hurry(mine().filter((delivery) => delivery.status === 'pending'));
    const isBusy = (delivery: Delivery): boolean =>
      delivery.status === 'pending' && (delivery.attempts.length === 0 || this.isDue(delivery));
    while (Date.now() < deadline && mine().some(isBusy)) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const failed = this.all().filter(
      (delivery) => delivery.status === 'failed' && fitsScope(scope, delivery.account, delivery.livemode),
    );
    return { pending: mine().length, failed: failed.length };
  }

  private isDue(delivery: Delivery): boolean {
    return (
      this.underWay.has(delivery.id) ||
      (delivery.nextAttemptAt !== null && delivery.nextAttemptAt <= Date.now())
    );
  }

  private hurry(deliveries: Delivery[]): void {
    for (const delivery of deliveries) {
      if (!this.timetable.take(delivery.id)) continue;
      this.store.save(delivery.id, (d) => ({ ...d, nextAttemptAt: Date.now() }));
      this.timetable.enqueue(delivery.id, Date.now());
    }
  }
}

/** One signal ends every request under way. */
function newAbort(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
