import { randomBytes } from 'node:crypto';
import type { Checkout, Membership } from '../../src/db/generated/client';
import { type Access, accessOf } from '../../src/domain/access';
import { newId } from '../../src/domain/ids';
import type { Mode } from '../../src/domain/mode';
import { type Seconds, toSeconds } from '../../src/domain/time';
import { deliver, type EmulatedAccount, moveTime, type MovedProduct } from '../../src/local/time-travel';
import { checkoutWorkflowId, membershipWorkflowId, withdrawalWorkflowId } from '../../src/messages/ids';
import { eventually } from './eventually';
import type { Rig } from './rig';
import { CARDS } from './stripe-side';

export interface Sale {
  productId: string;
  priceId: string;
  stripePriceId: string;
  unitAmount: number;
  currency: string;
  recurring: boolean;
}

export interface SaleOptions {
  unitAmount?: number;
  currency?: string;
  /** Null: paid once. */
  interval?: 'day' | 'week' | 'month' | 'year' | null;
  /** Another price of a product that exists. */
  productId?: string;
}

export type Shop = Awaited<ReturnType<typeof openShop>>;

/**
 * A coach in one mode with a connected, verified account: what the connection and the catalog leave behind, without
 * their workflows.
 */
export async function openShop(rig: Rig, mode: Mode = 'test', account: object = { verified: true }) {
  const { db, stripeSide } = rig;
  const accountId = await stripeSide.newAccount(account);
  const startAt = (advanceTo: Seconds) =>
    stripeSide.control('POST', '/clock', { account: accountId, livemode: mode === 'live', advanceTo });
  await stripeSide.connect(accountId, mode);
  // Where time was skipped, a new account begins in the present.
  if (rig.skipTo !== null) await startAt(await rig.clock.now(mode, accountId));
  const coachId = newId('coach');
  const connectionId = newId('connection');
  await db.coach.create({ data: { id: coachId, name: 'A Coach' } });
  await db.connection.create({
    data: {
      id: connectionId,
      coachId,
      mode,
      status: 'connected',
      accountId,
      chargesEnabled: true,
      payoutsEnabled: true,
      detailsSubmitted: true,
      defaultCurrency: 'usd',
      country: 'US',
      connectedAt: new Date(),
    },
  });
  const emulated: EmulatedAccount = { emulator: stripeSide.url, accountId, mode };
  const stripe = rig.stripe.of(mode);
  const asAccount = { stripeAccount: accountId };
  const now = () => rig.clock.now(mode, accountId);

  async function newProduct(): Promise<string> {
    const productId = newId('product');
    const stripeProduct = await stripe.products.create({ name: 'A Course' }, asAccount);
    await db.product.create({ data: { id: productId, coachId, mode, name: 'A Course' } });
    await db.stripeProduct.create({
      data: { coachId, mode, productId, accountId, stripeProductId: stripeProduct.id, active: true },
    });
    return productId;
  }

  /** Puts a price on sale: monthly, 49.00 usd, unless told otherwise. */
  async function sell(options: SaleOptions = {}): Promise<Sale> {
    const { unitAmount = 4900, currency = 'usd', interval = 'month' } = options;
    const productId = options.productId ?? (await newProduct());
    const { stripeProductId } = await db.stripeProduct.findFirstOrThrow({ where: { productId, accountId } });
    const priceId = newId('price');
    const stripePrice = await stripe.prices.create(
      {
        product: stripeProductId,
        unit_amount: unitAmount,
        currency,
        ...(interval === null ? {} : { recurring: { interval } }),
      },
      asAccount,
    );
    await db.price.create({
      data: {
        id: priceId,
        coachId,
        mode,
        productId,
        status: 'active',
        model: interval === null ? 'one_off' : 'recurring',
        maxQuantity: 9,
        currency,
        unitAmount,
        interval,
        intervalCount: interval === null ? null : 1,
      },
    });
    await db.priceProvisioning.create({
      data: {
        id: newId('provisioning'),
        coachId,
        mode,
        priceId,
        accountId,
        status: 'provisioned',
        stripePriceId: stripePrice.id,
        endedAt: new Date(),
      },
    });
    return {
      productId,
      priceId,
      stripePriceId: stripePrice.id,
      unitAmount,
      currency,
      recurring: interval !== null,
    };
  }

  async function newMember(): Promise<string> {
    const id = newId('member');
    await db.member.create({
      data: { id, coachId, mode, externalId: `member-${randomBytes(6).toString('hex')}` },
    });
    return id;
  }

  const owner = (memberId: string | null) => ({ mode, coachId, accountId, memberId });

  /** Inserts the row of a checkout, as the API does before it starts the run. */
  async function insertCheckout(sale: Sale, memberId: string | null, buyerKey?: string): Promise<Checkout> {
    const { recurring, ...bought } = sale;
    return db.checkout.create({
      data: {
        id: newId('checkout'),
        coachId,
        mode,
        accountId,
        memberId,
        buyerKey:
          buyerKey ??
          (memberId === null ? `visitor:${randomBytes(8).toString('hex')}` : `member:${memberId}`),
        recurring,
        ...bought,
        successUrl: 'http://localhost/thanks',
        cancelUrl: 'http://localhost/back',
      },
    });
  }

  /** Opens a checkout for a member; the answer has Stripe's page. */
  async function open(sale: Sale, memberId: string | null, buyerKey?: string) {
    const row = await insertCheckout(sale, memberId, buyerKey);
    const { url } = await rig.workflows.openCheckout(row.id, owner(memberId));
    return { checkoutId: row.id, memberId, url: url ?? '' };
  }

  const checkoutRow = (id: string) => db.checkout.findUniqueOrThrow({ where: { id } });
  const membershipOf = (checkoutId: string) => db.membership.findUnique({ where: { checkoutId } });

  /** Waits for what a purchase gives. */
  const bought = (checkoutId: string): Promise<Membership> =>
    eventually(`a membership of ${checkoutId}`, async () => (await membershipOf(checkoutId)) ?? undefined);

  /** Opens, pays with a good card and waits for the membership. */
  async function buy(sale: Sale, memberId: string, card: string = CARDS[mode].succeeds) {
    const checkout = await open(sale, memberId);
    const { status } = await stripeSide.payWithCard(checkout.url, card);
    if (status !== 303) throw new Error(`The payment page answered ${status}`);
    const membership = await bought(checkout.checkoutId);
    await quiet();
    return {
      ...checkout,
      memberId,
      membershipId: membership.id,
      subscriptionId: membership.stripeSubscriptionId ?? '',
    };
  }

  /** The answer of an access check, on the account's clock. */
  async function access(memberId: string, productId: string): Promise<Access> {
    const grants = await db.grant.findMany({ where: { coachId, mode, memberId, productId } });
    const facts = grants.map(({ startsAt, until, suspended, revoked }) => ({
      startsAt: toSeconds(startsAt),
      until: until === null ? null : toSeconds(until),
      suspended,
      revoked,
    }));
    return accessOf(facts, await now());
  }

  const openRows = { coachId, mode, endedAt: null, nextDeadlineAt: { not: null } } as const;
  const nextDeadlines = async (): Promise<Seconds[]> => {
    const [memberships, checkouts] = await Promise.all([
      db.membership.findMany({ where: openRows, select: { nextDeadlineAt: true } }),
      db.checkout.findMany({ where: openRows, select: { nextDeadlineAt: true } }),
    ]);
    return [...memberships, ...checkouts].flatMap(({ nextDeadlineAt }) =>
      nextDeadlineAt === null ? [] : [toSeconds(nextDeadlineAt)],
    );
  };

  /** Runs that there have to be, whether they have begun or not. */
  const runsAtWork = async () => {
    const open = { where: { coachId, mode, endedAt: null }, select: { id: true } } as const;
    const [memberships, checkouts, withdrawals] = await Promise.all([
      db.membership.findMany({ where: openRows, select: { id: true } }),
      db.checkout.findMany(open),
      db.withdrawal.findMany(open),
    ]);
    return [
      ...memberships.map(({ id }) => membershipWorkflowId(id)),
      ...checkouts.map(({ id }) => checkoutWorkflowId(id)),
      ...withdrawals.map(({ id }) => withdrawalWorkflowId(id)),
    ];
  };

  const product: MovedProduct = {
    async setClock(offsetSeconds, at) {
      if (rig.skipTo === null) await rig.clock.moveTo(mode, accountId, offsetSeconds);
      else {
        await eventually('idle runs', async () => rig.isIdle(await runsAtWork()));
        await rig.skipTo(at, runsAtWork);
      }
    },
    async tellRuns() {
      // On the time-skipping server the runs' own timers have to do it.
      if (rig.skipTo !== null) return;
      await rig.workflows.signalClockMoved(await runsAtWork());
    },
    isInboxEmpty: async () => (await db.inbox.count({ where: { accountId, mode, status: 'waiting' } })) === 0,
    async isOnTime() {
      const present = await now();
      return (await nextDeadlines()).every((at) => at > present);
    },
    async nextDeadline() {
      const present = await now();
      const ahead = (await nextDeadlines()).filter((at) => at > present);
      return ahead.length === 0 ? null : Math.min(...ahead);
    },
  };

  /** Waits until all that Stripe said about this account is delivered and settled. */
  const quiet = () => deliver(emulated, product);

  return {
    mode,
    coachId,
    accountId,
    connectionId,
    stripe,
    asAccount,
    now,
    owner,
    sell,
    newMember,
    insertCheckout,
    open,
    bought,
    buy,
    access,
    checkoutRow,
    membershipOf,
    quiet,
    /** Moves the account's time, boundary by boundary. */
    moveTo: (target: Seconds) => moveTime(emulated, product, target),
    moveBy: async (seconds: number) => moveTime(emulated, product, (await now()) + seconds),
    membership: (id: string) => db.membership.findUniqueOrThrow({ where: { id } }),
    timeline: (memberId: string) =>
      db.timelineEntry.findMany({ where: { coachId, mode, memberId }, orderBy: { id: 'asc' } }),
    inbox: () => db.inbox.findMany({ where: { accountId, mode }, orderBy: { id: 'asc' } }),
  };
}
