import { judge, type Observation, type ObservedMembership, type ObservedPurchase } from '../chaos/judge';

const membership: ObservedMembership = {
  id: 'msp_1',
  checkoutId: 'chk_1',
  memberId: 'mbr_1',
  productId: 'prd_1',
  priceId: 'amt_1',
  accountId: 'acct_1',
  subscriptionId: 'sub_1',
};
const session: ObservedPurchase['sessions'][number] = {
  id: 'cs_1',
  accountId: 'acct_1',
  livemode: false,
  complete: true,
  subtotal: 4900,
  currency: 'usd',
  subscriptionId: 'sub_1',
};
const bought: ObservedPurchase = {
  number: 1,
  what: 'monthly',
  outcome: 'paid',
  expected: true,
  access: true,
  why: 'the product says paid, Stripe active',
  memberId: 'mbr_1',
  accountId: 'acct_1',
  productId: 'prd_1',
  priceId: 'amt_1',
  livemode: false,
  currency: 'usd',
  subtotal: 4900,
  checkout: { id: 'chk_1', status: 'completed', memberId: 'mbr_1' },
  memberships: [membership],
  sessions: [session],
  subscriptions: [{ id: 'sub_1', accountId: 'acct_1', firstInvoicesPaid: 1 }],
  charges: { pi_1: 1 },
};
const abandoned: ObservedPurchase = {
  ...bought,
  outcome: 'left',
  expected: false,
  access: false,
  checkout: { id: 'chk_1', status: 'open', memberId: null },
  memberships: [],
  sessions: [{ ...session, complete: false }],
  subscriptions: [],
  charges: {},
};
const well: Observation = {
  purchases: [bought, abandoned],
  seats: [{ what: 'test', seats: 3, taken: 2, held: 1, heldByClosed: 0 }],
  inbox: { waiting: [], parked: [], lost: [], wronglyIgnored: [] },
  runs: { failed: [], stuck: [] },
  orphans: [],
  doubleEntries: [],
  wentBack: [],
  crossed: [],
  brokenPromises: [],
};

const kindsOf = (seen: Observation) => judge(seen).map(({ kind }) => kind);
const ofPurchase = (change: Partial<ObservedPurchase>, one = bought) =>
  kindsOf({ ...well, purchases: [{ ...one, ...change }] });

describe('the judge of the chaos', () => {
  test('finds nothing where all is well, and where it is too near to a change to say', () => {
    expect(judge(well)).toEqual([]);
    expect(ofPurchase({ expected: null, access: false })).toEqual([]);
  });

  test.each<[string, Partial<ObservedPurchase>, string]>([
    ['access that is missing', { access: false }, 'lost'],
    ['access that nothing gives', { expected: false }, 'access_without_payment'],
    ['a payment without a membership', { memberships: [] }, 'lost'],
    ['a payment whose checkout is open', { checkout: { ...bought.checkout!, status: 'open' } }, 'lost'],
    ['a payment that Stripe does not have', { sessions: [{ ...session, complete: false }] }, 'lost'],
    ['a membership twice', { memberships: [membership, { ...membership, id: 'msp_2' }] }, 'double_access'],
    ['two completed sessions', { sessions: [session, { ...session, id: 'cs_2' }] }, 'double_charge'],
    [
      'two subscriptions',
      { subscriptions: [...bought.subscriptions, { ...bought.subscriptions[0]!, id: 'sub_2' }] },
      'double_charge',
    ],
    [
      'a first period that was paid twice',
      { subscriptions: [{ ...bought.subscriptions[0]!, firstInvoicesPaid: 2 }] },
      'double_charge',
    ],
    ['a payment that was charged twice', { charges: { pi_1: 2 } }, 'double_charge'],
    ['a session on another account', { sessions: [{ ...session, accountId: 'acct_2' }] }, 'crossed'],
    ['a session of the other mode', { sessions: [{ ...session, livemode: true }] }, 'crossed'],
    ['another amount', { sessions: [{ ...session, subtotal: 4800 }] }, 'differs'],
    ['another currency', { sessions: [{ ...session, currency: 'eur' }] }, 'differs'],
    ["another coach's account", { memberships: [{ ...membership, accountId: 'acct_2' }] }, 'crossed'],
    ["another member's", { memberships: [{ ...membership, memberId: 'mbr_2' }] }, 'differs'],
    ['another product', { memberships: [{ ...membership, productId: 'prd_2' }] }, 'differs'],
    ['another price', { memberships: [{ ...membership, priceId: 'amt_2' }] }, 'differs'],
    ['another checkout', { memberships: [{ ...membership, checkoutId: 'chk_2' }] }, 'differs'],
    ['another subscription', { memberships: [{ ...membership, subscriptionId: 'sub_2' }] }, 'differs'],
  ])('of a purchase that was paid: %s', (_, change, kind) => {
    expect(ofPurchase(change)).toContain(kind);
  });

  test.each<[string, Partial<ObservedPurchase>]>([
    ['access', { access: true }],
    ['a membership', { memberships: [membership] }],
    ['a completed session', { sessions: [session] }],
  ])('of a purchase that nobody paid: %s', (_, change) => {
    expect(ofPurchase(change, abandoned)).toContain('access_without_payment');
  });

  test.each<[string, Partial<Observation>, string]>([
    ['an event that waits', { inbox: { ...well.inbox, waiting: ['evt'] } }, 'inbox'],
    ['an event that is parked', { inbox: { ...well.inbox, parked: ['evt'] } }, 'inbox'],
    ['an acknowledged event that is not there', { inbox: { ...well.inbox, lost: ['evt'] } }, 'lost'],
    ['an event of ours that was ignored', { inbox: { ...well.inbox, wronglyIgnored: ['evt'] } }, 'inbox'],
    ['a failed run', { runs: { failed: ['checkout/chk_1'], stuck: [] } }, 'runs'],
    ['a run that goes on for nothing', { runs: { failed: [], stuck: ['checkout/chk_1'] } }, 'runs'],
    ['more seats than there are', { seats: [{ ...well.seats[0]!, taken: 3 }] }, 'seats'],
    ['a seat that nobody gives back', { seats: [{ ...well.seats[0]!, heldByClosed: 1 }] }, 'seats'],
    ['an orphan at Stripe', { orphans: ['sub_3'] }, 'orphan'],
    ['an entry that is there twice', { doubleEntries: ['renewed'] }, 'timeline'],
    ['a state that went back', { wentBack: ['msp_1'] }, 'went_back'],
    ["another coach's member", { crossed: ['mbr_9'] }, 'crossed'],
    ['a request that came to nothing', { brokenPromises: ['purchase 3'] }, 'broken_promise'],
  ])('of the whole: %s', (_, change, kind) => {
    expect(kindsOf({ ...well, ...change })).toEqual([kind]);
  });
});
