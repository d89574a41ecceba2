import Stripe from 'stripe';
import { createDb, type Db } from '../../src/db/client';
import type { Mode } from '../../src/domain/mode';
import { RESOLVERS, remembered, resolveEvent } from '../../src/worker/resolve-event';
import { createTestDatabase, type TestDatabase } from '../harness/postgres';

let database: TestDatabase;
let db: Db;

/** A coach with an account, an open checkout `<prefix>open`, and a bound one with its membership. */
async function seed(prefix: string, mode: Mode, accountId: string): Promise<void> {
  const coachId = `${prefix}coach`;
  const own = { coachId, mode };
  const ids = { productId: `${prefix}pdt`, priceId: `${prefix}amt` };
  await db.coach.create({ data: { id: coachId, name: 'A Coach' } });
  await db.connection.create({ data: { id: `${prefix}conn`, ...own, status: 'connected', accountId } });
  await db.product.create({ data: { id: ids.productId, ...own, name: 'A Course' } });
  await db.price.create({
    data: { id: ids.priceId, ...own, productId: ids.productId, currency: 'usd', unitAmount: 100 },
  });
  await db.member.create({ data: { id: `${prefix}mbr`, ...own } });
  const checkout = (name: string) => ({
    id: `${prefix}${name}`,
    ...own,
    ...ids,
    accountId,
    stripePriceId: 'price_1',
    memberId: `${prefix}mbr`,
    buyerKey: `member:${prefix}${name}`,
    unitAmount: 100,
    currency: 'usd',
    recurring: true,
    successUrl: 'http://localhost',
    cancelUrl: 'http://localhost',
    stripeSessionId: `${prefix}cs_${name}`,
  });
  await db.checkout.create({ data: { ...checkout('open'), status: 'open' } });
  await db.checkout.create({ data: { ...checkout('bound'), status: 'completed' } });
  await db.memberProduct.create({ data: { ...own, memberId: `${prefix}mbr`, productId: ids.productId } });
  await db.membership.create({
    data: {
      id: `${prefix}msp`,
      ...own,
      ...ids,
      accountId,
      memberId: `${prefix}mbr`,
      checkoutId: `${prefix}bound`,
      kind: 'subscription',
      status: 'active',
      stripeSubscriptionId: `${prefix}sub`,
      stripePaymentIntentId: `${prefix}pi`,
      startedAt: new Date(),
      reason: 'paid',
      verifiedAt: new Date(),
    },
  });
}

beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb(database.url, 3);
  await seed('a_', 'test', 'acct_a');
  await seed('b_', 'test', 'acct_b');
  await seed('l_', 'live', 'acct_a');
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const gone = new Stripe.errors.StripeInvalidRequestError({
  type: 'invalid_request_error',
  code: 'resource_missing',
  message: 'No such object',
});

/** Stripe as far as the resolver asks it: which invoice a payment belongs to. */
const stripe = {
  invoicePayments: {
    list: ({ payment }: { payment: { payment_intent: string } }) =>
      Promise.resolve({
        object: 'list',
        data: payment.payment_intent === 'pi_of_invoice' ? [{ invoice: 'in_1' }] : [],
      }),
  },
  invoices: {
    retrieve: () =>
      Promise.resolve({
        object: 'invoice',
        id: 'in_1',
        parent: { subscription_details: { subscription: 'a_sub', metadata: {} } },
      }),
  },
  charges: {
    retrieve: (id: string) =>
      id === 'ch_gone'
        ? Promise.reject(gone)
        : Promise.resolve({
            object: 'charge',
            id,
            payment_intent: id === 'ch_a' ? 'a_pi' : 'pi_of_invoice',
          }),
  },
  paymentIntents: {
    retrieve: (id: string) =>
      id === 'pi_gone'
        ? Promise.reject(gone)
        : Promise.resolve({
            object: 'payment_intent',
            id,
            metadata: id === 'pi_of_open' ? { checkoutId: 'a_open' } : {},
          }),
  },
} as unknown as Stripe;

const resolve = (type: string, object: object, over: { mode?: Mode; accountId?: string | null } = {}) =>
  resolveEvent(
    { mode: 'test', accountId: 'acct_a', type, object: object as Record<string, unknown>, ...over },
    { db, stripe: () => stripe },
  );
const target = (kind: string, id: string) => ({ kind: 'target', target: { kind, id } });
const invoiceOf = (subscription: string, metadata: object = {}) => ({
  id: 'in_1',
  parent: { subscription_details: { subscription, metadata } },
});

const ofOurs = target('membership', 'a_msp');
const unbound = { checkoutId: 'a_open' };

