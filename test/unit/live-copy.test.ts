import {
  changedBy,
  changesOf,
  type CodeFacts,
  type CouponFacts,
  decideCode,
  decideCoupon,
  decideEndpoint,
  decideOffer,
  decideOffersBeside,
  decidePrice,
  decideProduct,
  decideReplacing,
  type PriceFacts,
} from '../../src/domain/live-copy';

// What is done with each thing of test mode in live mode.

test.each([
  ['changed in test mode', { test: 'b', live: 'a', copied: 'a' }, { f: 'b' }],
  ['changed in live mode alone', { test: 'a', live: 'b', copied: 'a' }, {}],
  ['changed in both', { test: 'b', live: 'c', copied: 'a' }, { f: 'b' }],
  ['changed in both to the same', { test: 'b', live: 'b', copied: 'a' }, {}],
  ['taken away', { test: null, live: 'a', copied: 'a' }, { f: null }],
  ['never said', { test: null, live: undefined, copied: undefined }, {}],
])('a field that is %s', (_what, { test: mine, live, copied }, changed) => {
  const changes = changesOf({ test: { f: mine }, live: { f: live }, copied: { f: copied } });
  expect(changedBy(changes)).toEqual(changed);
});

test.each([
  ['adds', ['a', 'b'], ['x'], [], ['x', 'a', 'b']],
  ['keeps what live mode added', ['a', 'b'], ['a', 'x'], ['a'], ['a', 'x', 'b']],
  ['takes away', ['a'], ['a', 'b', 'x'], ['a', 'b'], ['a', 'x']],
  ['leaves what is there', ['a'], ['a', 'x'], [], undefined],
])('a set %s', (_what, mine, live, copied, to) => {
  const changes = changesOf({ test: { f: mine }, live: { f: live }, copied: { f: copied } }, ['f']);
  expect(changedBy(changes)['f']).toEqual(to);
});

test.each([
  ['active', null, 0, 'new', null],
  ['active', 'active', 0, 'same', null],
  ['active', 'active', 1, 'change', null],
  ['active', 'archived', 0, 'same', null],
  ['active', 'archived', 1, 'impossible', 'archived_in_live'],
  ['archived', null, 0, 'impossible', 'archived_in_test'],
  ['archived', 'active', 1, 'impossible', 'archived_in_test'],
  ['archived', 'archived', 1, 'same', null],
] as const)('a product, %s here and %s there, with %i changes: %s', (mine, live, changes, action, reason) => {
  expect(decideProduct({ test: mine, live, changes })).toEqual({ action, reason });
});

const NEW: PriceFacts = {
  test: 'active',
  testProduct: 'active',
  live: null,
  liveProduct: null,
  isOffSale: false,
  isCurrencyRefused: false,
  isFree: false,
  isLiveConnected: true,
  changes: 0,
};
const THERE: PriceFacts = { ...NEW, live: 'active', liveProduct: 'active' };
const FAILED: PriceFacts = { ...THERE, live: 'failed' };
test.each<[string, PriceFacts, string, string | null]>([
  ['new', NEW, 'new', null],
  ['archived', { ...NEW, test: 'archived' }, 'impossible', 'archived_in_test'],
  ['of an archived product', { ...NEW, testProduct: 'archived' }, 'impossible', 'product_archived_in_test'],
  ['refused', { ...NEW, test: 'failed' }, 'impossible', 'not_on_sale_in_test'],
  ['on its way', { ...NEW, test: 'provisioning' }, 'impossible', 'not_on_sale_in_test'],
  ['taken off there', { ...NEW, liveProduct: 'archived' }, 'impossible', 'product_archived_in_live'],
  ['without an account', { ...NEW, isLiveConnected: false }, 'impossible', 'live_not_connected'],
  ['free, without an account', { ...NEW, isLiveConnected: false, isFree: true }, 'new', null],
  ['there', THERE, 'same', null],
  ['on its way there', { ...THERE, live: 'provisioning' }, 'same', null],
  ['renamed', { ...THERE, changes: 1 }, 'change', null],
  ['archived in both', { ...THERE, test: 'archived', live: 'archived' }, 'same', null],
  ['archived there', { ...THERE, live: 'archived' }, 'same', null],
  [
    'archived there, and renamed',
    { ...THERE, live: 'archived', changes: 1 },
    'impossible',
    'archived_in_live',
  ],
  ['failed there', FAILED, 'change', null],
  ['archived in the Dashboard', { ...FAILED, isOffSale: true }, 'impossible', 'off_sale_in_live'],
  [
    'in a currency that was refused',
    { ...FAILED, isCurrencyRefused: true },
    'impossible',
    'currency_not_possible',
  ],
  ['failed, and disconnected', { ...FAILED, isLiveConnected: false }, 'impossible', 'live_not_connected'],
])('a price that is %s', (_what, facts, action, reason) => {
  expect(decidePrice(facts)).toEqual({ action, reason });
});

test.each([
  [null, null],
  [{ status: 'active', isSold: false, isReplaced: false }, 'replaces'],
  [{ status: 'active', isSold: true, isReplaced: false }, 'sold_stays'],
  [{ status: 'active', isSold: false, isReplaced: true }, null],
  [{ status: 'archived', isSold: true, isReplaced: false }, null],
] as const)('the price that was replaced, %o: %s', (old, how) => {
  expect(decideReplacing(old)).toBe(how);
});

