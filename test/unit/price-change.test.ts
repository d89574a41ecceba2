import {
  beginsNewPeriod,
  type MovedMembership,
  moveStep,
  type PreviewedInvoice,
  type PreviewedLine,
  previewOf,
  type PriceFacts,
  problemOfChange,
  SKIPPED,
} from '../../src/domain/price-change';
import { REASONS } from '../../src/domain/membership-reasons';

const price = (over: Partial<PriceFacts> = {}): PriceFacts => ({
  id: 'amt_old',
  productId: 'pdt_1',
  model: 'recurring',
  active: true,
  currencies: ['usd', 'gbp'],
  interval: 'month',
  intervalCount: 1,
  maxQuantity: 2,
  ...over,
});
const next = (over: Partial<PriceFacts> = {}) => price({ id: 'amt_new', ...over });

describe('a price follows another', () => {
  test.each<
    [string, PriceFacts, { quantity?: number; prorate?: boolean; isQuantityAsked?: boolean }, string | null]
  >([
    ['of the same product', next(), {}, null],
    ['as many as it is sold of', next(), { quantity: 2 }, null],
    ['more than it is sold of', next(), { quantity: 3 }, 'quantity'],
    [
      'A3: more than it is sold of, kept',
      next({ maxQuantity: 1 }),
      { quantity: 2, isQuantityAsked: false },
      'quantity',
    ],
    [
      'A3: more than either is sold of, set in the Dashboard',
      next(),
      { quantity: 3, isQuantityAsked: false },
      null,
    ],
    ['of another product', next({ productId: 'pdt_2' }), {}, 'priceId'],
    ['sold once', next({ model: 'one_off' }), {}, 'priceId'],
    ['in installments', next({ model: 'installments' }), {}, 'priceId'],
    ['archived', next({ active: false }), {}, 'priceId'],
    ['itself, though archived: another quantity', price({ active: false }), { quantity: 2 }, null],
    ['itself, but too many', price({ active: false }), { quantity: 3 }, 'quantity'],
    ['in other currencies than it is paid in', next({ currencies: ['eur', 'gbp'] }), {}, 'priceId'],
    ['in the currency that it is paid in, among others', next({ currencies: ['eur', 'usd'] }), {}, null],
    ['of another interval, with proration', next({ interval: 'year' }), { prorate: true }, null],
    ['of another interval, without', next({ interval: 'year' }), { prorate: false }, 'prorate'],
    ['of another count, without', next({ intervalCount: 3 }), { prorate: false }, 'prorate'],
    ['of the same interval, without', next(), { prorate: false }, null],
  ])('%s', (_what, to, change, field) => {
    const problem = problemOfChange(price(), to, {
      currencies: ['usd'],
      quantity: 1,
      prorate: true,
      isQuantityAsked: true,
      ...change,
    });
    expect(problem?.field ?? null).toBe(field);
    if (problem !== null) expect(problem.message).toMatch(/\.$/);
  });

  test.each([
    [{}, false],
    [{ interval: 'year' }, true],
    [{ intervalCount: 2 }, true],
  ])('another rhythm of charging: %j %s', (over, begins) => {
    expect(beginsNewPeriod(price(), next(over))).toBe(begins);
  });
});

describe('a move', () => {
  const membership = (over: Partial<MovedMembership> = {}): MovedMembership => ({
    kind: 'subscription',
    status: 'active',
    reason: 'paid',
    priceId: 'amt_old',
    quantity: 1,
    installmentsDue: null,
    ...over,
  });
  const move = { fromPriceId: 'amt_old', toPriceId: 'amt_new', fromMaxQuantity: 5, maxQuantity: 2 };

  test.each<[string, Partial<MovedMembership>, string]>([
    ['who pays', {}, 'move'],
    ['who is in the trial', { status: 'trialing', reason: 'trial' }, 'move'],
    ['as many as are sold', { quantity: 2 }, 'move'],
    ['who is there already', { priceId: 'amt_new' }, 'nothing'],
    ['who is on a third price', { priceId: 'amt_third' }, 'another_price'],
    ['who bought once', { kind: 'one_off', status: 'owned', reason: 'owned' }, 'membership_not_subscription'],
    [
      'who pays in installments',
      { installmentsDue: 3, reason: 'installments' },
      'membership_in_installments',
    ],
    ['whose membership has ended', { status: 'ended', reason: 'canceled' }, 'membership_ended'],
    ['who has ended and is there already', { status: 'ended', priceId: 'amt_new' }, 'membership_ended'],
    ['who has more than is sold', { quantity: 3 }, 'quantity_not_sold'],
    ['A3: who has more than either price is sold of', { quantity: 6 }, 'move'],
    ['who has cancelled', { status: 'canceling', reason: 'scheduled_to_cancel' }, 'scheduled_to_cancel'],
    ['who is paused', { reason: 'collection_paused' }, 'membership_paused'],
    ['who disputes', { status: 'suspended', reason: 'disputed' }, 'disputed'],
    ['who owes a renewal', { status: 'past_due', reason: 'grace' }, 'membership_payment_due'],
    ['who owes it too long', { status: 'suspended', reason: 'grace_over' }, 'membership_payment_due'],
    ['who is unpaid', { status: 'suspended', reason: 'unpaid' }, 'membership_payment_due'],
    [
      'who never gave a card',
      { status: 'suspended', reason: 'trial_ended_without_card' },
      'membership_payment_due',
    ],
  ])('%s: %j → %s', (_who, over, outcome) => {
    const step = moveStep(membership(over), move);
    expect(step.do === 'skip' ? step.reason : step.do).toBe(outcome);
  });

  test('nobody is moved for a reason that no rule knows', () => {
    const moved = Object.keys(REASONS).filter(
      (reason) => moveStep(membership({ reason }), move).do === 'move',
    );
    expect(moved.sort()).toEqual(['paid', 'trial']);
  });

  test('each reason has its words', () => {
    for (const words of Object.values(SKIPPED)) expect(words).toMatch(/^[A-Z].*\.$/);
  });
});

