import { decideCheckout, decideRefund, mismatchOf, type Offer, seatGone } from '../../src/domain/checkout';
import type { SessionFacts } from '../../src/domain/stripe-facts';
import { HOUR } from '../../src/domain/time';
import { OFFER, invoice, NOW, payment, session, subscription } from '../support/facts';

describe('scenario 19: a setup fee is a line of its own', () => {
  const offer: Offer = {
    ...OFFER,
    stripeSetupPriceId: 'price_setup',
    terms: { ...OFFER.terms, model: 'recurring', setupFee: 1000 },
  };
  const paid = (...lines: SessionFacts['lines']) =>
    mismatchOf(offer, session({ lines, amountSubtotal: 5900, amountTotal: 5900 }));
  const price = { priceId: 'price_1', quantity: 1, amountSubtotal: 4900 };
  const fee = { priceId: 'price_setup', quantity: 1, amountSubtotal: 1000 };

  test.each<[string, SessionFacts['lines'], string | null]>([
    ['price and fee', [price, fee], null],
    ['in the other order', [fee, price], null],
    ['without the fee', [price], 'The session has other line items than the ones offered.'],
    ['the price twice', [price, price], 'The session is for another price.'],
    ['the fee twice as often', [price, { ...fee, quantity: 2 }], 'The session is for another quantity.'],
  ])('%s', (_what, lines, mismatch) => {
    expect(paid(...lines)).toBe(mismatch);
  });
});

describe('scenario 78: what is taken beside is paid to the cent', () => {
  const offer: Offer = {
    ...OFFER,
    beside: [
      { stripePriceId: 'price_2', unitAmount: 900 },
      { stripePriceId: 'price_3', unitAmount: 1900 },
    ],
  };
  const line = (priceId: string, amountSubtotal: number, quantity = 1) => ({
    priceId,
    quantity,
    amountSubtotal,
  });
  const sold = line('price_1', 4900);
  const OTHER = 'The session has other line items than the ones offered.';

  test.each<[string, SessionFacts['lines'], number, string | null]>([
    ['nothing', [sold], 4900, null],
    ['one', [sold, line('price_2', 900)], 5800, null],
    ['the other, listed first', [line('price_3', 1900), sold], 6800, null],
    ['both', [sold, line('price_2', 900), line('price_3', 1900)], 7700, null],
    [
      'one, and its amount is not in the sum',
      [sold, line('price_2', 900)],
      4900,
      'The subtotal is not what was offered.',
    ],
    ['one, and a cent more', [sold, line('price_2', 900)], 5801, 'The subtotal is not what was offered.'],
    ['one at another amount', [sold, line('price_2', 800)], 5700, OTHER],
    ['two of it', [sold, line('price_2', 1800, 2)], 6700, OTHER],
    ['it twice', [sold, line('price_2', 900), line('price_2', 900)], 6700, OTHER],
    ['what was sold twice', [sold, { ...sold }], 9800, OTHER],
    ['what was not offered', [sold, line('price_4', 900)], 5800, OTHER],
    ['that alone', [line('price_2', 900)], 900, 'The session is for another price.'],
  ])('%s', (_what, lines, total, mismatch) => {
    expect(mismatchOf(offer, session({ lines, amountSubtotal: total, amountTotal: total }))).toBe(mismatch);
  });

  test('a discount and tax explain the total of all of it', () => {
    const lines = [sold, line('price_2', 900)];
    const paid = { lines, amountSubtotal: 5800, amountDiscount: 580, amountExclusiveTax: 500 };
    expect(mismatchOf(offer, session({ ...paid, amountTotal: 5720 }))).toBeNull();
    expect(mismatchOf(offer, session({ ...paid, amountTotal: 5710 }))).not.toBeNull();
  });
});

test.each([
  [4899, false],
  [4900, true],
  [4901, false],
])('a subtotal of %i is the one offered: %p', (amount, isOffered) => {
  const mismatch = mismatchOf(OFFER, session({ amountSubtotal: amount, amountTotal: amount }));
  expect(mismatch).toBe(isOffered ? null : 'The subtotal is not what was offered.');
});

test('the time of payment is that of the first invoice that was paid', () => {
  const paidAt = (...invoices: Parameters<typeof invoice>[0][]) =>
    decideCheckout(
      OFFER,
      session({
        payment: null,
        subscription: subscription({
          startedAt: NOW - HOUR,
          invoices: invoices.map((over) => invoice(over)),
        }),
      }),
      false,
    ).paidAt;
  expect(paidAt({ paidAt: NOW - 5 }, { paidAt: NOW - 9 })).toBe(NOW - 9);
  expect(paidAt({ paidAt: NOW - 5 }, { status: 'open', paidAt: null })).toBe(NOW - 5);
  // One that was paid and then voided, or paid without saying when, tells nothing.
  expect(paidAt({ status: 'void', paidAt: NOW - 9 }, { paidAt: NOW - 5 })).toBe(NOW - 5);
  expect(paidAt({ paidAt: null })).toBe(NOW - HOUR);
});

test('whoever paid for nothing reads what becomes of the money', () => {
  const failed = decideCheckout(
    OFFER,
    session({ paymentStatus: 'unpaid', payment: payment({ status: 'failed', paidAt: null }) }),
    false,
  );
  expect(failed.failureMessage).toBe('The delayed payment did not go through.');
  expect(seatGone(NOW)).toEqual({
    status: 'refunding',
    failureCode: 'seat_gone',
    failureMessage: expect.stringMatching(/all seats were taken; it is given back\.$/),
    deadline: NOW,
    paidAt: null,
  });
  expect(decideRefund(true)).toEqual({
    status: 'refunded',
    failureCode: 'seat_gone',
    failureMessage: expect.stringMatching(/was given back in full\.$/),
    deadline: null,
    paidAt: null,
  });
  expect(decideRefund(false)).toEqual({
    status: 'needs_review',
    failureCode: 'refund_failed',
    failureMessage: expect.stringMatching(/Refund it in Stripe\.$/),
    deadline: null,
    paidAt: null,
  });
});
