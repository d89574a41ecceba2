import { offerFor, type OfferedCoupon, type OfferedTo } from '../../src/domain/cancel-offer';
import { DAY } from '../../src/domain/time';

const NOW = 1_800_000_000;
const PAID: OfferedTo = {
  kind: 'subscription',
  reason: 'paid',
  hasInstallments: false,
  hasTaken: false,
  productId: 'pdt_1',
  currency: 'eur',
};
const COUPON: OfferedCoupon = {
  status: 'active',
  onConnectedAccount: true,
  currency: null,
  productIds: [],
  expiresAt: null,
  timesRedeemed: 0,
  maxRedemptions: null,
};
const coupon = { cancelOffer: 'coupon', cancelOfferDays: 30 } as const;
const pause = { cancelOffer: 'pause', cancelOfferDays: 30 } as const;
const none = { cancelOffer: 'none', cancelOfferDays: 30 } as const;

test.each([
  ['nothing was chosen', none, PAID, COUPON, null],
  ['a coupon', coupon, PAID, COUPON, { kind: 'coupon' }],
  ['a coupon in a trial', coupon, { ...PAID, reason: 'trial' }, COUPON, { kind: 'coupon' }],
  ['a pause, from now on', pause, PAID, null, { kind: 'pause', until: NOW + 30 * DAY }],
  ['no pause of a trial', pause, { ...PAID, reason: 'trial' }, null, null],
  ['what is owed is paid first', pause, { ...PAID, reason: 'grace' }, null, null],
  ['scenario 97: not twice', coupon, { ...PAID, hasTaken: true }, COUPON, null],
  ['scenario 97: no second pause', pause, { ...PAID, hasTaken: true }, null, null],
  ['bought once', coupon, { ...PAID, kind: 'one_off' }, COUPON, null],
  ['installments stay as they were bought', coupon, { ...PAID, hasInstallments: true }, COUPON, null],
  ['no coupon is chosen', coupon, PAID, null, null],
  ['an archived one', coupon, PAID, { ...COUPON, status: 'archived' }, null],
  ['one on another account', coupon, PAID, { ...COUPON, onConnectedAccount: false }, null],
  ['of another currency', coupon, PAID, { ...COUPON, currency: 'usd' }, null],
  ['of this currency', coupon, PAID, { ...COUPON, currency: 'eur' }, { kind: 'coupon' }],
  ['for another product', coupon, PAID, { ...COUPON, productIds: ['pdt_2'] }, null],
  ['one that is over', coupon, PAID, { ...COUPON, expiresAt: NOW }, null],
  ['one that is used up', coupon, PAID, { ...COUPON, timesRedeemed: 5, maxRedemptions: 5 }, null],
] as const)('%s', (_, choices, membership, of, expected) =>
  expect(offerFor(choices, membership as OfferedTo, of, NOW)).toEqual(expected),
);
