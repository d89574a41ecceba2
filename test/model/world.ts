import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';
import { newId } from '../../src/domain/ids';
import { type EmulatedAccount, moveTime, type MovedProduct, readClock } from '../../src/local/time-travel';
import { checkoutWorkflowId, connectionWorkflowId, membershipWorkflowId } from '../../src/messages/ids';
import type { Target } from '../../src/messages/messages';
import { atStripe, Browser, cameBack, decide } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { CARDS } from '../support/stripe-side';
import {
  FOREIGN,
  type ForeignName,
  MEMBERS,
  type MemberName,
  type Offer,
  type OfferName,
  OFFERS,
  PRODUCTS,
  type ProductName,
} from './catalog';
import type { Time } from './causes';
import { Dashboard } from './dashboard';
import { type Accident, SMOOTH } from './network';
import type { Billing, Pair, Policy } from './reference';
import type { Stage } from './stage';

const MODE = 'test' as const;
const COACH_UI = 'http://coach-ui.example';

/** What was bought, as the product and Stripe know it. */
interface Bought {
  checkoutId: string;
  /** Null: bought once. */
  subscription: string | null;
  /** Null: a subscription, whose payments are many. */
  payment: string | null;
}

/** What is compared of the API's answer about a membership. */
export interface Shown {
  status: string;
  reason: string;
  productId: string;
  priceId: string;
  quantity: number;
  cancelAt: string | null;
  stripe: { status: string | null };
}

/** The ids of one coach's catalog. */
interface Shop {
  coachId: string;
  connectionId: string;
  accountId: string;
  key: string;
  products: Record<ProductName, string>;
  prices: Record<OfferName, string>;
  atStripe: { products: Record<ProductName, string>; prices: Record<OfferName | ForeignName, string> };
}

/**
 * One coach of the real product, with an account of the emulator. Its methods are what people and Stripe do; nothing
 * here knows who should have access.
 */
export class World {
  /** What happens to the events of the step under way. */
  accident: Accident = SMOOTH;
  /** Whether Stripe's events of this step were partly lost. */
  lost = 0;
  private readonly bought = new Map<number, Bought>();
  private readonly gifts = new Map<number, string>();
  private readonly disputed = new Map<number, string>();
  private readonly refunds = new Map<number, string[]>();
  private requests = 0;
  private deadline: Time | null | undefined;
  private checkoutsOpen: boolean | undefined;
  private isSettled = false;
  /** What the coach does at Stripe itself. */
  readonly dashboard: Dashboard;
  private readonly stripe: Stripe;
  private readonly asAccount: { stripeAccount: string };
  private readonly emulated: EmulatedAccount;

  private constructor(
    private readonly stage: Stage,
    private readonly shop: Shop,
    private readonly random: () => number,
  ) {
    this.stripe = stage.stripe.of(MODE);
    this.asAccount = { stripeAccount: shop.accountId };
    this.emulated = { emulator: stage.stripeSide.url, accountId: shop.accountId, mode: MODE };
    this.dashboard = new Dashboard(this.stripe, this.asAccount, {
      subscriptionOf: (number) => this.subscriptionOf(number),
      ...shop.atStripe,
    });
  }

  static async open(stage: Stage, policy: Policy, billing: Billing, random: () => number): Promise<World> {
    return new World(stage, await openShop(stage, policy, billing), random);
  }

  async now(): Promise<Time> {
    return (await readClock(this.emulated)).now;
  }

  /** What the product says to `GET /v1/access`. */
  async access(pair: Pair): Promise<{ access: boolean; reason: string; until: string | null }> {
    const [member, product] = pair.split(' ') as [MemberName, ProductName];
    return this.call('GET', `/v1/access?member=${member}&product=${this.shop.products[product]}`);
  }

  // --- what people do

