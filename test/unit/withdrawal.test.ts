import {
  beginningOf,
  type Contract,
  contractMeant,
  decideBy,
  isInTime,
  isWithdrawalOffered,
  mayWithdraw,
  type RefundFacts,
  refundDue,
  refundOf,
  splitRefund,
  stepOf,
  type WithdrawalFacts,
  withdrawalEnd,
} from '../../src/domain/withdrawal';
import { DAY, isoTime, type Seconds, toDate } from '../../src/domain/time';

const at = (time: string): Seconds => Date.parse(time) / 1000;
const iso = (seconds: Seconds) => isoTime(toDate(seconds)).replace(':00.000Z', 'Z');

// 1 July 2026 is a Wednesday.
test.each<[concluded: string, end: string, why: string]>([
  [
    '2026-07-01T10:00Z',
    '2026-07-16T04:00Z',
    'the day itself does not count; the 15th counts to its end, in Martinique too',
  ],
  ['2026-07-01T20:59Z', '2026-07-16T04:00Z', 'still the same day in the east of the Union'],
  ['2026-07-01T21:00Z', '2026-07-17T04:00Z', 'in the east it is the next day already'],
  ['2026-07-04T10:00Z', '2026-07-21T04:00Z', 'the last day would be a Saturday: Monday'],
  ['2026-07-05T10:00Z', '2026-07-21T04:00Z', 'the last day would be a Sunday: Monday'],
  [
    '2026-12-20T10:00Z',
    '2027-01-05T04:00Z',
    'over the end of a year, to a Monday: holidays of countries are not counted',
  ],
  ['2028-02-16T10:00Z', '2028-03-02T04:00Z', 'over the 29th of February'],
])('concluded %s: the period ends %s (%s)', (concluded, end) => {
  expect(iso(withdrawalEnd(at(concluded)))).toBe(end);
});

test('scenario 69: up to the last second, and not a second longer', () => {
  const concluded = at('2026-07-01T10:00Z');
  const end = withdrawalEnd(concluded);
  expect(isInTime(concluded, end - 1)).toBe(true);
  expect(isInTime(concluded, end)).toBe(false);
  const of = { isOffered: true, concludedAt: concluded, consent: null, hasBegun: true, isWithdrawn: false };
  expect(mayWithdraw({ ...of, now: end - 1 })).toBe(true);
  expect(mayWithdraw({ ...of, now: end })).toBe(false);
});

test.each<[Partial<Parameters<typeof mayWithdraw>[0]>, boolean]>([
  [{}, true],
  [{ isOffered: false }, false],
  [{ isWithdrawn: true }, false],
  [{ consent: 'service' }, true],
  [{ consent: 'digital_content' }, false],
  // Article 16(m): only once it has begun.
  [{ consent: 'digital_content', hasBegun: false }, true],
])('who may withdraw: %j', (change, may) => {
  const of = { isOffered: true, concludedAt: 0, consent: null, hasBegun: true, isWithdrawn: false, now: DAY };
  expect(mayWithdraw({ ...of, ...change })).toBe(may);
});

test.each<[Parameters<typeof isWithdrawalOffered>, boolean]>([
  [['by_country', 'DE'], true],
  [['by_country', 'no'], true],
  [['by_country', 'US'], false],
  [['by_country', 'GB'], false],
  [['by_country', 'CH'], false],
  [['by_country', null], false],
  [['on', 'US'], true],
  [['off', 'DE'], false],
])('whether it is offered: %j', ([offer, country], offered) => {
  expect(isWithdrawalOffered(offer, country)).toBe(offered);
});

const paid = (...amounts: number[]) =>
  amounts.map((amount, i) => ({ stripeId: `in_${i}`, amount, amountRefunded: 0 }));
const month: RefundFacts = {
  payments: paid(3000),
  beginsAt: 0,
  paidThrough: 30 * DAY,
  statedAt: 10 * DAY,
  consent: 'service',
};

test.each<[string, Partial<RefundFacts>, Parameters<typeof refundOf>[1], number]>([
  ['all of it', {}, 'full', 3000],
  ['nothing', {}, 'none', 0],
  ['ten days of thirty are kept', {}, 'proportional', 2000],
  ['nothing is kept of who asked for nothing: article 14(4)(a)', { consent: null }, 'proportional', 3000],
  ['of what has no end nothing can be counted', { paidThrough: null }, 'proportional', 3000],
  ['at once, everything', { statedAt: 0 }, 'proportional', 3000],
  ['before it begins, everything', { statedAt: -DAY }, 'proportional', 3000],
  [
    'of a programme with a date, counted from its beginning',
    { beginsAt: 5 * DAY, paidThrough: 35 * DAY },
    'proportional',
    2500,
  ],
  ['after all of it was provided, nothing', { statedAt: 40 * DAY }, 'proportional', 0],
  ['rounded for the consumer', { payments: paid(1000), statedAt: DAY }, 'proportional', 967],
  [
    'with what went back already',
    { payments: [{ stripeId: 'in_0', amount: 3000, amountRefunded: 500 }] },
    'full',
    2500,
  ],
  [
    'more went back than is owed',
    { payments: [{ stripeId: 'in_0', amount: 3000, amountRefunded: 2500 }] },
    'proportional',
    0,
  ],
  [
    'of two weeks that were paid one by one',
    { payments: paid(700, 700), paidThrough: 14 * DAY, statedAt: 8 * DAY },
    'proportional',
    600,
  ],
  ['a free trial', { payments: [] }, 'full', 0],
  [
    'amounts that seconds make larger than a number',
    { payments: paid(99_999_999), paidThrough: 3650 * DAY, statedAt: 365 * DAY },
    'proportional',
    90_000_000,
  ],
])('%s', (_, change, refund, amount) => {
  expect(refundOf({ ...month, ...change }, refund)).toBe(amount);
});

