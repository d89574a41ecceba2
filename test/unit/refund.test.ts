import { DEFAULT_POLICY, type Policy } from '../../src/domain/policy';
import { amountToRefund, asChosen, choicesOf, whyRefused } from '../../src/domain/refund';
import { effectOf } from '../../src/domain/refund-preview';
import type { MembershipEvidence, RefundChoices } from '../../src/domain/membership-facts';
import { DAY } from '../../src/domain/time';
import { decideMembership } from '../../src/domain/membership';
import { installmentsPaidOf } from '../../src/domain/installments';
import { invoice, membershipFacts, NOW, subscription } from '../support/facts';

const paid = { status: 'paid', amountPaid: 4900, paidAt: NOW } as const;
/** The newest period, and the one before. */
const newest = invoice({ ...paid, id: 'in_new' });
const older = invoice({ ...paid, id: 'in_old', periodEnd: NOW - 10 * DAY });
const monthly = (refunded: { in_new?: number; in_old?: number } = {}): MembershipEvidence => ({
  kind: 'subscription',
  subscription: subscription({
    invoices: [
      { ...newest, amountRefunded: refunded.in_new ?? 0 },
      { ...older, amountRefunded: refunded.in_old ?? 0 },
    ],
  }),
});
const once = (amountRefunded = 0): MembershipEvidence => ({
  kind: 'payment',
  payment: {
    ...{ id: 'pi_1', status: 'succeeded', paidAt: NOW, amount: 4900, amountRefunded },
    ...{ dispute: null, disputeDates: null },
  },
});
const KEEPS: Policy = { ...DEFAULT_POLICY, keepAfterRefund: true };

describe('scenario 73: what is chosen with a refund counts at every later look', () => {
  test.each<[string, MembershipEvidence, RefundChoices, Policy, boolean]>([
    ['in full, nothing chosen: the setting takes it', monthly({ in_new: 4900 }), {}, DEFAULT_POLICY, true],
    ['in full, nothing chosen: the setting keeps it', monthly({ in_new: 4900 }), {}, KEEPS, false],
    ['in full and kept', monthly({ in_new: 4900 }), { in_new: 'keep' }, DEFAULT_POLICY, false],
    [
      'in full and taken, whatever the setting keeps',
      monthly({ in_new: 4900 }),
      { in_new: 'end' },
      KEEPS,
      true,
    ],
    ['in part and taken', monthly({ in_new: 4899 }), { in_new: 'end' }, DEFAULT_POLICY, false],
    [
      'an older period, in full and taken',
      monthly({ in_old: 4900 }),
      { in_old: 'end' },
      DEFAULT_POLICY,
      false,
    ],
    [
      'the older one kept, the newest not',
      monthly({ in_new: 4900, in_old: 4900 }),
      { in_old: 'keep' },
      DEFAULT_POLICY,
      true,
    ],
    ['bought once, kept', once(4900), { pi_1: 'keep' }, DEFAULT_POLICY, false],
    ['bought once, taken, whatever the setting keeps', once(4900), { pi_1: 'end' }, KEEPS, true],
    ['bought once, another payment kept', once(4900), { pi_2: 'keep' }, DEFAULT_POLICY, true],
  ])('%s', (_what, evidence, refundChoices, policy, isTaken) => {
    const facts = membershipFacts({
      kind: evidence.kind === 'payment' ? 'one_off' : 'subscription',
      refundChoices,
    });
    const { revoked, reason } = decideMembership(facts, evidence, NOW, policy);
    expect({ revoked, isRefunded: reason === 'refunded' }).toEqual({ revoked: isTaken, isRefunded: isTaken });
  });

  test('an installment that is kept counts as paid', () => {
    const evidence = monthly({ in_new: 4900 });
    const counted = (choices: RefundChoices) => {
      const seen = asChosen(evidence, choices);
      return seen.kind === 'subscription' ? installmentsPaidOf(seen.subscription) : null;
    };
    expect([counted({}), counted({ in_new: 'keep' })]).toEqual([1, 2]);
  });

  test('a lost dispute takes it all the same', () => {
    const evidence = once(0);
    if (evidence.kind !== 'payment' || evidence.payment === null) throw new Error('no payment');
    const lost = { ...evidence, payment: { ...evidence.payment, dispute: 'lost' as const } };
    const facts = membershipFacts({ kind: 'one_off', refundChoices: { pi_1: 'keep' } });
    expect(decideMembership(facts, lost, NOW, DEFAULT_POLICY)).toMatchObject({
      revoked: true,
      reason: 'dispute_lost',
    });
  });
});