  async buy(number: number, member: MemberName, offer: OfferName, returns: boolean): Promise<void> {
    const checkout = await this.call<{ id: string; url: string }>('POST', '/v1/checkouts', {
      priceId: this.shop.prices[offer],
      member,
    });
    const row = await this.stage.db.checkout.findUniqueOrThrow({ where: { id: checkout.id } });
    const paid = await this.stage.stripeSide.payWithCard(checkout.url, CARDS[MODE].succeeds, {
      email: `${member}@example.com`,
    });
    if (paid.status !== 303) throw new Error(`Stripe's page answered ${paid.status}: ${paid.error}`);
    const session = await this.stripe.checkout.sessions.retrieve(
      row.stripeSessionId ?? '',
      undefined,
      this.asAccount,
    );
    this.bought.set(number, {
      checkoutId: checkout.id,
      subscription: session.subscription === null ? null : idOf(session.subscription),
      payment: session.payment_intent === null ? null : idOf(session.payment_intent),
    });
    if (returns) await (await fetch(paid.location ?? '', { redirect: 'manual' })).text();
  }

  /** A part, or all that was paid for the newest period: its invoice, and those of changes in between. */
  async refund(number: number, amount: number | null): Promise<void> {
    const all = await this.newestPayments(number);
    const refunds: string[] = [];
    for (const payment of amount === null ? all : all.slice(-1)) {
      const refund = await this.stage.stripeSide.trigger('refund', {
        account: this.shop.accountId,
        payment_intent: payment,
        ...(amount === null ? {} : { amount }),
      });
      refunds.push((refund as { id: string }).id);
    }
    this.refunds.set(number, refunds);
  }

  /** Half of each payment for the newest period, and then what is left of it. */
  async refundInParts(number: number): Promise<void> {
    const refunds: string[] = [];
    for (const payment_intent of await this.newestPayments(number)) {
      const { data } = await this.stripe.charges.list({ payment_intent }, this.asAccount);
      const [charge] = data;
      const left = (charge?.amount ?? 0) - (charge?.amount_refunded ?? 0);
      const half = Math.floor(left / 2);
      for (const amount of [half, left - half]) {
        const refund = await this.stripe.refunds.create({ payment_intent, amount }, this.asAccount);
        refunds.push(refund.id);
      }
    }
    this.refunds.set(number, refunds);
  }

  /** All that was paid for the newest period, asked for here. */
  async refundHere(number: number, keepAccess: boolean): Promise<void> {
    const refunds: string[] = [];
    for (const id of (await this.newestPaid(number)).map(({ paymentId }) => paymentId)) {
      const refund = await this.call<{ status: string; stripeRefundId: string }>(
        'POST',
        `/v1/payments/${id}/refunds`,
        { keepAccess },
      );
      if (refund.status !== 'succeeded') throw new Error(`A refund is ${refund.status}.`);
      refunds.push(refund.stripeRefundId);
    }
    this.refunds.set(number, refunds);
  }

  /** The bank could not give the money back. */
  async failRefund(number: number): Promise<void> {
    for (const refund of this.refunds.get(number) ?? []) await this.trigger('refund_failed', { refund });
  }

  async dispute(number: number): Promise<void> {
    const payment = await this.newestPayment(number);
    this.disputed.set(number, payment);
    await this.trigger('dispute_created', { payment_intent: payment });
  }

  async endDispute(number: number, how: 'won' | 'lost'): Promise<void> {
    await this.trigger(`dispute_${how}`, { payment_intent: this.disputed.get(number) });
  }

  async breakCard(number: number): Promise<void> {
    await this.trigger('payment_method_fails', { subscription: this.subscriptionOf(number) });
  }

  /** The member has a new card, and pays what is open of these subscriptions on Stripe's page of the invoice. */
  async recover(numbers: readonly number[]): Promise<void> {
    for (const number of numbers) {
      const subscription = this.subscriptionOf(number);
      await this.trigger('payment_method_recovers', { subscription });
      const open = await this.stripe.invoices.list(
        { subscription, status: 'open', limit: 100 },
        this.asAccount,
      );
      for (const invoice of open.data.reverse())
        await this.stripe.invoices.pay(invoice.id ?? '', undefined, this.asAccount);
    }
  }

  async cancel(number: number, at: 'now' | 'period_end'): Promise<void> {
    await this.ask(number, 'cancel', { at });
  }

