import { planOf, type MembershipItem } from '../../src/domain/items';
import { installmentsPaidOf } from '../../src/domain/installments';
import { decideMembership } from '../../src/domain/membership';
import { changeOf } from '../../src/domain/membership-change';
import { REASONS } from '../../src/domain/membership-reasons';
import { ofItems, paidThroughOf } from '../../src/domain/paid-periods';
import { DEFAULT_POLICY, type Policy } from '../../src/domain/policy';
import type { InvoiceFacts, InvoiceLineFacts, SubscriptionFacts } from '../../src/domain/stripe-facts';
import { DAY, HOUR } from '../../src/domain/time';
import { invoice, item, line, membershipFacts, NOW, subscription } from '../support/facts';

const YEAR_END = NOW + 300 * DAY;
const MONTH_END = NOW + 25 * DAY;
const CHANGED = NOW - 5 * DAY;
const LEEWAY = DEFAULT_POLICY.renewalLeewayHours * HOUR;

const decide = (over: Partial<SubscriptionFacts>, policy: Partial<Policy> = {}) =>
  decideMembership(membershipFacts(), { kind: 'subscription', subscription: subscription(over) }, NOW, {
    ...DEFAULT_POLICY,
    ...policy,
  });
const paidThrough = (...invoices: InvoiceFacts[]) => paidThroughOf(subscription({ invoices }));

const year = invoice({
  id: 'in_year',
  createdAt: NOW - 65 * DAY,
  lines: [line({ id: 'il_year', amount: 49000, periodStart: NOW - 65 * DAY, periodEnd: YEAR_END })],
});
const unused = (over: Partial<InvoiceLineFacts> = {}) =>
  line({
    id: 'il_unused',
    proration: true,
    amount: -40000,
    periodStart: CHANGED,
    periodEnd: YEAR_END,
    credits: { invoiceId: 'in_year', lineIds: ['il_year'] },
    ...over,
  });
const month = line({ id: 'il_month', periodStart: CHANGED, periodEnd: MONTH_END });
const change = (lines: InvoiceLineFacts[], over: Partial<InvoiceFacts> = {}) =>
  invoice({ id: 'in_change', createdAt: CHANGED, reason: 'other', amountPaid: 0, lines, ...over });

