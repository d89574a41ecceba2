import { TIMELINE_KINDS } from '../../src/domain/timeline';
import { type Option, playStories } from '../support/stories';
import { type Rig, startRig } from '../support/rig';

// Every way to sell × everything that happens afterwards: is there access? Through the API, Checkout's page, Stripe's
// events, the inbox, runs and Postgres. What is paid once shares an account; what renews has one, and its time, for itself.
const MONTH = { interval: 'month', intervalCount: 1 };
const THREE = { model: 'installments', unitAmount: 3000, installments: 3 };
const every = (interval: string): Option => ({
  terms: { unitAmount: 4900, recurring: { interval, intervalCount: 1 } },
});
const GROUPS: Record<string, Option>[] = [
  {
    'one-off': { terms: { unitAmount: 4900 } },
    'one-off,84-days': { terms: { unitAmount: 12_000, accessDays: 84 } },
    'you-choose': { terms: { model: 'pay_what_you_want', minAmount: 500 }, form: { unit_amount: '37.50' } },
    free: { terms: { model: 'free' } },
    'free,84-days': { terms: { model: 'free', accessDays: 84 } },
    'seats+code': { terms: { unitAmount: 10_000, seats: 100, promotionCodes: true }, code: 'SPRING' },
    'yen,one-off': { terms: { unitAmount: 5000, currency: 'jpy' } },
    'dinar,one-off': { terms: { unitAmount: 12_500, currency: 'kwd' } },
  },
  { daily: every('day') },
  { weekly: every('week') },
  { monthly: every('month') },
  { yearly: every('year') },
  { 'monthly-x3': { terms: { unitAmount: 2000, recurring: MONTH, maxQuantity: 5 }, quantity: 3 } },
  { trial: { terms: { unitAmount: 4900, recurring: MONTH, trialDays: 14 } } },
  { 'trial+setup-fee': { terms: { unitAmount: 4900, recurring: MONTH, trialDays: 14, setupFee: 1000 } } },
  { '3-installments': { terms: { ...THREE, recurring: MONTH } } },
  { '3-inst,70-days': { terms: { ...THREE, recurring: MONTH, accessDays: 70 } } },
];

// + access, - none. Anything else is a reason why there is nothing to expect:
const NOT_APPLICABLE: Record<string, string> = {
  o: 'it is paid once: nothing renews, nothing is to be cancelled or paused',
  u: 'it has no fixed term',
  t: 'it has no trial',
  n: 'nothing has been paid yet',
  i: 'the API refuses it: installments are paid to the end, or cancelled at once',
  f: 'it is free: there is no money, and no subscription',
  c: 'no method of its currency takes days',
  e: 'its end is played in ways-to-sell and in free-products',
};

const PAYING = `
                  bought trial-ends renewed fails recovers grace-over delayed arrives bounces term-over
one-off             +        t        o        o        o        o        -        +        -        u
one-off,84-days     +        t        o        o        o        o        -        +        -        e
daily               +        t        +        +        +        -        -        +        -        u
weekly              +        t        +        +        +        -        -        +        -        u
monthly             +        t        +        +        +        -        -        +        -        u
yearly              +        t        +        +        +        -        -        +        -        u
monthly-x3          +        t        +        +        +        -        -        +        -        u
trial               +        +        +        +        +        -        n        n        n        u
trial+setup-fee     +        +        +        +        +        -        n        n        n        u
3-installments      +        t        +        +        +        -        -        +        -        u
3-inst,70-days      +        t        +        +        +        -        -        +        -        -
you-choose          +        t        o        o        o        o        -        +        -        u
free                +        t        f        f        f        f        f        f        f        u
free,84-days        +        t        f        f        f        f        f        f        f        e
seats+code          +        t        o        o        o        o        -        +        -        u
yen,one-off         +        t        o        o        o        o        c        c        c        u
dinar,one-off       +        t        o        o        o        o        c        c        c        u
`;
const MONEY_BACK = `
                  part full refund-fails disputed won inquiry lost
one-off            +    -        +           -     +     +      -
one-off,84-days    +    -        +           -     +     +      -
daily              +    -        -           -     +     +      -
weekly             +    -        -           -     +     +      -
monthly            +    -        -           -     +     +      -
yearly             +    -        -           -     +     +      -
monthly-x3         +    -        -           -     +     +      -
trial              n    n        n           n     n     n      n
trial+setup-fee    +    -        -           -     +     +      -
3-installments     +    -        +           -     +     +      -
3-inst,70-days     +    -        +           -     +     +      -
you-choose         +    -        +           -     +     +      -
free               f    f        f           f     f     f      f
free,84-days       f    f        f           f     f     f      f
seats+code         +    -        +           -     +     +      -
yen,one-off        +    -        +           -     +     +      -
dinar,one-off      +    -        +           -     +     +      -
`;
const LEAVING = `
                  cancelled leaving left resumed portal portal-left paused pause-lasts unpaused gift-stays purchase-stays disconnected
one-off               o        o      o     o       o        o         o        o          o         +            +            +
one-off,84-days       o        o      o     o       o        o         o        o          o         +            +            +
daily                 -        +      -     +       +        -         +        -          +         +            +            +
weekly                -        +      -     +       +        -         +        -          +         +            +            +
monthly               -        +      -     +       +        -         +        -          +         +            +            +
yearly                -        +      -     +       +        -         +        -          +         +            +            +
monthly-x3            -        +      -     +       +        -         +        -          +         +            +            +
trial                 -        +      -     +       +        -         +        -          +         +            +            +
trial+setup-fee       -        +      -     +       +        -         +        -          +         +            +            +
3-installments        +        i      i     i       i        i         i        i          i         +            +            +
3-inst,70-days        +        i      i     i       i        i         i        i          i         +            +            +
you-choose            o        o      o     o       o        o         o        o          o         +            +            +
free                  f        f      f     f       f        f         f        f          f         +            +            +
free,84-days          f        f      f     f       f        f         f        f          f         +            +            +
seats+code            o        o      o     o       o        o         o        o          o         +            +            +
yen,one-off           o        o      o     o       o        o         o        o          o         +            +            +
dinar,one-off         o        o      o     o       o        o         o        o          o         +            +            +
`;

