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
  const price = { priceId: 'price_1', quantity: 1 };
  const fee = { priceId: 'price_setup', quantity: 1 };

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