describe('scenario 34, A14: events of older versions lead to the same rows', () => {
  test.each<[string, string, object, object]>([
    ['acacia: an invoice', 'invoice.paid', { id: 'in_1', subscription: 'a_sub' }, ofOurs],
    ['2020-08-27: expanded', 'invoice.paid', { id: 'in_1', subscription: { id: 'a_sub' } }, ofOurs],
    [
      'acacia: an invoice of what is not bound yet',
      'invoice.payment_failed',
      { subscription: 'sub_new', subscription_details: { metadata: unbound } },
      target('checkout', 'a_open'),
    ],
    [
      '2022-11-15: the metadata on the line',
      'invoice.finalized',
      {
        subscription: 'sub_new',
        lines: { data: [{ type: 'subscription', subscription: 'sub_new', metadata: unbound }] },
      },
      target('checkout', 'a_open'),
    ],
    [
      'acacia: a charge names its invoice',
      'charge.refunded',
      { object: 'charge', id: 'ch_1', payment_intent: 'pi_x', invoice: 'in_1' },
      ofOurs,
    ],
    [
      '2018: a charge of an invoice, without a payment intent',
      'charge.refunded',
      { object: 'charge', id: 'ch_1', payment_intent: null, invoice: 'in_1' },
      ofOurs,
    ],
    [
      '2018: a dispute names its charge only',
      'charge.dispute.created',
      { object: 'dispute', charge: 'ch_a' },
      ofOurs,
    ],
    [
      '2018: a refund of a charge that paid an invoice',
      'refund.created',
      { object: 'refund', charge: 'ch_of_invoice' },
      ofOurs,
    ],
    [
      'acacia: a subscription with its period at the top level',
      'customer.subscription.updated',
      { id: 'a_sub', current_period_end: 1, items: { data: [] } },
      ofOurs,
    ],
  ])('%s', async (_name, type, object, expected) => {
    expect(await resolve(type, object)).toMatchObject(expected);
  });

  test.each<[string, object]>([
    ['an invoice of somebody else', { subscription: 'sub_foreign' }],
    ['an invoice of another account’s subscription', { subscription: 'b_sub' }],
    ['an invoice without a subscription', { subscription: null, lines: { data: [{ id: 'il_1' }] } }],
  ])('%s is foreign in any version', async (_name, object) => {
    expect(await resolve('invoice.paid', object)).toMatchObject({ kind: 'foreign' });
  });

  test('a thin event about one of our types is resolved by the object that it names', async () => {
    const thin = { mode: 'test', accountId: 'acct_a', object: {} } as const;
    const ask = (type: string, id: string) =>
      resolveEvent({ ...thin, type, related: { id } }, { db, stripe: () => stripe });
    expect(await ask('v1.invoice.paid', 'in_1')).toMatchObject(ofOurs);
    expect(await ask('v1.customer.updated', 'cus_1')).toMatchObject({ kind: 'foreign' });
    expect(await ask('v2.core.account.closed', 'acct_a')).toMatchObject({ kind: 'foreign' });
  });

  test('an event about what Stripe does not have any more leads nowhere, and is not tried again', async () => {
    expect(await resolve('refund.created', { object: 'refund', charge: 'ch_gone' })).toMatchObject({
      kind: 'foreign',
    });
    expect(await resolve('refund.created', { payment_intent: 'pi_gone' })).toMatchObject({ kind: 'foreign' });
  });
});

