import fc from 'fast-check';
import {
  type CheckoutStatus,
  closedWithoutMoney,
  decideCheckout,
  decideLate,
  decideRefund,
  isClosed,
  isGivenBack,
  mismatchOf,
  seatGone,
  wouldChargeLater,
} from '../../src/domain/checkout';
import type { SessionFacts } from '../../src/domain/stripe-facts';
import { HOUR } from '../../src/domain/time';
import { invoice, NOW, OFFER, payment, session, subscription } from '../support/facts';

const decide = (over: Partial<SessionFacts>, cancelRequested = false) =>
  decideCheckout(OFFER, session(over), cancelRequested);

describe('the outcome is the session’s, and nothing else’s', () => {
  test('open: waits for the member until Stripe closes it', () => {
    expect(decide({ status: 'open', paymentStatus: 'unpaid', payment: null })).toEqual({
      status: 'open',
      failureCode: null,
      failureMessage: null,
      deadline: NOW + HOUR,
      paidAt: null,
    });
  });

  test('open stays open although somebody asked to cancel: Stripe decides what wins', () => {
    expect(decide({ status: 'open', paymentStatus: 'unpaid', payment: null }, true).status).toBe('open');
  });

  test('expired', () => {
    expect(decide({ status: 'expired', paymentStatus: 'unpaid', payment: null })).toMatchObject({
      status: 'expired',
      deadline: null,
    });
  });

  test('expired at somebody’s request: cancelled', () => {
    expect(decide({ status: 'expired', paymentStatus: 'unpaid' }, true).status).toBe('cancelled');
  });

  test('paid although somebody asked to cancel: completed', () => {
    expect(decide({}, true).status).toBe('completed');
  });

  test('complete, the money on its way: pending', () => {
    const processing = payment({ status: 'processing', paidAt: null });
    expect(decide({ paymentStatus: 'unpaid', payment: processing })).toMatchObject({
      status: 'pending',
      deadline: null,
      failureCode: null,
    });
    const sub = subscription({ invoices: [invoice({ status: 'open', paidAt: null })] });
    expect(decide({ paymentStatus: 'unpaid', payment: null, subscription: sub }).status).toBe('pending');
  });

  test('complete, the delayed payment failed: failed, with words', () => {
    const failed = { status: 'failed', failureCode: 'async_payment_failed' };
    const payFailed = payment({ status: 'failed', paidAt: null });
    expect(decide({ paymentStatus: 'unpaid', payment: payFailed })).toMatchObject(failed);
    for (const status of ['incomplete_expired', 'canceled', 'past_due', 'unpaid'] as const)
      expect(
        decide({ paymentStatus: 'unpaid', payment: null, subscription: subscription({ status }) }),
      ).toMatchObject(failed);
  });

  test.each([
    ['unpaid', 'past_due', true],
    ['unpaid', 'unpaid', true],
    ['unpaid', 'active', false],
    ['unpaid', 'incomplete', false],
    ['unpaid', 'canceled', false],
    ['unpaid', 'incomplete_expired', false],
    ['paid', 'past_due', false],
    ['paid', 'unpaid', false],
  ] as const)(
    'a session that is %s, its subscription %s: would be charged later is %s',
    (paid, status, would) => {
      const facts = session({ paymentStatus: paid, payment: null, subscription: subscription({ status }) });
      expect(wouldChargeLater(facts)).toBe(would);
    },
  );

  test('what is bought once is charged once', () => {
    expect(wouldChargeLater(session({ paymentStatus: 'unpaid' }))).toBe(false);
  });

  test('complete and paid: completed at Stripe’s time of payment', () => {
    expect(decide({})).toMatchObject({ status: 'completed', paidAt: NOW - HOUR, failureCode: null });
  });

  test('a subscription was paid when its first invoice was', () => {
    const invoices = [invoice({ paidAt: NOW - 5 }), invoice({ paidAt: NOW - 9 })];
    const over = { payment: null, subscription: subscription({ invoices }) };
    expect(decide(over).paidAt).toBe(NOW - 9);
    expect(decide({ ...over, subscription: subscription({ invoices: [], startedAt: NOW - 7 }) }).paidAt).toBe(
      NOW - 7,
    );
  });

  test('nothing to pay: completed when the session was made', () => {
    const over = { paymentStatus: 'no_payment_required' as const, payment: null };
    expect(decide({ ...over, amountDiscount: 4900, amountTotal: 0 })).toMatchObject({
      status: 'completed',
      paidAt: NOW - 2 * HOUR,
    });
  });
});