  /** The member cancels on Stripe's page. */
  async cancelInPortal(number: number): Promise<void> {
    const subscription = this.subscriptionOf(number);
    const { customer } = await this.stripe.subscriptions.retrieve(subscription, undefined, this.asAccount);
    const portal = await this.stripe.billingPortal.sessions.create(
      { customer: typeof customer === 'string' ? customer : customer.id, return_url: COACH_UI },
      this.asAccount,
    );
    const response = await fetch(`${portal.url}/cancel`, {
      method: 'POST',
      body: new URLSearchParams({ subscription }),
      redirect: 'manual',
    });
    if (response.status >= 400) throw new Error(`The portal answered ${response.status}.`);
    await response.text();
  }

  async pause(number: number, until: Time | null): Promise<void> {
    await this.ask(number, 'pause', until === null ? {} : { until: new Date(until * 1000).toISOString() });
  }

  async resume(number: number): Promise<void> {
    await this.ask(number, 'resume', {});
  }

  async change(number: number, offer: OfferName, prorate: boolean): Promise<void> {
    await this.ask(number, 'change-price', { priceId: this.shop.prices[offer], prorate });
  }

  async give(number: number, member: MemberName, product: ProductName, until: Time | null): Promise<void> {
    const { id } = await this.call<{ id: string }>('POST', '/v1/grants', {
      member: { externalId: member },
      productId: this.shop.products[product],
      until: until === null ? null : new Date(until * 1000).toISOString(),
    });
    this.gifts.set(number, id);
  }

  async revoke(number: number): Promise<void> {
    await this.call('POST', `/v1/grants/${this.gifts.get(number)}/revoke`, {});
  }

  async disconnect(): Promise<void> {
    await this.call('POST', '/v1/connection/disconnect', { confirm: true });
  }

  /** The coach takes the platform's right away in Stripe's Dashboard. */
  async deauthorize(): Promise<void> {
    await this.trigger('deauthorize', {});
  }

  /** Through Stripe's page and back, with the same account. */
  async reconnect(): Promise<void> {
    const { url } = await this.call<{ url: string }>('POST', '/v1/connection', {
      returnUrl: `${COACH_UI}/payments`,
    });
    const browser = new Browser();
    const page = await atStripe(browser, url);
    const approved = await decide(browser, page, { action: 'approve', account: this.shop.accountId });
    const token = (await cameBack(browser, approved)).searchParams.get('connection_token');
    const connection = await this.call<{ status: string }>('POST', '/v1/connection/confirm', { token });
    if (connection.status !== 'connected') throw new Error(`The connection is ${connection.status}.`);
  }

  /** The one click that our API offers for what was archived in the Dashboard. */
  async putBackOnSale(offers: readonly OfferName[]): Promise<void> {
    for (const offer of offers) {
      const path = `/v1/prices/${this.shop.prices[offer]}`;
      const status = async () => (await this.call<{ status: string }>('GET', path)).status;
      // With its product, or by the price before, it may be on sale again already.
      if ((await status()) !== 'active') await this.call('POST', `${path}/retry`, {});
      await eventually(`${offer} to be on sale again`, async () => (await status()) === 'active');
      // It may have been made anew: an account that comes back with an archived price is not taken at its word.
      const { stripePriceId } = await this.stage.db.priceProvisioning.findFirstOrThrow({
        where: { priceId: this.shop.prices[offer], accountId: this.shop.accountId, status: 'provisioned' },
        orderBy: { endedAt: 'desc' },
      });
      this.shop.atStripe.prices[offer] = stripePriceId ?? '';
    }
  }

  priceAtStripe(item: OfferName | ForeignName): string {
    return this.shop.atStripe.prices[item];
  }

  /** What the coach is shown of a purchase. */
  async shown(number: number): Promise<Shown> {
    const { checkoutId } = this.boughtAs(number);
    const row = await this.stage.db.membership.findUniqueOrThrow({ where: { checkoutId } });
    return this.call<Shown>('GET', `/v1/memberships/${row.id}`);
  }

  /** What the API answers the coach. */
  read<T>(path: string): Promise<T> {
    return this.call<T>('GET', path);
  }