describe('A5: scenario 25: yearly → monthly: what was credited back is not paid for', () => {
  test.each<[string, InvoiceFacts[], number]>([
    ['the month, where Stripe names the line that it credits', [change([unused(), month]), year], MONTH_END],
    ['the month, where Stripe does not', [change([unused({ credits: null }), month]), year], MONTH_END],
    ['the moment of the change, until the month is paid', [change([unused()]), year], CHANGED],
    ['the year, while the change is open', [change([unused(), month], { status: 'open' }), year], YEAR_END],
    [
      'the year, where the change was voided',
      [change([unused(), month], { status: 'void' }), year],
      YEAR_END,
    ],
    [
      'the year, where only a part of the quantity was credited and charged again',
      [
        change([
          unused(),
          line({ id: 'il_rest', proration: true, periodStart: CHANGED, periodEnd: YEAR_END }),
        ]),
        year,
      ],
      YEAR_END,
    ],
    [
      'the year, where another item was credited',
      [change([unused({ credits: null, itemId: 'si_other' })]), year],
      YEAR_END,
    ],
  ])('paid through %s', (_what, invoices, end) => {
    expect(paidThrough(...invoices)).toBe(end);
    expect(paidThrough(...[...invoices].reverse())).toBe(end);
  });

  test('down and up again within one period: what was charged last counts', () => {
    const back = change(
      [
        line({ id: 'x', proration: true, amount: -4000, periodStart: NOW - DAY, periodEnd: MONTH_END }),
        line({ id: 'y', amount: 49000, periodStart: NOW - DAY, periodEnd: NOW + 364 * DAY }),
      ],
      { id: 'in_back', createdAt: NOW - DAY },
    );
    expect(paidThrough(back, change([unused(), month]), year)).toBe(NOW + 364 * DAY);
  });

  test('several changes on one invoice: each credit is of what began before it', () => {
    const proration = (id: string, amount: number, periodStart: number) =>
      line({ id, amount, periodStart, proration: true, periodEnd: MONTH_END });
    const lines = [
      proration('a', -1000, NOW - 4 * DAY),
      proration('b', 3000, NOW - 4 * DAY),
      proration('c', -2500, NOW - 2 * DAY),
      proration('d', 1700, NOW - 2 * DAY),
    ];
    expect(paidThrough(change(lines), invoice({ createdAt: NOW - 10 * DAY, lines: [month] }))).toBe(
      MONTH_END,
    );
    expect(paidThrough(change(lines.slice(0, 3)), invoice({ lines: [month] }))).toBe(NOW - 2 * DAY);
  });

  test('pause, and cancel with honourPaidPeriod, last as long', () => {
    const invoices = [change([unused(), month]), year];
    expect(decide({ invoices, collectionPaused: true }).until).toBe(MONTH_END);
    expect(
      decide({ invoices, status: 'canceled', endedAt: NOW - DAY }, { honourPaidPeriod: true }).until,
    ).toBe(MONTH_END);
  });

  test('a yearly item that was added lends its period to nobody', () => {
    const lines = [month, line({ id: 'il_addon', itemId: 'si_addon', periodEnd: YEAR_END })];
    const facts = subscription({ items: [item(), item({ id: 'si_addon' })], invoices: [invoice({ lines })] });
    expect(paidThroughOf(ofItems(facts, new Set(['si_1'])))).toBe(MONTH_END);
    expect(paidThroughOf(ofItems(facts, new Set(['si_addon'])))).toBe(YEAR_END);
  });

  test('an item that was removed lends its period only to what took its place', () => {
    const gone = line({ itemId: 'si_gone', stripeProductId: 'prod_addon', periodEnd: YEAR_END });
    const facts = subscription({ invoices: [invoice({ lines: [month, gone] })] });
    expect(paidThroughOf(ofItems(facts, new Set(['si_1'])))).toBe(MONTH_END);
    const replaced = subscription({
      invoices: [invoice({ lines: [line({ itemId: 'si_gone', periodEnd: MONTH_END })] })],
    });
    expect(paidThroughOf(ofItems(replaced, new Set(['si_1'])))).toBe(MONTH_END);
  });

  test('nor to one of the same product that was there beside it', () => {
    const beside = line({ itemId: 'si_gone', periodStart: NOW - DAY, periodEnd: YEAR_END });
    const facts = subscription({
      items: [item({ createdAt: NOW - 10 * DAY })],
      invoices: [invoice({ lines: [month, beside] })],
    });
    expect(paidThroughOf(ofItems(facts, new Set(['si_1'])))).toBe(MONTH_END);
  });
});

describe('A4: scenario 24: ten items before the subscription’s line', () => {
  test('the period is that of its own line, wherever it stands', () => {
    const extras = Array.from({ length: 10 }, (_, n) =>
      line({ id: `il_x${n}`, itemId: null, periodStart: NOW, periodEnd: NOW }),
    );
    expect(paidThrough(invoice({ lines: [...extras, month] }))).toBe(MONTH_END);
  });
});

describe('A6: a trial', () => {
  const END = NOW + 60 * DAY;
  test.each<[string, InvoiceFacts[]]>([
    ['that was extended without an invoice', [invoice({ amountPaid: 0, lines: [line({ amount: 0 })] })]],
    ['that was given to a running subscription', [invoice()]],
    ['without any invoice', []],
  ])('%s gives access to its end at least', (_what, invoices) => {
    const decision = decide({ status: 'trialing', trialEnd: END, invoices });
    expect(decision).toMatchObject({
      status: 'trialing',
      reason: 'trial',
      until: END + LEEWAY,
      paidThrough: END,
    });
  });
  test('a cancellation is not outlived by it', () => {
    expect(decide({ status: 'trialing', trialEnd: END, cancelAt: NOW + DAY }).until).toBe(NOW + DAY);
  });
  test('that was cut short gave no more than it lasted', () => {
    const zero = invoice({
      amountPaid: 0,
      lines: [line({ amount: 0, periodStart: NOW - 10 * DAY, periodEnd: END })],
    });
    const facts = subscription({ trialStart: NOW - 10 * DAY, trialEnd: NOW - DAY, invoices: [zero] });
    expect(paidThroughOf(facts)).toBe(NOW - DAY);
  });
});

describe('A7: an invoice that is sent', () => {
  const sent = invoice({
    id: 'in_sent',
    status: 'open',
    collectionMethod: 'send_invoice',
    amountPaid: 0,
    paidAt: null,
    finalizedAt: NOW - 9 * DAY,
    dueAt: NOW + 21 * DAY,
    periodEnd: NOW + 21 * DAY,
  });
  const before = invoice({ periodEnd: NOW - 9 * DAY });
  const method = { collectionMethod: 'send_invoice' as const };
  test('the grace counts from its due date', () => {
    expect(decide({ ...method, invoices: [sent, before] })).toMatchObject({
      status: 'active',
      reason: 'invoice_sent',
      until: NOW + 28 * DAY,
    });
    const due = { ...sent, dueAt: NOW - DAY };
    expect(decide({ ...method, status: 'past_due', invoices: [due, before] })).toMatchObject({
      reason: 'grace',
      until: NOW + 6 * DAY,
    });
  });
});

