import { Client, Connection } from '@temporalio/client';
import type { Access, Checkout, Membership } from '@session/sdk';
import { query } from '../../src/local/postgres/server';
import type { ChaosStack } from './chaos-stack';
import type { AtStripe, EmulatorSide } from './emulator';
import type { Observation, ObservedPurchase } from './judge';
import { offerOf } from './offers';
import { patiently } from './patience';
import type { PlannedPurchase } from './plan';
import type { Bought } from './purchase';
import type { Shop } from './shop';
import { sideBySide } from './side-by-side';

/** A purchase of the story, as it was played. */
export interface Played {
  plan: PlannedPurchase;
  shop: Shop;
  bought: Bought;
  /** What the reference model says; null: too near to a change to say. */
  expected: () => boolean | null;
}

interface Session {
  id: string;
  status: string;
  amount_subtotal: number | null;
  currency: string | null;
  subscription: string | null;
  payment_intent: string | null;
  metadata: { checkoutId?: string } | null;
}
interface Subscription {
  id: string;
  status: string;
  metadata: { checkoutId?: string };
}
interface Invoice {
  billing_reason: string;
  status: string;
  amount_paid: number;
  parent: { subscription_details: { subscription: string } | null } | null;
}
interface Charge {
  id: string;
  status: string;
  payment_intent: string | null;
}

const ASKED_AT_ONCE = 8;
type Lists = Awaited<ReturnType<Observer['listed']>>;

/** Everything that the judge wants to know, read from outside. */
export class Observer {
  constructor(
    private readonly stack: ChaosStack,
    private readonly stripe: EmulatorSide,
    private readonly shops: readonly Shop[],
    private readonly played: readonly Played[],
    private readonly told: { wentBack: string[]; brokenPromises: string[] },
  ) {}

  async observe(): Promise<Observation> {
    const stripe = await this.atStripe();
    const listed = await Promise.all(this.shops.map((shop) => this.listed(shop)));
    const listsOf = new Map(this.shops.map((shop, index) => [shop, listed[index]] as const));
    const purchases = await sideBySide(this.played, ASKED_AT_ONCE, (one) =>
      this.purchase(one, listsOf.get(one.shop) as Lists, stripe),
    );
    return {
      purchases,
      seats: await this.seats(),
      inbox: await this.inbox(stripe),
      runs: await this.runs(),
      orphans: this.orphans(stripe),
      doubleEntries: await this.doubleEntries(),
      ...this.told,
      crossed: await this.crossed(),
    };
  }

  private async atStripe() {
    const [sessions, subscriptions, invoices, charges] = await Promise.all([
      this.stripe.objects<Session>('checkout.session'),
      this.stripe.objects<Subscription>('subscription'),
      this.stripe.objects<Invoice>('invoice'),
      this.stripe.objects<Charge>('charge'),
    ]);
    return {
      sessions: grouped(sessions, ({ object }) => object.metadata?.checkoutId),
      subscriptions: grouped(subscriptions, ({ object }) => object.metadata.checkoutId),
      firstInvoices: grouped(
        invoices.filter(
          ({ object }) => object.billing_reason === 'subscription_create' && object.status === 'paid',
        ),
        ({ object }) => object.parent?.subscription_details?.subscription,
      ),
      charges: grouped(
        charges.filter(({ object }) => object.status === 'succeeded'),
        ({ object }) => object.payment_intent ?? undefined,
      ),
    };
  }

  /** The coach's own lists. */
  private async listed({ business: { session } }: Shop) {
    const all = async <T>(ask: (query: Query) => Promise<{ data: T[]; nextCursor: string | null }>) => {
      const found: T[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page = await ask({ limit: 100, ...(cursor === undefined ? {} : { cursor }) });
        found.push(...page.data);
        cursor = page.nextCursor;
      }
      return found;
    };
    const [memberships, checkouts] = [
      await all<Membership>((query) => session.get('/v1/memberships', { params: { query } })),
      await all<Checkout>((query) => session.get('/v1/checkouts', { params: { query } })),
    ];
    return {
      memberships: grouped(memberships, ({ checkoutId }) => checkoutId),
      ofMembers: grouped(memberships, ({ memberId, productId }) => `${memberId} ${productId}`),
      checkouts: new Map(checkouts.map((checkout) => [checkout.id, checkout])),
    };
  }