  /** All that Stripe has of one kind on the account, as it says it itself. */
  async atStripe(): Promise<{ subscriptions: Stripe.Subscription[]; invoices: Stripe.Invoice[] }> {
    const [subscriptions, invoices] = await Promise.all([
      this.stripe.subscriptions
        .list({ status: 'all', limit: 100, expand: ['data.discounts'] }, this.asAccount)
        .autoPagingToArray({ limit: 10_000 }),
      this.stripe.invoices
        .list({ status: 'paid', limit: 100, expand: ['data.payments'] }, this.asAccount)
        .autoPagingToArray({ limit: 10_000 }),
    ]);
    return { subscriptions, invoices };
  }

  /** What was paid in a month for what is bought once: payments of no invoice. Minor units. */
  async paidOnce(month: string): Promise<number> {
    const ofSubscriptions = new Set<string>();
    const { invoices } = await this.atStripe();
    for (const { payments } of invoices)
      for (const { payment } of payments?.data ?? []) ofSubscriptions.add(idOf(payment.payment_intent));
    const charges = await this.stripe.charges
      .list({ limit: 100 }, this.asAccount)
      .autoPagingToArray({ limit: 10_000 });
    return charges
      .filter(
        ({ status, created }) =>
          status === 'succeeded' && new Date(created * 1000).toISOString().startsWith(month),
      )
      .filter(({ payment_intent: intent }) => intent !== null && !ofSubscriptions.has(idOf(intent)))
      .reduce((sum, { amount }) => sum + amount, 0);
  }

  /** Who has bought it, at Stripe, and all that they have; null: it is no subscription. */
  async customerOf(number: number): Promise<{ id: string; subscriptions: Stripe.Subscription[] } | null> {
    const subscription = this.bought.get(number)?.subscription ?? null;
    if (subscription === null) return null;
    const { customer } = await this.stripe.subscriptions.retrieve(subscription, undefined, this.asAccount);
    const { data } = await this.stripe.subscriptions.list(
      { customer: idOf(customer), status: 'all', limit: 100, expand: ['data.discounts'] },
      this.asAccount,
    );
    return { id: idOf(customer), subscriptions: data };
  }

  // --- what happens by itself

  /** Stripe tells whole seconds: of two things in the same one, nobody can say which was first. */
  async letASecondPass(): Promise<void> {
    const { accountId } = this.shop;
    const next = (await this.now()) + 1;
    await this.stage.clock.moveTo(MODE, accountId, next - Math.floor(Date.now() / 1000));
    await this.stage.stripeSide.control('POST', '/clock', { account: accountId, advanceTo: next });
  }

  /** Lets the account's time pass, boundary by boundary. `sweeping`: events may be missing, so the Schedule's sweep runs. */
  async moveTo(target: Time, sweeping: () => boolean): Promise<void> {
    const { clock } = this.stage;
    const { accountId } = this.shop;
    const product: MovedProduct = {
      setClock: (offset) => clock.moveTo(MODE, accountId, offset),
      tellRuns: async () => {
        await this.wakeDue();
        if (sweeping()) await this.reconcile();
      },
      isInboxEmpty: () => this.flush(),
      isOnTime: async () => {
        if (!(await this.isDue())) return true;
        // A deadline of the very next second is behind by now.
        if (this.stage.engine === 'direct') await this.wakeDue();
        return !(await this.isDue());
      },
      nextDeadline: () => this.nextDeadline(),
    };
    await moveTime(this.emulated, product, target);
  }

  /** The first moment at which a run of this coach looks by itself, due or ahead; remembered while nothing happens. */
  private async nextDeadline(): Promise<Time | null> {
    if (this.deadline !== undefined) return this.deadline;
    const [row] = await this.stage.db.$queryRaw<{ at: Date | null }[]>`
      SELECT min(next_deadline_at) AS at FROM (
        SELECT next_deadline_at FROM membership WHERE coach_id = ${this.shop.coachId} AND ended_at IS NULL
        UNION ALL
        SELECT next_deadline_at FROM checkout WHERE coach_id = ${this.shop.coachId} AND ended_at IS NULL
      ) open`;
    const deadline = row?.at == null ? null : Math.floor(row.at.getTime() / 1000);
    // Through Temporal, rows change at any time.
    if (this.stage.engine === 'direct') this.deadline = deadline;
    return deadline;
  }

  private async isDue(): Promise<boolean> {
    const deadline = await this.nextDeadline();
    if (deadline === null) return false;
    return deadline <= (await this.stage.clock.now(MODE, this.shop.accountId));
  }