test.each<[ReturnType<typeof paid>, number, ReturnType<typeof splitRefund>]>([
  [
    paid(700, 700),
    1000,
    [
      { stripeId: 'in_0', amount: 700 },
      { stripeId: 'in_1', amount: 300 },
    ],
  ],
  [paid(700), 0, []],
  [
    [{ stripeId: 'in_0', amount: 700, amountRefunded: 700 }, ...paid(700)],
    300,
    [{ stripeId: 'in_0', amount: 300 }],
  ],
  [paid(700), 900, [{ stripeId: 'in_0', amount: 700 }]],
])('a refund is taken from the payments, the newest first: %j', (payments, amount, parts) => {
  expect(splitRefund(payments, amount)).toEqual(parts);
});

test.each<[Partial<Parameters<typeof beginningOf>[0]>, ReturnType<typeof beginningOf>]>([
  [{}, { status: 'accepted', refund: 'full' }],
  [{ refund: 'proportional' }, { status: 'accepted', refund: 'proportional' }],
  [{ refund: 'coach_decides' }, { status: 'to_decide', refund: null }],
  [{ isProven: false }, { status: 'unproven', refund: null }],
  [{ isInTime: false }, { status: 'to_decide', refund: null }],
  [{ isRightLost: true }, { status: 'to_decide', refund: null }],
])('scenario 70: how it begins: %j', (change, begins) => {
  const of = { refund: 'full', isProven: true, isInTime: true, isRightLost: false } as const;
  expect(beginningOf({ ...of, ...change })).toEqual(begins);
});

const stated: WithdrawalFacts = {
  status: 'to_decide',
  statedAt: 0,
  isCertain: true,
  isReminded: false,
  isOverdue: false,
};
test.each<[Partial<WithdrawalFacts>, Seconds, ReturnType<typeof stepOf>]>([
  [{}, 0, { do: 'wait', until: 10 * DAY }],
  [{}, 10 * DAY - 1, { do: 'wait', until: 10 * DAY }],
  [{}, 10 * DAY, { do: 'remind' }],
  [{ isReminded: true }, 10 * DAY, { do: 'wait', until: 13 * DAY }],
  [{ isReminded: true }, 13 * DAY - 1, { do: 'wait', until: 13 * DAY }],
  [{ isReminded: true }, 13 * DAY, { do: 'settle' }],
  [{}, 13 * DAY, { do: 'settle' }],
  [{ isCertain: false }, 13 * DAY, { do: 'tell_overdue' }],
  [{ isCertain: false, isOverdue: true }, 20 * DAY, { do: 'wait', until: null }],
  [{ status: 'unproven' }, 13 * DAY, { do: 'tell_overdue' }],
  [{ status: 'unproven' }, 10 * DAY, { do: 'remind' }],
  [{ status: 'accepted' }, 20 * DAY, { do: 'carry_out' }],
  [{ status: 'failed' }, 20 * DAY, { do: 'wait', until: null }],
  [{ status: 'done' }, 0, { do: 'end' }],
  [{ status: 'refused' }, 0, { do: 'end' }],
])('scenario 69: what comes next: %j after %i seconds', (change, now, step) => {
  expect(stepOf({ ...stated, ...change }, now)).toEqual(step);
});

test('a refund is due fourteen days after the statement, and is decided a day before', () => {
  expect(refundDue(0)).toBe(14 * DAY);
  expect(decideBy(0)).toBe(13 * DAY);
});

const contract = (id: string, productName: string, concludedAt = 0): Contract => ({
  id,
  mode: 'test',
  productName,
  concludedAt,
  otherIds: [`chk_${id}`],
});
const circle = contract('msp_a', 'Morning Circle');
const course = contract('msp_b', 'Breath course');
const old = contract('msp_c', 'Old course', -60 * DAY);

test.each<[string, Contract[], string, Contract | null]>([
  ['the only one', [circle], 'my subscription', circle],
  ['the only one within the period', [circle, old], 'my subscription', circle],
  ['by its name, in another writing', [circle, course], 'The  MORNING circle, please', circle],
  ['by an id', [circle, course, old], 'Order chk_msp_c of May', old],
  ['of two nobody knows which', [circle, course], 'my subscription', null],
  [
    'of two of one name nobody knows which',
    [circle, contract('msp_d', 'Morning Circle')],
    'morning circle',
    null,
  ],
  ['nothing was bought', [], 'anything', null],
  ['it was too long ago to be guessed', [old], 'my subscription', null],
])('which purchase is meant: %s', (_, contracts, typed, meant) => {
  expect(contractMeant(contracts, typed, DAY)).toBe(meant);
});