  private async purchase(
    { plan, shop, bought, expected }: Played,
    lists: Lists,
    stripe: Awaited<ReturnType<Observer['atStripe']>>,
  ): Promise<ObservedPurchase> {
    const { product, price } = shop.offers[plan.offer];
    const checkout = lists.checkouts.get(bought.checkoutId ?? '') ?? null;
    const member = bought.member ?? checkout?.memberId ?? null;
    const access = member === null ? null : await accessOf(shop, member, product.id);
    const sessions = stripe.sessions.get(bought.checkoutId ?? '') ?? [];
    const subscriptions = stripe.subscriptions.get(bought.checkoutId ?? '') ?? [];
    const ofMember = lists.ofMembers.get(`${access?.memberId ?? ''} ${product.id}`) ?? [];
    const ofCheckout = lists.memberships.get(bought.checkoutId ?? '') ?? [];
    const { quantity, firstPayment } = offerOf(plan.offer);
    const statuses = subscriptions.map(({ object }) => `${object.id} ${object.status}`);
    const payments = [...new Set(sessions.flatMap(({ object }) => object.payment_intent ?? []))];
    return {
      number: plan.number,
      what: `${plan.mode}, coach ${plan.coach}, ${plan.offer}, ${plan.way}, ${plan.paidBy}, ${plan.deed}`,
      outcome: bought.outcome,
      expected: expected(),
      access: access?.access ?? false,
      why: `the product says ${access?.reason ?? 'nothing'}, Stripe ${statuses.join(', ') || 'nothing'}`,
      memberId: access?.memberId ?? null,
      accountId: shop.accountId,
      productId: product.id,
      priceId: price.id,
      livemode: plan.mode === 'live',
      currency: price.currency,
      // On the purchase page one is bought.
      subtotal: plan.way === 'page' ? firstPayment / (quantity ?? 1) : firstPayment,
      checkout,
      memberships: [...new Set([...ofCheckout, ...ofMember])].map(({ stripe: at, ...membership }) => ({
        ...membership,
        priceId: shop.replaced.get(membership.priceId) ?? membership.priceId,
        accountId: at.accountId,
        subscriptionId: at.subscriptionId,
      })),
      sessions: sessions.map(({ account, livemode, object }) => ({
        id: object.id,
        accountId: account,
        livemode,
        complete: object.status === 'complete',
        subtotal: object.amount_subtotal,
        currency: object.currency,
        subscriptionId: object.subscription,
      })),
      subscriptions: subscriptions.map(({ account, object }) => ({
        id: object.id,
        accountId: account,
        firstInvoicesPaid: stripe.firstInvoices.get(object.id)?.length ?? 0,
      })),
      charges: Object.fromEntries(payments.map((id) => [id, stripe.charges.get(id)?.length ?? 0])),
    };
  }

  private sql<T>(text: string): Promise<T[]> {
    return query(this.stack.info().databaseUrl, text) as Promise<T[]>;
  }

  private async seats(): Promise<Observation['seats']> {
    const rows = await this.sql<{ price: string; status: string; closed: boolean; count: number }>(
      `SELECT s.price_id AS price, s.status::text, c.ended_at IS NOT NULL AS closed, count(*)::int
       FROM seat s JOIN checkout c ON c.id = s.checkout_id GROUP BY 1, 2, 3`,
    );
    const limited = this.shops.filter(({ offers }) => 'seats' in offers);
    return limited.map((shop) => {
      const mine = rows.filter(({ price }) => price === shop.offers.seats.price.id);
      const sum = (isSo: (row: (typeof rows)[number]) => boolean) =>
        mine.filter(isSo).reduce((total, { count }) => total + count, 0);
      return {
        what: `${shop.mode}, coach ${shop.coach}`,
        seats: offerOf('seats').seats ?? 0,
        taken: sum(({ status }) => status === 'taken'),
        held: sum(({ status }) => status === 'held'),
        heldByClosed: sum(({ status, closed }) => status === 'held' && closed),
      };
    });
  }

  private async inbox(stripe: Awaited<ReturnType<Observer['atStripe']>>): Promise<Observation['inbox']> {
    const rows = await this.sql<{ id: string; mode: string; type: string; object: string; status: string }>(
      `SELECT event_id AS id, mode::text, type, object_id AS object, status::text FROM inbox`,
    );
    const { deliveries } = await this.stripe.control<{
      deliveries: { event: string; type: string; livemode: boolean; status: string }[];
    }>('GET', '/deliveries');
    const known = new Set(rows.map(({ id }) => id));
    const ours = new Set(
      [...stripe.sessions.values()]
        .flat()
        .flatMap(({ object }) => [object.id, object.subscription, object.payment_intent])
        .filter((id) => id !== null),
    );
    const those = (status: string) =>
      rows.filter((row) => row.status === status).map(({ id, type }) => `${type} ${id}`);
    const lost = deliveries.filter(({ status, event }) => status === 'delivered' && !known.has(event));
    return {
      waiting: those('waiting'),
      parked: those('parked'),
      lost: [...new Set(lost.map(({ type, event }) => `${type} ${event}`))],
      wronglyIgnored: rows
        .filter(({ status, object }) => status === 'ignored' && ours.has(object))
        .map(({ id, type }) => `${type} ${id}`),
    };
  }