  /** What the runs' timers do: an open checkout asks Stripe within minutes, a membership at its deadline. */
  private async wakeDue(): Promise<void> {
    const { db, wake, clock, engine } = this.stage;
    if (engine === 'direct' && this.checkoutsOpen === false && !(await this.isDue())) return;
    const now = new Date((await clock.now(MODE, this.shop.accountId)) * 1000);
    const open = { coachId: this.shop.coachId, mode: MODE, endedAt: null };
    const [checkouts, memberships] = await Promise.all([
      db.checkout.findMany({ where: open, select: { id: true } }),
      db.membership.findMany({
        where: { ...open, nextDeadlineAt: engine === 'direct' ? { lte: now } : { not: null } },
        select: { id: true },
      }),
    ]);
    const targets: Target[] = [
      ...checkouts.map(({ id }) => ({ kind: 'checkout' as const, id })),
      ...memberships.map(({ id }) => ({ kind: 'membership' as const, id })),
    ];
    this.somethingHappened();
    this.checkoutsOpen = checkouts.length > 0;
    await wake(targets, [
      connectionWorkflowId(MODE, this.shop.coachId),
      ...checkouts.map(({ id }) => checkoutWorkflowId(id)),
      ...memberships.map(({ id }) => membershipWorkflowId(id)),
    ]);
  }

  /** The Schedule's sweep over this account: what got lost is asked for. */
  async reconcile(): Promise<void> {
    const { accountId, coachId } = this.shop;
    await this.stage.asActivity(() =>
      this.stage.activities.reconcileAccount({ mode: MODE, accountId, coachId }),
    );
    await this.settle();
  }

  /** What got lost on the way turns up after all. */
  async find(): Promise<void> {
    await this.stage.network.find(this.shop.accountId, this.random);
    await this.settle();
  }

  /** Until everything that Stripe sent has arrived, or is lost, and is worked off. */
  async comeToRest(): Promise<void> {
    this.somethingHappened();
    await this.drain();
    await eventually('the inbox to be worked off', () => this.flush());
  }

  /** One round of it, after the emulator has sent what it had; true when nothing was left to do. */
  private async flush(): Promise<boolean> {
    const { accountId } = this.shop;
    for (;;) {
      const { delivered, lost } = await this.stage.network.deliver(accountId, this.accident, this.random);
      this.lost += lost;
      if (delivered + lost === 0 && this.isSettled) return true;
      if (!(await this.settle())) return false;
      if (delivered + lost === 0) return true;
      await this.drain();
    }
  }

  /** A delivery that failed on its way is tried again at once: what gets lost is for the accident to say. */
  private async drain(): Promise<void> {
    const scope = { account: this.shop.accountId, retryNow: true };
    await eventually(
      'Stripe to have sent everything',
      async () => (await this.stage.stripeSide.drain(scope)).pending === 0,
    );
  }

  private async settle(): Promise<boolean> {
    const { accountId } = this.shop;
    this.somethingHappened();
    const waiting = await this.stage.settleInbox(accountId, this.random);
    this.isSettled = waiting === 0 && this.stage.engine === 'direct';
    return waiting === 0;
  }

  /** What was remembered of the product's rows may have changed. */
  private somethingHappened(): void {
    this.deadline = undefined;
    this.checkoutsOpen = undefined;
    this.isSettled = false;
  }

