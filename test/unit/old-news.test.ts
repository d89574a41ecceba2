import { type Known, type News, whyOldNews } from '../../src/stripe/old-news';

const NOW = 1_800_000_000;
const item = (over: object = {}) => ({
  id: 'si_1',
  current_period_start: NOW,
  current_period_end: NOW + 100,
  price: { id: 'price_1' },
  quantity: 1,
  ...over,
});
const subscription = {
  id: 'sub_1',
  items: { object: 'list', data: [item()] },
  latest_invoice: 'in_2',
  status: 'active',
};
const itemsBefore = (over: object = {}) => ({
  items: { data: [item({ current_period_start: NOW - 100, current_period_end: NOW, ...over })] },
});
const updated = (previous: object | null): News => ({
  type: 'customer.subscription.updated',
  object: subscription,
  previous: previous as News['previous'],
});
const invoice = (type: string, over: object = {}): News => ({
  type,
  previous: null,
  object: {
    id: 'in_2',
    billing_reason: 'subscription_cycle',
    collection_method: 'charge_automatically',
    auto_advance: true,
    status: 'open',
    amount_due: 4900,
    created: NOW,
    status_transitions: { finalized_at: NOW + 3600 },
    ...over,
  },
});
const known = (over: Partial<Known> = {}): Known => ({
  reason: 'paid',
  deadline: NOW + 5400,
  isPaymentKnown: false,
  ...over,
});
const BEGUN = { status: 'incomplete' };
const free = { billing_reason: 'subscription_create', amount_due: 0, status: 'paid' };

describe('left out: a look has seen it, or something else tells of it', () => {
  test.each<[string, News, Known]>([
    [
      'what the membership came of',
      { type: 'customer.subscription.created', object: {}, previous: null },
      known(),
    ],
    ['the next period', updated({ ...itemsBefore(), latest_invoice: 'in_1' }), known()],
    [
      'the same before basil',
      updated({ current_period_start: 1, current_period_end: 2, latest_invoice: 'in_1' }),
      known(),
    ],
    ['its beginning', updated(BEGUN), known()],
    ['its beginning with a card', updated({ ...BEGUN, default_payment_method: null }), known()],
    ['an invoice that is known to be paid', invoice('invoice.paid'), known({ isPaymentKnown: true })],
    [
      'and was finalized before',
      invoice('invoice.finalized'),
      known({ isPaymentKnown: true, reason: 'grace' }),
    ],
    ['a renewal that is charged at once', invoice('invoice.finalized'), known()],
    ['a trial’s first invoice', invoice('invoice.paid', free), known({ reason: 'trial' })],
    ['as it is finalized', invoice('invoice.finalized', free), known({ reason: 'trial' })],
  ])('%s', (_what, news, about) => expect(whyOldNews(news, about)).toEqual(expect.any(String)));
});

describe('looked at', () => {
  test.each<[string, News, Known?]>([
    ['any other type', { type: 'customer.subscription.deleted', object: subscription, previous: null }],
    ['a refund', { type: 'charge.refunded', object: { id: 'ch_1' }, previous: null }],
    ['an update that does not say what has changed', updated(null)],
    ['one that says nothing has', updated({})],
    ['a status with the period', updated({ ...itemsBefore(), status: 'trialing' })],
    ['the first payment, where it was not seen', updated(BEGUN), known({ reason: 'first_payment_pending' })],
    ['a beginning with an end', updated({ ...BEGUN, cancel_at_period_end: false })],
    ['a beginning with other items', updated({ ...BEGUN, ...itemsBefore() })],
    ['a recovery', updated({ status: 'past_due' })],
    [
      'a beginning that ended',
      { ...updated(BEGUN), object: { ...subscription, status: 'incomplete_expired' } },
    ],
    ['an end that was set', updated({ cancel_at_period_end: false })],
    ['another price of the item', updated(itemsBefore({ price: { id: 'price_2' } }))],
    ['another quantity', updated(itemsBefore({ quantity: 3 }))],
    ['another item', updated(itemsBefore({ id: 'si_2' }))],
    ['an item more', updated({ items: { data: [] } })],
    ['an invoice alone', updated({ latest_invoice: 'in_1' })],
    ['a payment that nobody has seen', invoice('invoice.paid')],
    ['a payment that failed', invoice('invoice.payment_failed'), known({ isPaymentKnown: true })],
    ['an invoice that is sent', invoice('invoice.finalized', { collection_method: 'send_invoice' })],
    ['one that Stripe does not charge by itself', invoice('invoice.finalized', { auto_advance: false })],
    ['one of a change', invoice('invoice.finalized', { billing_reason: 'subscription_update' })],
    ['a renewal of who is behind', invoice('invoice.finalized'), known({ reason: 'grace' })],
    [
      'a renewal that is not looked at soon',
      invoice('invoice.finalized'),
      known({ deadline: NOW + 3600 * 4 }),
    ],
    ['one without a deadline', invoice('invoice.finalized'), known({ deadline: null })],
    ['a first invoice that cost something', invoice('invoice.paid', { ...free, amount_due: 1 })],
    ['a later one that did not', invoice('invoice.paid', { ...free, billing_reason: 'subscription_cycle' })],
  ])('%s', (_what, news, about = known()) => expect(whyOldNews(news, about)).toBeNull());
});