describe('A8: a renewal that nobody collects any more', () => {
  const before = invoice({ periodEnd: NOW - 20 * DAY });
  const left = (status: InvoiceFacts['status']) =>
    invoice({
      id: 'in_2',
      status,
      amountPaid: 0,
      paidAt: null,
      finalizedAt: NOW - 20 * DAY,
      periodEnd: NOW + 10 * DAY,
    });
  test.each(['void', 'uncollectible'] as const)('%s: nobody waits for an open payment', (status) => {
    for (const stripeStatus of ['active', 'unpaid', 'past_due'] as const)
      expect(decide({ status: stripeStatus, invoices: [left(status), before] })).toMatchObject({
        status: 'suspended',
        reason: 'awaiting_payment',
      });
  });
  test('paid in cash is paid', () => {
    expect(decide({ invoices: [{ ...left('paid'), paidAt: NOW }, before] })).toMatchObject({
      reason: 'paid',
      until: NOW + 10 * DAY + LEEWAY,
    });
  });
});

describe('A9: scenario 26: an installment counts if Stripe calls it paid', () => {
  test.each<[string, Partial<InvoiceFacts>, number]>([
    ['by card', {}, 1],
    ['from the balance', { amountPaid: 0, amountDue: 0, fromBalance: 4900 }, 1],
    ['out of band', { amountPaid: 4900 }, 1],
    ['by a coupon of 100 %', { amountPaid: 0, total: 0, lines: [line({ discount: 4900 })] }, 1],
    ['in part by card, the rest from the balance', { amountPaid: 2000, fromBalance: 2900 }, 1],
    ['so, and the card’s part refunded', { amountPaid: 2000, fromBalance: 2900, amountRefunded: 2000 }, 1],
    ['by card, and refunded in full', { amountRefunded: 4900 }, 0],
    ['never a trial’s zero invoice', { amountPaid: 0, lines: [line({ amount: 0 })] }, 0],
    ['never a change in between', { reason: 'other' }, 0],
    ['never a proration', { lines: [line({ proration: true })] }, 0],
    ['not while it is open', { status: 'open' }, 0],
  ])('%s', (_what, over, count) => {
    expect(installmentsPaidOf(subscription({ invoices: [invoice(over)] }))).toBe(count);
  });
});

describe('A10: scenario 27: the open invoice is paid after the end', () => {
  const ended = { status: 'canceled' as const, endedAt: NOW - 2 * DAY };
  const before = invoice({ periodEnd: NOW - 16 * DAY, paidAt: NOW - 46 * DAY });
  const late = (periodEnd: number) => invoice({ id: 'in_2', paidAt: NOW - HOUR, periodEnd });
  test('its period is given, whatever the policy', () => {
    const decision = decide({ ...ended, invoices: [late(NOW + 14 * DAY), before] });
    expect(decision).toMatchObject({
      status: 'canceling',
      reason: 'paid_after_end',
      until: NOW + 14 * DAY,
      ended: false,
      deadline: NOW + 14 * DAY,
    });
    expect(REASONS[decision.reason]).toContain('is given');
  });
  test('never "renewed" without access', () => {
    const over = decide({ ...ended, invoices: [before] });
    const paid = decide({ ...ended, invoices: [late(NOW - DAY), before] });
    expect(paid).toMatchObject({ status: 'ended', ended: true });
    expect(changeOf(over, paid)).toBe('paid_too_late');
    expect(changeOf(over, decide({ ...ended, invoices: [late(NOW + DAY), before] }))).toBe('paid_after_end');
  });
  test.each([
    ['that was open until then, is paid after the end', NOW - 3 * DAY, 'paid_after_end'],
    ['that was made then, is paid before it', ended.endedAt, 'canceled'],
    ['that was made in the second before, is paid before it', (ended.endedAt ?? 0) - 1, 'canceled'],
  ])('in the very second of the end, an invoice %s', (_what, finalizedAt, reason) => {
    const then = { ...late(NOW + 14 * DAY), finalizedAt, paidAt: ended.endedAt };
    expect(decide({ ...ended, invoices: [then, before] })).toMatchObject({ reason });
  });
  test('refunded again, it is taken away again', () => {
    const back = { ...late(NOW + 14 * DAY), amountRefunded: 4900 };
    expect(decide({ ...ended, invoices: [back, before] })).toMatchObject({ revoked: true, status: 'ended' });
  });
});