  /** For the report of a mismatch: what the product has in its tables. */
  async describe(): Promise<string> {
    const { coachId } = this.shop;
    const { db } = this.stage;
    const [members, memberships, checkouts, waiting, timeline] = await Promise.all([
      db.member.findMany({ where: { coachId } }),
      db.membership.findMany({
        where: { coachId },
        include: { grants: true },
        orderBy: { createdAt: 'asc' },
      }),
      db.checkout.findMany({ where: { coachId, endedAt: null } }),
      db.inbox.findMany({ where: { accountId: this.shop.accountId, status: 'waiting' } }),
      db.timelineEntry.findMany({ where: { coachId }, orderBy: { id: 'asc' } }),
    ]);
    const name = (id: string | null) => members.find((member) => member.id === id)?.externalId ?? id;
    const iso = (date: Date | null | undefined) => date?.toISOString().slice(0, 19) ?? '-';
    return [
      ...timeline.map(
        (entry) => `  ${iso(entry.at)} ${name(entry.memberId)}: ${entry.kind}. ${entry.effect}`,
      ),
      ...memberships.map((row) => {
        const grants = row.grants.map(
          (grant) =>
            `${iso(grant.until)}${grant.suspended ? ', suspended' : ''}${grant.revoked ? ', revoked' : ''}`,
        );
        return (
          `  membership of ${name(row.memberId)}: ${row.kind}, ${row.status}, ${row.reason}, Stripe: ${row.stripeStatus}, ` +
          `paid through ${iso(row.paidThrough)}, looks again ${iso(row.nextDeadlineAt)}, looked ${iso(row.verifiedAt)}, ` +
          `grant until ${grants.join(' and ')}`
        );
      }),
      ...checkouts.map((row) => `  checkout of ${name(row.memberId)}: ${row.status}`),
      ...waiting.map((row) => `  waits in the inbox: ${row.type}: ${row.note ?? ''}`),
    ].join('\n');
  }

  /** Takes what the next sequences do not need out of memory. */
  leave(): void {
    this.stage.network.forget(this.shop.accountId);
  }

  // --- ways to Stripe and to the API

  /** The payment of the newest period's own invoice. */
  private async newestPayment(number: number): Promise<string> {
    return (await this.newestPayments(number)).at(-1) ?? '';
  }

  private async newestPayments(number: number): Promise<string[]> {
    return (await this.newestPaid(number)).map(({ intent }) => intent);
  }

  /** The payments for the newest period, its own the last: at Stripe, and as they are called here. */
  private async newestPaid(number: number): Promise<{ intent: string; paymentId: string }[]> {
    const { subscription, payment } = this.boughtAs(number);
    if (payment !== null) return [{ intent: payment, paymentId: payment }];
    const { data } = await this.stripe.invoices.list(
      { subscription: subscription ?? '', status: 'paid', limit: 100, expand: ['data.payments'] },
      this.asAccount,
    );
    const paid = data.filter(({ amount_paid }) => amount_paid > 0);
    const own = paid.findIndex(({ billing_reason }) => billing_reason !== 'subscription_update');
    return paid.slice(0, own + 1).map(({ id = '', payments }) => ({
      intent: idOf(payments?.data[0]?.payment.payment_intent),
      paymentId: id,
    }));
  }

  private subscriptionOf(number: number): string {
    return this.boughtAs(number).subscription ?? '';
  }

  private boughtAs(number: number): Bought {
    const found = this.bought.get(number);
    if (found === undefined) throw new Error(`Nobody bought ${number}.`);
    return found;
  }

  private async trigger(name: string, input: object): Promise<void> {
    await this.stage.stripeSide.trigger(name, { account: this.shop.accountId, ...input });
  }

  private async ask(number: number, action: string, body: object): Promise<void> {
    const { checkoutId } = this.boughtAs(number);
    const { id } = await this.stage.db.membership.findUniqueOrThrow({ where: { checkoutId } });
    await this.call('POST', `/v1/memberships/${id}/${action}`, body);
  }

  private async call<T>(method: string, path: string, body?: object): Promise<T> {
    return request<T>(this.stage, this.shop.key, method, path, body, `${(this.requests += 1)}`);
  }
}

function idOf(ref: string | { id: string } | null | undefined): string {
  if (ref == null) throw new Error('Stripe names nothing there.');
  return typeof ref === 'string' ? ref : ref.id;
}

/** How often a request is repeated that could not be finished yet; each waits for the API's own deadline. */
const MOST_ASKED = 5;

