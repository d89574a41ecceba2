import { codeProblem, codeRefusal, couponProblem, explainCouponFailure } from '../../src/domain/coupons';

const NOW = 1_800_000_000;
const percent = {
  ...{ percentOff: 20, amountOff: null, currency: null, duration: 'once' as const },
  ...{ months: null, maxRedemptions: null, expiresAt: null },
};
const amount = { ...percent, percentOff: null, amountOff: 500, currency: 'eur' };

describe('a coupon', () => {
  test.each([
    [percent],
    [amount],
    [{ ...percent, percentOff: 12.5 }],
    [{ ...percent, percentOff: 33.33 }],
    [{ ...percent, percentOff: 100, duration: 'forever' as const }],
    [{ ...percent, duration: 'repeating' as const, months: 3 }],
    [{ ...percent, expiresAt: NOW + 1 }],
  ])('can be %j', (terms) => expect(couponProblem(terms, NOW)).toBeNull());

  test.each([
    [{ ...percent, percentOff: null }, 'percentOff'],
    [{ ...percent, amountOff: 500, currency: 'eur' }, 'percentOff'],
    [{ ...percent, percentOff: 0 }, 'percentOff'],
    [{ ...percent, percentOff: 100.01 }, 'percentOff'],
    [{ ...percent, percentOff: 12.345 }, 'percentOff'],
    [{ ...percent, currency: 'eur' }, 'currency'],
    [{ ...amount, currency: null }, 'currency'],
    [{ ...percent, duration: 'repeating' as const }, 'months'],
    [{ ...percent, months: 3 }, 'months'],
    [{ ...percent, expiresAt: NOW }, 'expiresAt'],
  ])('cannot be %j', (terms, field) => expect(couponProblem(terms, NOW)).toMatchObject({ field }));
});

const open = {
  ...{ firstPurchaseOnly: false, onePerMember: false, maxRedemptions: null },
  ...{ expiresAt: null, minimumAmount: null, minimumCurrency: null },
};
const limited = { maxRedemptions: 10, expiresAt: NOW + 100 };

describe('a code', () => {
  test.each([
    [open],
    [{ ...open, maxRedemptions: 10, expiresAt: NOW + 100 }],
    [{ ...open, minimumAmount: 1000, minimumCurrency: 'eur' }],
  ])('can be %j', (terms) => expect(codeProblem(terms, limited, NOW)).toBeNull());

  test.each([
    [{ ...open, expiresAt: NOW }, 'expiresAt'],
    [{ ...open, expiresAt: NOW + 101 }, 'expiresAt'],
    [{ ...open, maxRedemptions: 11 }, 'maxRedemptions'],
    [{ ...open, minimumAmount: 1000 }, 'minimumCurrency'],
    [{ ...open, minimumCurrency: 'eur' }, 'minimumCurrency'],
  ])('cannot be %j', (terms, field) => expect(codeProblem(terms, limited, NOW)).toMatchObject({ field }));

  const code = { ...open, status: 'active', timesRedeemed: 0 };
  const coupon = { ...percent, status: 'active', timesRedeemed: 0, accountId: 'acct_1', productIds: [] };
  const purchase = {
    ...{ now: NOW, accountId: 'acct_1', productId: 'pdt_1', currency: 'eur', subtotal: 1000 },
    ...{ isMember: true, hasBought: false, used: 0, usedByAll: 0 },
  };
  const brought = { code, coupon, purchase };

  test('counts for whoever brings it', () => {
    expect(codeRefusal(brought)).toBeNull();
    expect(
      codeRefusal({ ...brought, purchase: { ...purchase, isMember: false, hasBought: true } }),
    ).toBeNull();
  });

  test.each([
    ['not_active', { code: { ...code, status: 'archived' } }],
    ['not_active', { coupon: { ...coupon, status: 'failed' } }],
    ['not_active', { coupon: { ...coupon, accountId: 'acct_2' } }],
    ['expired', { code: { ...code, expiresAt: NOW } }],
    ['expired', { coupon: { ...coupon, expiresAt: NOW } }],
    ['used_up', { code: { ...code, maxRedemptions: 2, timesRedeemed: 2 } }],
    ['used_up', { coupon: { ...coupon, maxRedemptions: 2, timesRedeemed: 2 } }],
    [
      'used_up',
      { code: { ...code, onePerMember: true, maxRedemptions: 2 }, purchase: { ...purchase, usedByAll: 2 } },
    ],
    ['other_product', { coupon: { ...coupon, productIds: ['pdt_2'] } }],
    ['other_currency', { coupon: { ...coupon, ...amount, currency: 'usd' } }],
    ['other_currency', { code: { ...code, minimumAmount: 1, minimumCurrency: 'usd' } }],
    ['below_minimum', { code: { ...code, minimumAmount: 1001, minimumCurrency: 'eur' } }],
    ['for_members', { code: { ...code, onePerMember: true }, purchase: { ...purchase, isMember: false } }],
    ['used_before', { code: { ...code, onePerMember: true }, purchase: { ...purchase, used: 1 } }],
    [
      'not_first_purchase',
      { code: { ...code, firstPurchaseOnly: true }, purchase: { ...purchase, hasBought: true } },
    ],
  ])('does not count: %s', (refusal, but) => {
    expect(codeRefusal({ ...brought, ...but })).toBe(refusal);
  });
});

test('what Stripe refuses is said in words of ours', () => {
  expect(explainCouponFailure({ code: 'resource_already_exists', statusCode: 400 })).toEqual({
    failureCode: 'resource_already_exists',
    failureMessage: 'The account has an active code of this word already. Choose another word.',
  });
  expect(explainCouponFailure({ code: null, statusCode: null }).failureCode).toBe('stripe_unavailable');
  expect(explainCouponFailure({ code: null, statusCode: 503 }).failureCode).toBe('stripe_unavailable');
  expect(explainCouponFailure({ code: null, statusCode: 400 })).toEqual({
    failureCode: 'stripe_refused',
    failureMessage: 'Stripe refused it (stripe refused). Make another one.',
  });
});