describe('scenario 19: what was paid is what was offered', () => {
  test.each<[string, Partial<SessionFacts>]>([
    ['another price', { lines: [{ priceId: 'price_2', quantity: 1, amountSubtotal: 4900 }] }],
    ['another quantity', { lines: [{ priceId: 'price_1', quantity: 2, amountSubtotal: 9800 }] }],
    ['no line', { lines: [] }],
    [
      'a line more',
      {
        lines: [
          { priceId: 'price_1', quantity: 1, amountSubtotal: 4900 },
          { priceId: 'price_2', quantity: 1, amountSubtotal: 4900 },
        ],
      },
    ],
    ['another currency', { currency: 'jpy' }],
    ['another subtotal', { amountSubtotal: 4800, amountTotal: 4800 }],
    ['a total below', { amountTotal: 4899 }],
    ['a total above', { amountTotal: 4901 }],
  ])('%s is held, with words', (_name, over) => {
    expect(mismatchOf(OFFER, session(over))).toMatch(/^The .+\.$/);
    expect(decide(over)).toMatchObject({
      status: 'needs_review',
      failureCode: 'payment_mismatch',
      paidAt: null,
    });
  });

  test('a discount and exclusive tax explain the total', () => {
    expect(decide({ amountDiscount: 900, amountExclusiveTax: 760, amountTotal: 4760 }).status).toBe(
      'completed',
    );
  });

  test('the total is subtotal less discount plus exclusive tax, for any amounts', () => {
    const amount = fc.integer({ min: 0, max: 99_999_999 });
    fc.assert(
      fc.property(
        amount,
        fc.integer({ min: 1, max: 99 }),
        amount,
        amount,
        fc.integer({ min: -3, max: 3 }),
        (unitAmount, quantity, discount, tax, off) => {
          const amountSubtotal = unitAmount * quantity;
          fc.pre(discount <= amountSubtotal);
          const paid = session({
            lines: [{ priceId: 'price_1', quantity, amountSubtotal }],
            amountSubtotal,
            amountDiscount: discount,
            amountExclusiveTax: tax,
            amountTotal: amountSubtotal - discount + tax + off,
          });
          expect(
            mismatchOf({ ...OFFER, quantity, terms: { ...OFFER.terms, unitAmount } }, paid) === null,
          ).toBe(off === 0);
        },
      ),
    );
  });
});

test('only opening, open and pending may still change', () => {
  const all: CheckoutStatus[] = [
    'opening',
    'open',
    'pending',
    'completed',
    'expired',
    'cancelled',
    'failed',
    'needs_review',
    'unverifiable',
  ];
  expect(all.filter((status) => !isClosed(status))).toEqual(['opening', 'open', 'pending']);
});

describe('money after the end', () => {
  test.each<[CheckoutStatus, boolean]>([
    ['opening', false],
    ['open', false],
    ['pending', false],
    ['completed', false],
    ['expired', true],
    ['cancelled', true],
    ['failed', true],
    ['needs_review', false],
    ['unverifiable', false],
    ['refunding', false],
    ['refunded', false],
  ])('%s was closed because no money came: %s', (status, expected) => {
    expect(closedWithoutMoney(status)).toBe(expected);
  });

  test('what was paid counts, whatever it was closed for', () => {
    expect(decideLate(decide({}))).toMatchObject({ status: 'completed' });
    expect(decideLate(decide({ currency: 'eur' }))).toMatchObject({ status: 'needs_review' });
  });

  test('anything else leaves it closed', () => {
    expect(decideLate(decide({ status: 'expired', paymentStatus: 'unpaid' }))).toBeNull();
    expect(decideLate(decide({ status: 'open', paymentStatus: 'unpaid', payment: null }))).toBeNull();
    expect(
      decideLate(decide({ paymentStatus: 'unpaid', payment: payment({ status: 'processing' }) })),
    ).toBeNull();
  });

  test('without a seat it goes back, at once', () => {
    expect(seatGone(NOW)).toMatchObject({ status: 'refunding', failureCode: 'seat_gone', deadline: NOW });
    expect(isClosed('refunding')).toBe(false);
    expect(decideRefund(true)).toMatchObject({ status: 'refunded', failureCode: 'seat_gone' });
    expect(decideRefund(false)).toMatchObject({ status: 'needs_review', failureCode: 'refund_failed' });
  });

  test.each<[string, Partial<SessionFacts>, boolean]>([
    ['a payment in full', { payment: payment({ amount: 4900, amountRefunded: 4900 }) }, true],
    ['a payment in part', { payment: payment({ amount: 4900, amountRefunded: 4899 }) }, false],
    ['nothing that was ever paid', { payment: null }, true],
    [
      'every paid invoice',
      {
        payment: null,
        subscription: subscription({
          invoices: [invoice({ amountPaid: 4900, amountRefunded: 4900 }), invoice({ status: 'void' })],
        }),
      },
      true,
    ],
    [
      'one invoice of two',
      {
        payment: null,
        subscription: subscription({
          invoices: [
            invoice({ amountPaid: 4900, amountRefunded: 4900 }),
            invoice({ amountPaid: 4900, amountRefunded: 0 }),
          ],
        }),
      },
      false,
    ],
  ])('given back: %s', (_what, over, expected) => {
    expect(isGivenBack(session(over))).toBe(expected);
  });
});