describe('A16: scenario 37: the newest period decides, whatever it cost', () => {
  const older = invoice({ id: 'in_0', periodEnd: NOW - 10 * DAY, amountRefunded: 4900 });
  test.each<[string, Partial<InvoiceFacts>]>([
    ['settled by credit', { amountPaid: 0, amountDue: 0, fromBalance: 4900 }],
    ['free by a coupon', { amountPaid: 0, total: 0, lines: [line({ discount: 4900 })] }],
    ['paid', {}],
  ])('%s: an older refund takes nothing away', (_what, over) => {
    expect(decide({ invoices: [invoice(over), older] })).toMatchObject({
      revoked: false,
      cancelAtStripe: false,
      reason: 'paid',
    });
  });
  test('refunds of each of its payments sum up', () => {
    const difference = invoice({ id: 'in_2', reason: 'other', amountPaid: 1000, amountRefunded: 1000 });
    expect(decide({ invoices: [difference, invoice({ amountRefunded: 4899 })] }).revoked).toBe(false);
    expect(decide({ invoices: [difference, invoice({ amountRefunded: 4900 })] }).revoked).toBe(true);
  });
});

describe('A17: scenario 30: what the items are decides', () => {
  const of = (itemId: string, productId: string | null): MembershipItem => ({
    itemId,
    productId,
    priceId: productId === null ? null : `pri_${productId}`,
    stripePriceId: `price_${itemId}`,
    stripeProductId: 'prod',
    quantity: 3,
    periodEnd: NOW,
  });
  test.each<[string, MembershipItem[], string, string[], boolean]>([
    ['its own', [of('si_1', 'a')], 'a', [], false],
    ['moved to another of ours', [of('si_1', 'b')], 'b', [], false],
    ['another of ours added', [of('si_2', 'b'), of('si_1', 'a')], 'a', ['b'], false],
    ['something foreign added', [of('si_1', 'a'), of('si_2', null)], 'a', [], false],
    ['moved to something foreign', [of('si_1', null)], 'a', [], true],
  ])('%s', (_what, items, productId, others, nothingOfOurs) => {
    const plan = planOf(items, 'a');
    expect(plan).toMatchObject({ productId, nothingOfOurs, quantity: 3 });
    expect(plan?.others.map((other) => other.productId)).toEqual(others);
  });
  test('nothing is given for what is not sold here', () => {
    const evidence = { kind: 'subscription' as const, subscription: subscription(), nothingOfOurs: true };
    expect(decideMembership(membershipFacts(), evidence, NOW, DEFAULT_POLICY)).toMatchObject({
      status: 'suspended',
      reason: 'not_sold_here',
      suspended: true,
    });
  });
  test('an item that was added is given until Stripe charges it', () => {
    const added = item({ id: 'si_2', createdAt: NOW - DAY, periodEnd: MONTH_END });
    const facts = subscription({ items: [item(), added] });
    expect(paidThroughOf(ofItems(facts, new Set(['si_2'])))).toBe(MONTH_END);
    const renewal = invoice({
      id: 'in_2',
      status: 'open',
      lines: [line({ itemId: 'si_2', periodStart: MONTH_END, periodEnd: MONTH_END + 30 * DAY })],
    });
    expect(paidThroughOf(ofItems({ ...facts, invoices: [renewal] }, new Set(['si_2'])))).toBe(MONTH_END);
  });
});

describe('A24: a dispute', () => {
  const disputeDates = { openedAt: NOW - DAY, evidenceDueAt: NOW + 6 * DAY };
  const invoices = [invoice({ dispute: 'open', disputeDates })];
  test('has its dates, and is told also where the policy keeps the access', () => {
    expect(decide({ invoices })).toMatchObject({ reason: 'disputed', dispute: disputeDates });
    const kept = decide({ invoices }, { keepDuringDispute: true });
    expect(kept).toMatchObject({ reason: 'paid', dispute: disputeDates });
    expect(changeOf({ ...decide({}), disputed: false }, kept)).toBe('dispute_opened');
    expect(changeOf({ ...kept, disputed: true }, decide({}))).toBe('dispute_closed');
  });
});
