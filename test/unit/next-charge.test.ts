import { type MembershipDecision, NOTHING_MORE } from '../../src/domain/membership-facts';
import { nextChargeOf } from '../../src/domain/next-charge';
import type { SubscriptionFacts } from '../../src/domain/stripe-facts';
import { DAY } from '../../src/domain/time';
import { invoice, item, NOW, subscription } from '../support/facts';

const NEXT = NOW + 20 * DAY;
const month = { unitAmount: 4900, interval: 'month', intervalCount: 1 } as const;
const decided = (over: Partial<MembershipDecision> = {}): MembershipDecision => ({
  ...NOTHING_MORE,
  status: 'active',
  reason: 'paid',
  until: NEXT,
  ended: false,
  deadline: NEXT,
  ...over,
});
const charge = (at: number, amount: number | null) => ({ at, amount, currency: 'usd' });
const two = [
  item({ charge: month }),
  item({ id: 'si_2', charge: { ...month, interval: 'year', unitAmount: 9900 }, periodEnd: NEXT + DAY }),
];
const half = { percentOff: 50, amountOff: null, stripeProductIds: null };
const tried = invoice({
  status: 'open',
  amountDue: 4900,
  amountRemaining: 1200,
  nextAttemptAt: NOW + 3 * DAY,
});

test.each<
  [
    string,
    Partial<SubscriptionFacts>,
    Partial<MembershipDecision>,
    number | null,
    ReturnType<typeof nextChargeOf>,
  ]
>([
  ['the period that comes', {}, {}, null, charge(NEXT, 4900)],
  ['after a trial', { status: 'trialing' }, {}, null, charge(NEXT, 4900)],
  ['three of it', { items: [item({ charge: month, quantity: 3 })] }, {}, null, charge(NEXT, 14_700)],
  ['less what is off for ever', { lasting: [half] }, {}, null, charge(NEXT, 2450)],
  ['the items that are charged first', { items: two }, {}, null, charge(NEXT, 4900)],
  ['by use: nobody knows', { items: [item({ charge: null })] }, {}, null, charge(NEXT, null)],
  ['it ends before', {}, { cancelAt: NEXT }, null, null],
  ['it ends later', {}, { cancelAt: NEXT + DAY }, null, charge(NEXT, 4900)],
  ['collection is paused', { collectionPaused: true }, {}, null, null],
  ['it is over', {}, { ended: true }, null, null],
  ['Stripe is about to be told', {}, { cancelAtStripe: true }, null, null],
  ['the trial ended without a card', { status: 'paused' }, {}, null, null],
  ['one installment is left', {}, { installmentsPaid: 2 }, 3, charge(NEXT, 4900)],
  ['no installment is left', {}, { installmentsPaid: 3 }, 3, null],
  [
    'a try that failed',
    { status: 'past_due', invoices: [tried, invoice()] },
    {},
    null,
    charge(NOW + 3 * DAY, 1200),
  ],
  [
    'it is not tried again',
    { status: 'past_due', invoices: [invoice({ status: 'open', amountRemaining: 4900 })] },
    {},
    null,
    null,
  ],
  [
    'a renewal in its hour as a draft',
    { invoices: [invoice({ status: 'draft', nextAttemptAt: NOW + 60 })] },
    {},
    null,
    charge(NOW + 60, 4900),
  ],
])('what is charged next: %s', (_, over, decision, installmentsDue, expected) => {
  const facts = subscription({ items: [item({ charge: month })], ...over });
  expect(nextChargeOf(facts, decided(decision), installmentsDue)).toEqual(expected);
});