  private async runs(): Promise<Observation['runs']> {
    const connection = await Connection.connect({ address: this.stack.info().temporalAddress });
    try {
      const { workflow } = new Client({ connection });
      const list = async (statuses: readonly string[]) => {
        const found: string[] = [];
        const where = statuses.map((status) => `ExecutionStatus = "${status}"`).join(' OR ');
        for await (const { workflowId } of workflow.list({ query: where })) found.push(workflowId);
        return found;
      };
      const over = await this.sql<{ run: string }>(
        `SELECT 'checkout/' || id AS run FROM checkout WHERE ended_at IS NOT NULL
         UNION ALL SELECT 'membership/' || id FROM membership WHERE ended_at IS NOT NULL`,
      );
      const isOver = new Set(over.map(({ run }) => run));
      return {
        failed: await list(['Failed', 'TimedOut', 'Terminated']),
        stuck: (await list(['Running'])).filter((run) => isOver.has(run)),
      };
    } finally {
      await connection.close();
    }
  }

  private orphans(stripe: Awaited<ReturnType<Observer['atStripe']>>): string[] {
    const ours = new Set(this.played.flatMap(({ bought }) => bought.checkoutId ?? []));
    const foreign = <T extends { id: string }>(groups: Map<string, AtStripe<T>[]>) =>
      [...groups].flatMap(([checkout, objects]) =>
        ours.has(checkout) ? [] : objects.map(({ object }) => `${object.id} at Stripe is of ${checkout}`),
      );
    // A visitor whose answer got lost may have begun twice: what nobody paid for expires.
    const paid = grouped(
      [...stripe.sessions.values()].flat().filter(({ object }) => object.status === 'complete'),
      ({ object }) => object.metadata?.checkoutId,
    );
    return [...foreign(paid), ...foreign(stripe.subscriptions)];
  }

  private async doubleEntries(): Promise<string[]> {
    const rows = await this.sql<{ of: string; kind: string; count: number }>(
      `SELECT coalesce(membership_id, checkout_id) AS of, kind, count(*)::int FROM timeline_entry
       WHERE kind IN ('purchase_completed', 'free_product_given') GROUP BY 1, 2 HAVING count(*) > 1
       UNION ALL
       SELECT membership_id, kind, count(*)::int FROM timeline_entry WHERE membership_id IS NOT NULL
       GROUP BY 1, 2, at, details HAVING count(*) > 1`,
    );
    return rows.map(({ of, kind, count }) => `${kind} is ${count} times in the timeline of ${of}`);
  }

  /** Every shop asks about another shop's member and its own product, and about that one's product. */
  private async crossed(): Promise<string[]> {
    const told: string[] = [];
    for (const [index, shop] of this.shops.entries()) {
      const other = this.shops[(index + 1) % this.shops.length];
      const one = this.played.find((played) => played.shop === other && played.bought.outcome === 'paid');
      if (other === undefined || other === shop || one === undefined) continue;
      const member = one.bought.member ?? '';
      const own = shop.offers[one.plan.offer].product.id;
      if (member !== '' && (await accessOf(shop, member, own)).access)
        told.push(`${shop.mode}, coach ${shop.coach}: access for ${member} of another shop`);
      const query = { member: 'x', product: other.offers[one.plan.offer].product.id };
      const isRefused = await shop.business.session.get('/v1/access', { params: { query } }).then(
        () => false,
        () => true,
      );
      if (!isRefused) told.push(`${shop.mode}, coach ${shop.coach}: another shop's product is known`);
    }
    return told;
  }
}

/** Which page of a list. */
interface Query {
  limit: number;
  cursor?: string;
}

function accessOf({ business }: Shop, member: string, product: string): Promise<Access> {
  return patiently('access', () =>
    business.session.get('/v1/access', { params: { query: { member, product } } }),
  );
}

function grouped<T>(things: readonly T[], keyOf: (thing: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thing]);
    else group.push(thing);
  }
  return groups;
}