/** Kinds of the timeline that these stories cannot do without. */
const LIVED = [
  ...['purchase_completed', 'free_product_given', 'gift_given', 'gift_revoked', 'free_revoked'],
  ...[
    'checkout_pending',
    'checkout_failed',
    'renewed',
    'trial_converted',
    'payment_failed',
    'payment_recovered',
  ],
  ...['cancellation_scheduled', 'cancellation_withdrawn', 'collection_paused', 'resumed'],
  ...['disputed', 'dispute_won', 'access_restored', 'membership_ended', 'disconnected'],
  ...['installments_complete', 'installments_short'],
];

interface Cell {
  option: string;
  event: string;
  expected: string;
}

function cellsOf(table: string): Cell[] {
  const [header = '', ...rows] = table.trim().split('\n');
  const events = header.trim().split(/\s+/);
  return rows.flatMap((row) => {
    const [option = '', ...cells] = row.trim().split(/\s+/);
    if (cells.length !== events.length) throw new Error(`The row of ${option} has ${cells.length} cells.`);
    return cells.map((expected, i) => ({ option, event: events[i] ?? '', expected }));
  });
}

const cells = [PAYING, MONEY_BACK, LEAVING].flatMap(cellsOf);
const isPlayed = ({ expected }: Cell) => expected === '+' || expected === '-';
const played = cells.filter(isPlayed);
const playedNames = new Set(played.map(({ option, event }) => `${option} ${event}`));
const plays = (option: string, event: string) => playedNames.has(`${option} ${event}`);

/** Milliseconds: all stories are played before the first cell is compared, and every run of them is replayed at the end. */
const TABLE_TIMEOUT_MS = 900_000;

let rig: Rig;
const seen = new Map<string, string>();
beforeAll(async () => {
  rig = await startRig({ temporal: 'dev' });
  const results = await Promise.all(GROUPS.map((options) => playStories(rig, options, plays)));
  for (const [cell, result] of results.flatMap((each) => [...each])) seen.set(cell, result);
}, TABLE_TIMEOUT_MS);
afterAll(() => rig.close(), TABLE_TIMEOUT_MS);

test('every option has a row in every table, and every cell an expectation or a reason', () => {
  const options = GROUPS.flatMap((group) => Object.keys(group)).sort();
  for (const table of [PAYING, MONEY_BACK, LEAVING])
    expect([...new Set(cellsOf(table).map(({ option }) => option))].sort()).toEqual(options);
  const reasons = new Set(cells.filter((cell) => !isPlayed(cell)).map(({ expected }) => expected));
  expect([...reasons].sort()).toEqual(Object.keys(NOT_APPLICABLE).sort());
});

test.each(played)('$option, $event: $expected', ({ option, event, expected }) => {
  expect(seen.get(`${option} ${event}`)).toBe(expected);
});

test('whatever happened is told with its cause, its run and its effect on access', async () => {
  const entries = await rig.db.timelineEntry.findMany({ orderBy: { id: 'asc' } });
  const told = new Set(entries.map(({ kind }) => kind));
  expect([...told].filter((kind) => !(TIMELINE_KINDS as readonly string[]).includes(kind))).toEqual([]);
  // All that a member's life with us is made of was played, each kind of it at least once.
  expect([...told]).toEqual(expect.arrayContaining(LIVED));
  for (const entry of entries) {
    const { kind, cause, causeId, workflowId, runId, effect } = entry;
    const seen = { kind, cause, causeId, workflowId, runId, effect };
    expect(seen).toMatchObject({
      cause: expect.stringMatching(/^(stripe_event|timer|member_returned|person|system)$/),
      effect: expect.stringMatching(/^(Access (given|goes on|unchanged|ended|waits)|No access)/),
    });
    if (cause === 'stripe_event') expect(causeId ?? 'evt_').toMatch(/^evt_/);
    // What the API does by itself has no run: it is a person's.
    if (/^(gift|free)_/.test(kind))
      expect(seen).toMatchObject({ cause: 'person', workflowId: null, runId: null });
    else
      expect(seen).toMatchObject({
        workflowId: expect.stringMatching(/^(checkout|membership|stripe-event)\//),
        runId: expect.any(String),
      });
  }
});