async function request<T>(
  stage: Stage,
  key: string,
  method: string,
  path: string,
  body?: object,
  idempotencyKey = randomBytes(8).toString('hex'),
): Promise<T> {
  const ask = () =>
    fetch(`${stage.api}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'idempotency-key': `model-${idempotencyKey}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  let response = await ask();
  // What takes long on a busy machine is asked for again, with the same key, as the answer says.
  for (let again = 1; response.status === 503 && again <= MOST_ASKED; again++) response = await ask();
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path.split('?')[0]} answered ${response.status}: ${text}`);
  return JSON.parse(text) as T;
}

/** A coach with a connected account, two members and all offers on sale: the rows that connection and catalog leave. */
async function openShop(stage: Stage, policy: Policy, billing: Billing): Promise<Shop> {
  const { db, stripeSide } = stage;
  const accountId = await stripeSide.newAccount({ verified: true });
  await stripeSide.connect(accountId, MODE);
  await stripeSide.control('PUT', `/accounts/${accountId}/retry-policy`, {
    days: billing.retryDays,
    finalAction: billing.inTheEnd,
  });
  const [coachId, connectionId] = [newId('coach'), newId('connection')];
  const owner = { coachId, mode: MODE };
  const { graceDays, leewayHours: renewalLeewayHours, ...choices } = policy;
  await db.coach.create({ data: { id: coachId, name: 'A Coach' } });
  await db.connection.create({
    data: {
      id: connectionId,
      ...owner,
      accountId,
      status: 'connected',
      chargesEnabled: true,
      payoutsEnabled: true,
      detailsSubmitted: true,
      defaultCurrency: 'usd',
      country: 'US',
      connectedAt: new Date(),
    },
  });
  await db.settings.create({
    data: {
      ...owner,
      graceDays,
      renewalLeewayHours,
      ...choices,
      origins: [COACH_UI],
    },
  });
  await db.member.createMany({
    data: MEMBERS.map((externalId) => ({ id: newId('member'), ...owner, externalId })),
  });
  const products = {} as Shop['products'];
  const prices = {} as Shop['prices'];
  for (const name of PRODUCTS) products[name] = newId('product');
  await db.product.createMany({
    data: PRODUCTS.map((name) => ({ id: products[name], ...owner, name, allowMultiple: true })),
  });
  const stripe = stage.stripe.of(MODE);
  const asAccount = { stripeAccount: accountId };
  const atStripe = { products: {}, prices: {} } as Shop['atStripe'];
  for (const name of PRODUCTS)
    atStripe.products[name] = (await stripe.products.create({ name }, asAccount)).id;
  await db.stripeProduct.createMany({
    data: PRODUCTS.map((name) => ({
      ...owner,
      accountId,
      productId: products[name],
      stripeProductId: atStripe.products[name],
      active: true,
    })),
  });
  const offers = Object.entries(OFFERS) as [OfferName, Offer][];
  const recurring = (days: number) => ({ interval: 'day' as const, interval_count: days });
  const onSale = await Promise.all(
    offers.map(async ([name, { product, amount, everyDays }]) => {
      const { id } = await stripe.prices.create(
        {
          product: atStripe.products[product],
          unit_amount: amount,
          currency: 'usd',
          ...(everyDays === null ? {} : { recurring: recurring(everyDays) }),
        },
        asAccount,
      );
      atStripe.prices[name] = id;
      return { stripePriceId: id, priceId: (prices[name] = newId('price')) };
    }),
  );
  for (const [name, { amount, everyDays }] of Object.entries(FOREIGN)) {
    const { id } = await stripe.prices.create(
      {
        product_data: { name },
        unit_amount: amount,
        currency: 'usd',
        recurring: recurring(everyDays),
      },
      asAccount,
    );
    atStripe.prices[name as ForeignName] = id;
  }
  await db.price.createMany({
    data: offers.map(([name, { product, amount, everyDays, trialDays, accessDays }]) => ({
      id: prices[name],
      ...owner,
      productId: products[product],
      status: 'active',
      model: everyDays === null ? 'one_off' : 'recurring',
      currency: 'usd',
      unitAmount: amount,
      interval: everyDays === null ? null : 'day',
      intervalCount: everyDays,
      trialDays,
      accessDays,
    })),
  });
  await db.priceProvisioning.createMany({
    data: onSale.map((ids) => ({
      id: newId('provisioning'),
      ...owner,
      ...ids,
      accountId,
      status: 'provisioned',
      endedAt: new Date(),
    })),
  });
  const { key } = await request<{ key: string }>(
    stage,
    stage.platformKey,
    'POST',
    `/v1/coaches/${coachId}/api-keys`,
    { mode: MODE },
  );
  return { coachId, connectionId, accountId, key, products, prices, atStripe };
}