const COUPON: CouponFacts = {
  test: 'active',
  live: null,
  isDeletedAtStripe: false,
  isExpired: false,
  areProductsCopied: true,
  isLiveConnected: true,
};
test.each<[string, CouponFacts, string, string | null]>([
  ['new', COUPON, 'new', null],
  ['archived', { ...COUPON, test: 'archived' }, 'impossible', 'archived_in_test'],
  ['archived in both', { ...COUPON, test: 'archived', live: 'archived' }, 'same', null],
  ['archived there', { ...COUPON, live: 'archived' }, 'same', null],
  ['there', { ...COUPON, live: 'active' }, 'same', null],
  ['there, and has expired', { ...COUPON, live: 'active', isExpired: true }, 'same', null],
  ['on its way there', { ...COUPON, live: 'pending' }, 'same', null],
  ['refused', { ...COUPON, test: 'failed' }, 'impossible', 'not_usable_in_test'],
  ['on its way', { ...COUPON, test: 'pending' }, 'impossible', 'not_usable_in_test'],
  ['over', { ...COUPON, isExpired: true }, 'impossible', 'expired'],
  ['for another product', { ...COUPON, areProductsCopied: false }, 'impossible', 'product_not_copied'],
  ['without an account', { ...COUPON, isLiveConnected: false }, 'impossible', 'live_not_connected'],
  ['refused there', { ...COUPON, live: 'failed' }, 'change', null],
  ['refused in both', { ...COUPON, live: 'failed', test: 'failed' }, 'impossible', 'not_usable_in_test'],
  [
    'deleted in the Dashboard (scenario 105)',
    { ...COUPON, live: 'failed', isDeletedAtStripe: true },
    'impossible',
    'deleted_at_stripe',
  ],
])('a coupon that is %s', (_what, facts, action, reason) => {
  expect(decideCoupon(facts)).toEqual({ action, reason });
});

const CODE: CodeFacts = {
  test: 'active',
  live: null,
  isSwitchedOffAtStripe: false,
  isExpired: false,
  coupon: 'there',
  isLiveConnected: true,
  isTaken: false,
};
const CODE_FAILED: CodeFacts = { ...CODE, live: 'failed' };
test.each<[string, CodeFacts, string, string | null]>([
  ['new', CODE, 'new', null],
  ['new, with its coupon', { ...CODE, coupon: 'comes' }, 'new', null],
  ['without its coupon', { ...CODE, coupon: 'missing' }, 'impossible', 'coupon_not_copied'],
  [
    'without its coupon, as no account is connected',
    { ...CODE, coupon: 'missing', isLiveConnected: false },
    'impossible',
    'live_not_connected',
  ],
  ['archived', { ...CODE, test: 'archived' }, 'impossible', 'archived_in_test'],
  ['archived in both', { ...CODE, test: 'archived', live: 'archived' }, 'same', null],
  ['archived there', { ...CODE, live: 'archived' }, 'same', null],
  ['there', { ...CODE, live: 'active', isTaken: true }, 'same', null],
  ['refused', { ...CODE, test: 'failed' }, 'impossible', 'not_usable_in_test'],
  ['over', { ...CODE, isExpired: true }, 'impossible', 'expired'],
  ['a word that is taken', { ...CODE, isTaken: true }, 'impossible', 'code_taken_in_live'],
  ['failed with its coupon', { ...CODE_FAILED, coupon: 'comes' }, 'same', null],
  ['refused there', CODE_FAILED, 'impossible', 'refused_in_live'],
  [
    'switched off in the Dashboard',
    { ...CODE_FAILED, isSwitchedOffAtStripe: true },
    'impossible',
    'deleted_at_stripe',
  ],
])('a code that is %s', (_what, facts, action, reason) => {
  expect(decideCode(facts)).toEqual({ action, reason });
});

test.each([
  [0, true, 'same', null],
  [0, false, 'same', null],
  [1, true, 'change', null],
  [1, false, 'impossible', 'coupon_not_copied'],
] as const)('an offer with %i changes, its coupon copied: %s', (changes, isCouponCopied, action, reason) => {
  expect(decideOffer({ changes, isCouponCopied })).toEqual({ action, reason });
});

test.each([
  [0, true, 'same', null],
  [0, false, 'same', null],
  [1, true, 'change', null],
  [1, false, 'impossible', 'price_not_copied'],
] as const)(
  'what is offered beside, with %i changes, its prices copied: %s',
  (changes, arePricesCopied, action, reason) => {
    expect(decideOffersBeside({ changes, arePricesCopied })).toEqual({ action, reason });
  },
);

const ENDPOINT = { live: null, isAllowed: true, isTold: false, isRoomLeft: true, changes: 0 } as const;
test.each([
  [ENDPOINT, 'new', null],
  [{ ...ENDPOINT, isTold: true }, 'same', null],
  [{ ...ENDPOINT, isAllowed: false }, 'impossible', 'receiver_not_allowed'],
  [{ ...ENDPOINT, isRoomLeft: false }, 'impossible', 'too_many_receivers'],
  [{ ...ENDPOINT, live: 'gone' as const }, 'impossible', 'removed_in_live'],
  [{ ...ENDPOINT, live: 'there' as const }, 'same', null],
  [{ ...ENDPOINT, live: 'there' as const, changes: 1 }, 'change', null],
  [
    { ...ENDPOINT, live: 'there' as const, changes: 1, isAllowed: false },
    'impossible',
    'receiver_not_allowed',
  ],
])('a receiver, %o: %s', (facts, action, reason) => {
  expect(decideEndpoint(facts)).toEqual({ action, reason });
});