describe('what a change costs', () => {
  const line = (amount: number, over: Partial<PreviewedLine> = {}): PreviewedLine => ({
    description: 'A line',
    amount,
    proration: true,
    credit: amount < 0,
    own: true,
    periodStart: 1000,
    periodEnd: 5000,
    ...over,
  });
  const invoice = (over: Partial<PreviewedInvoice>): PreviewedInvoice => ({
    total: 0,
    amountDue: 0,
    endingBalance: 0,
    lines: [],
    ...over,
  });
  const period = (amount: number, periodStart = 5000, periodEnd = 9000) =>
    line(amount, { proration: false, periodStart, periodEnd });
  const renewal = invoice({ total: 9900, amountDue: 9900, lines: [period(9900)] });
  const same = { periodEnd: 5000, rhythmChanges: false };
  const other = { periodEnd: 5000, rhythmChanges: true };

  test('dearer: the difference now, the new price next', () => {
    const now = invoice({ total: 2500, amountDue: 2500, lines: [line(-2500), line(5000)] });
    expect(previewOf(now, renewal, same)).toEqual({
      chargedNow: 2500,
      creditedNow: 0,
      linesNow: now.lines,
      next: { at: 5000, amount: 9900 },
      paidThrough: null,
    });
  });

  test('cheaper: a credit now, and less next', () => {
    const now = invoice({ total: -1500, endingBalance: -1500, lines: [line(-2500), line(1000)] });
    expect(previewOf(now, renewal, same)).toMatchObject({
      chargedNow: 0,
      creditedNow: 1500,
      next: { at: 5000, amount: 8400 },
    });
  });

  test('a credit larger than the renewal leaves nothing to pay', () => {
    const now = invoice({ total: -15_000, endingBalance: -15_000 });
    expect(previewOf(now, renewal, same)).toMatchObject({ creditedNow: 15_000, next: { amount: 0 } });
  });

  test('an older credit is used up by what is charged now, and counts once', () => {
    const now = invoice({ total: 2500, amountDue: 500, endingBalance: 0, lines: [line(2500)] });
    const paidInPart = invoice({ total: 9900, amountDue: 7900 });
    expect(previewOf(now, paidInPart, same)).toMatchObject({ chargedNow: 500, next: { amount: 9900 } });
  });

  test('nothing now: the renewal is what Stripe says is due', () => {
    const due = invoice({ total: 9900, amountDue: 7900 });
    expect(previewOf(null, due, same)).toEqual({
      chargedNow: 0,
      creditedNow: 0,
      linesNow: [],
      next: { at: 5000, amount: 7900 },
      paidThrough: null,
    });
  });

  test('classic billing, a new period at once: the next charge is one period later, without the old credit', () => {
    const now = invoice({
      total: 45_000,
      amountDue: 45_000,
      lines: [line(-4000), period(49_000, 1000, 8000)],
    });
    expect(previewOf(now, null, other)).toMatchObject({
      chargedNow: 45_000,
      next: { at: 8000, amount: 49_000 },
      paidThrough: 8000,
    });
  });

  test('classic billing, a new period that costs less than the credit: the rest of it pays the next one', () => {
    const now = invoice({
      total: -30_000,
      endingBalance: -30_000,
      lines: [line(-34_900), period(4900, 1000, 8000)],
    });
    expect(previewOf(now, null, other)).toMatchObject({ creditedNow: 30_000, next: { at: 8000, amount: 0 } });
  });

  test.each<[string, PreviewedLine[], number]>([
    ['monthly → yearly', [line(-3000), line(40_000, { periodEnd: 30_000 })], 30_000],
    ['yearly → monthly', [line(-30_000, { periodEnd: 30_000 }), line(1000, { periodEnd: 3000 })], 3000],
    [
      'yearly → monthly for nothing, with a coupon',
      [line(0, { credit: true, periodEnd: 30_000 }), line(0, { periodEnd: 3000 })],
      3000,
    ],
  ])(
    'flexible billing, %s: prorations only, and the next charge follows what they pay for',
    (_what, lines, end) => {
      const now = invoice({ total: 37_000, amountDue: 37_000, lines });
      expect(previewOf(now, renewal, other)).toMatchObject({
        next: { at: end, amount: 9900 },
        paidThrough: end,
      });
    },
  );

  test('what waits for an invoice, and other items, are no period of this one', () => {
    const now = invoice({
      total: 5500,
      amountDue: 5500,
      lines: [
        line(2500),
        line(2000, { own: false, proration: false, periodEnd: 90_000 }),
        line(1000, { own: false, periodEnd: 90_000 }),
      ],
    });
    expect(previewOf(now, renewal, same)).toMatchObject({
      chargedNow: 5500,
      next: { at: 5000, amount: 9900 },
      paidThrough: null,
    });
  });

  test('no renewal expected: no next charge', () => {
    expect(previewOf(null, null, same).next).toBeNull();
  });
});