describe('scenario 06: an event leads to a row of ours, or changes nothing', () => {
  test.each<[string, string, object, object]>([
    [
      'a session by its stored id',
      'checkout.session.completed',
      { id: 'a_cs_open' },
      target('checkout', 'a_open'),
    ],
    [
      'a session by our metadata, before its id is stored',
      'checkout.session.completed',
      { id: 'cs_new', metadata: { checkoutId: 'a_open' } },
      target('checkout', 'a_open'),
    ],
    [
      'a subscription by its stored id',
      'customer.subscription.updated',
      { id: 'a_sub' },
      target('membership', 'a_msp'),
    ],
    [
      'a subscription that is not bound yet, by our metadata',
      'customer.subscription.created',
      { id: 'sub_new', metadata: { checkoutId: 'a_open' } },
      target('checkout', 'a_open'),
    ],
    [
      'one that is bound since, by our metadata',
      'customer.subscription.created',
      { id: 'sub_new', metadata: { checkoutId: 'a_bound' } },
      target('membership', 'a_msp'),
    ],
    [
      'not the creation of the very subscription that it came of',
      'customer.subscription.created',
      { id: 'a_sub', metadata: { checkoutId: 'a_bound' } },
      { kind: 'old_news' },
    ],
    ['an invoice by its subscription', 'invoice.paid', invoiceOf('a_sub'), target('membership', 'a_msp')],
    [
      'an invoice by the metadata of its subscription',
      'invoice.paid',
      invoiceOf('sub_new', { checkoutId: 'a_open' }),
      target('checkout', 'a_open'),
    ],
    [
      'a refund by the stored payment',
      'charge.refunded',
      { payment_intent: 'a_pi' },
      target('membership', 'a_msp'),
    ],
    [
      'a refund by the invoice of its payment',
      'refund.created',
      { payment_intent: 'pi_of_invoice' },
      target('membership', 'a_msp'),
    ],
    [
      'a refund by the metadata of its payment',
      'refund.created',
      { payment_intent: 'pi_of_open' },
      target('checkout', 'a_open'),
    ],
    [
      'a dispute by the stored payment',
      'charge.dispute.created',
      { payment_intent: { id: 'a_pi' } },
      target('membership', 'a_msp'),
    ],
    ['the account', 'account.updated', { id: 'acct_a' }, target('connection', 'a_conn')],
  ])('%s', async (_name, type, object, expected) => {
    expect(await resolve(type, object)).toMatchObject(expected);
  });

  test.each<[string, string, object, { mode?: Mode; accountId?: string | null }]>([
    ['a type that nobody listens to', 'product.created', { id: 'prod_1' }, {}],
    ['an event of the platform itself', 'account.updated', { id: 'acct_p' }, { accountId: null }],
    ['an account that no coach has', 'invoice.paid', invoiceOf('a_sub'), { accountId: 'acct_unknown' }],
    [
      'an account in the other mode',
      'invoice.paid',
      invoiceOf('b_sub'),
      { mode: 'live', accountId: 'acct_b' },
    ],
    ['a session of somebody else', 'checkout.session.completed', { id: 'cs_foreign', metadata: {} }, {}],
    ['a subscription of somebody else', 'customer.subscription.created', { id: 'sub_foreign' }, {}],
    ['our id of another account', 'customer.subscription.updated', { id: 'b_sub', metadata: {} }, {}],
    ['our id of the other mode', 'customer.subscription.updated', { id: 'l_sub', metadata: {} }, {}],
    [
      'metadata with a checkout of another account',
      'customer.subscription.created',
      { id: 'sub_x', metadata: { checkoutId: 'b_open' } },
      {},
    ],
    [
      'metadata with a checkout of the other mode',
      'customer.subscription.created',
      { id: 'sub_x', metadata: { checkoutId: 'l_open' } },
      {},
    ],
    [
      'metadata with an invented checkout',
      'checkout.session.completed',
      { id: 'cs_x', metadata: { checkoutId: 'chk_none' } },
      {},
    ],
    [
      'metadata that is no text',
      'checkout.session.completed',
      { id: 'cs_x', metadata: { checkoutId: 1 } },
      {},
    ],
    ['an invoice without a subscription', 'invoice.paid', { id: 'in_1', parent: null }, {}],
    ['a refund of somebody else’s sale', 'refund.created', { payment_intent: 'pi_foreign' }, {}],
    ['a refund without a payment', 'refund.created', { payment_intent: null }, {}],
  ])('%s is foreign, and it is said why', async (_name, type, object, over) => {
    expect(await resolve(type, object, over)).toEqual({ kind: 'foreign', why: expect.any(String) as string });
  });

  test('the owner is the row’s, with its account and mode', async () => {
    expect(await resolve('customer.subscription.updated', { id: 'l_sub' }, { mode: 'live' })).toMatchObject({
      owner: { mode: 'live', coachId: 'l_coach', accountId: 'acct_a', memberId: 'l_mbr' },
    });
  });
});

test('a purchase that is bound between two questions is as if it were bound before', async () => {
  // The look at the purchase commits after its subscription was looked for, and before its checkout is.
  let isBound = false;
  const midway = db.$extends({
    query: {
      membership: {
        async findFirst({ args, query }) {
          const found = await query(args);
          if (!isBound) {
            isBound = true;
            await seed('m_', 'test', 'acct_m');
          }
          return found;
        },
      },
    },
  }) as unknown as Db;
  const object = { id: 'm_sub', metadata: { checkoutId: 'm_bound' } };
  const type = 'customer.subscription.created';
  const found = await resolveEvent(
    { mode: 'test', accountId: 'acct_m', type, object },
    {
      db: midway,
      stripe: () => stripe,
      known: { ...remembered(midway), connectionOf: () => Promise.resolve({ id: 'con_m' }) },
    },
  );
  expect({ isBound, found }).toMatchObject({ isBound: true, found: { kind: 'old_news' } });
});

test('every type that the endpoints listen to survives an object without anything in it', async () => {
  for (const type of Object.keys(RESOLVERS)) {
    const { kind } = await resolve(type, {});
    expect(['foreign', 'target']).toContain(kind);
  }
});