test.each<[string, MembershipEvidence, string, number, 'keep' | 'end', object]>([
  ['all of the newest period', monthly(), 'in_new', 4900, 'end', { access: 'ends', charging: 'ends' }],
  ['the same, kept', monthly(), 'in_new', 4900, 'keep', { access: 'stays', charging: 'goes_on' }],
  ['a part of it', monthly(), 'in_new', 4899, 'end', { access: 'stays', charging: 'goes_on' }],
  ['the rest of it', monthly({ in_new: 4000 }), 'in_new', 900, 'end', { access: 'ends', charging: 'ends' }],
  ['all of an older period', monthly(), 'in_old', 4900, 'end', { access: 'stays', charging: 'goes_on' }],
  ['all of what was bought once', once(), 'pi_1', 4900, 'end', { access: 'ends', charging: 'none' }],
  ['the same, kept', once(), 'pi_1', 4900, 'keep', { access: 'stays', charging: 'none' }],
])('the preview of %s', (_what, evidence, paymentId, amount, access, expected) => {
  const facts = membershipFacts({ kind: evidence.kind === 'payment' ? 'one_off' : 'subscription' });
  const present = { facts, sold: { productId: 'pdt_1', priceId: 'amt_1', quantity: 1 }, items: [] };
  expect(effectOf(present, evidence, { paymentId, amount, access }, NOW, DEFAULT_POLICY)).toEqual(expected);
});

test.each<[number | null, number, string, number | string]>([
  [null, 4900, 'eur', 4900],
  [100, 4900, 'eur', 100],
  [4900, 4900, 'eur', 4900],
  [4901, 4900, 'eur', 'Of this payment €49.00 is left; €49.01 is more than that.'],
  [501, 500, 'jpy', 'Of this payment ¥500 is left; ¥501 is more than that.'],
  [499, 500, 'jpy', 499],
  [null, 0, 'eur', 'All of this payment has gone back already.'],
  [1, 0, 'eur', 'All of this payment has gone back already.'],
  [1001, 5000, 'kwd', 'Amounts in KWD are multiples of 10 minor units.'],
  [1010, 5000, 'kwd', 1010],
])('asked for %s of %s %s', (asked, left, currency, expected) => {
  const amount = () => amountToRefund(asked, left, currency);
  if (typeof expected === 'number') expect(amount()).toBe(expected);
  else expect(amount).toThrow(expected);
});

test('the newest choice counts, of what gave something back or is about to', () => {
  const refund = { paymentId: 'in_1', status: 'succeeded', access: 'keep' } as const;
  expect(choicesOf([refund, { ...refund, access: 'end' }])).toEqual({ in_1: 'end' });
  expect(choicesOf([refund, { ...refund, access: 'end', status: 'refused' }])).toEqual({ in_1: 'keep' });
  expect(choicesOf([refund, { ...refund, access: null }])).toEqual({ in_1: 'keep' });
  expect(choicesOf([{ ...refund, status: 'failed' }])).toEqual({});
});

test('why Stripe says no, in a sentence, also where nobody here knows the code', () => {
  expect(whyRefused('charge_disputed')).toContain('disputed this payment');
  expect(whyRefused('something_new')).toContain('(something_new)');
  expect(whyRefused(null)).toContain('Stripe refused the refund.');
});
