import { CHECKOUT_STATUSES, type CheckoutStatus } from '../../src/domain/checkout';
import { decideLook, isLookedAt, type SessionEvidence } from '../../src/domain/checkout-look';
import { OFFER, payment, session } from '../support/facts';

test.each<[CheckoutStatus, string, string]>([
  ['opening', 'no', 'no'],
  ['open', 'yes', 'yes'],
  ['pending', 'yes', 'yes'],
  ['completed', 'no', 'no'],
  ['expired', 'no', 'yes'],
  ['cancelled', 'no', 'yes'],
  ['failed', 'no', 'yes'],
  ['needs_review', 'no', 'no'],
  ['unverifiable', 'yes', 'yes'],
  ['refunding', 'no', 'no'],
  ['refunded', 'no', 'yes'],
])('is Stripe asked about one that is %s? %s; when Stripe has said something: %s', (status, quiet, news) => {
  const asks = (hasNews: boolean) => (isLookedAt(status, hasNews) ? 'yes' : 'no');
  expect([asks(false), asks(true)]).toEqual([quiet, news]);
});

const EVIDENCE: Record<string, SessionEvidence> = {
  'a payment': session(),
  'no payment': session({ status: 'expired', paymentStatus: 'unpaid', payment: null }),
  'what went back': session({ payment: { ...payment(), amountRefunded: payment().amount } }),
  'a cut account': 'account_disconnected',
  'no session': 'session_missing',
};

describe('what a look makes of', () => {
  test.each<[CheckoutStatus, string, CheckoutStatus | null, string | null]>([
    ['open', 'a payment', 'completed', null],
    ['open', 'no payment', 'expired', null],
    ['open', 'a cut account', 'unverifiable', 'account_disconnected'],
    ['pending', 'no session', 'unverifiable', 'session_missing'],
    ['unverifiable', 'a payment', 'completed', null],
    ['expired', 'a payment', 'completed', null],
    ['cancelled', 'a payment', 'completed', null],
    ['expired', 'no payment', null, null],
    ['failed', 'a cut account', null, null],
    ['failed', 'no session', null, null],
    ['refunded', 'what went back', null, null],
    ['refunded', 'a payment', 'needs_review', 'refund_failed'],
    ['refunded', 'a cut account', null, null],
  ])('one that is %s, and %s: %s', (status, evidence, becomes, failureCode) => {
    const found = EVIDENCE[evidence] as SessionEvidence;
    const decision = decideLook({ ...OFFER, status, cancelRequested: false }, found);
    if (becomes === null) expect(decision).toBeNull();
    else expect(decision).toMatchObject({ status: becomes, failureCode });
  });

  test('one that somebody asked to cancel, and no payment: cancelled', () => {
    const found = EVIDENCE['no payment'] as SessionEvidence;
    expect(decideLook({ ...OFFER, status: 'open', cancelRequested: true }, found)?.status).toBe('cancelled');
  });
});

test('every status of a checkout has a line above', () => {
  expect(CHECKOUT_STATUSES).toHaveLength(11);
});
