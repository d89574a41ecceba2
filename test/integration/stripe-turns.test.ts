import type { StripeLane } from '../../src/domain/stripe-allowance';
import type { Mode } from '../../src/domain/mode';
import { DAY } from '../../src/domain/time';
import { takeTurnIn, turnsOf } from '../../src/stripe/allowance';
import { stripeLaneOfActivity } from '../../src/worker/stripe-lane';
import { eventually } from '../support/eventually';
import { type ActivityHooks, type Rig, startRig } from '../support/rig';
import { openSeller } from '../support/seller';

/**
 * Calls to Stripe on one account, by all processes together, stay within what Stripe takes, and nobody who stands before a
 * page waits behind what nobody waits for. What is looked at is when each turn begins, by Postgres's clock: however
 * busy the machine is, that is the same.
 */
describe('scenario 80: turns at Stripe', () => {
  let rig: Rig;
  const LIMIT = 25;
  beforeAll(async () => {
    rig = await startRig({ temporal: 'dev', variables: { STRIPE_RATE_LIMITS: 'test=25,live=100' } });
  });
  afterAll(() => rig.close());

  let accounts = 0;
  const newAccount = () => `acct_turns_${(accounts += 1)}`;
  const take = (accountId: string, lane: StripeLane, longest: number, mode: Mode = 'test') =>
    takeTurnIn(rig.pool, { mode, accountId, lane }, LIMIT, longest);

  test('in no second there are more than Stripe takes, of whatever lanes they are', async () => {
    const accountId = newAccount();
    const lanes = (['people', 'background'] as const).flatMap((lane) =>
      Array.from({ length: 60 }, () => lane),
    );
    const turns = await Promise.all(lanes.map((lane) => take(accountId, lane, 60)));
    const starts = turns
      .map((turn) => (turn === null ? NaN : Math.max(turn.beginsAt, turn.now)))
      .sort((a, b) => a - b);
    const inOneSecond = starts.map((from) => starts.filter((at) => at >= from && at < from + 1).length);
    expect(Math.max(...inOneSecond)).toBeLessThanOrEqual(LIMIT);
    // It is no standstill either: with both lanes full, three quarters of it are used.
    expect(Math.max(...inOneSecond)).toBeGreaterThanOrEqual(LIMIT * 0.7);
  });

  test('what nobody waits for is put off once it would wait too long, and people are not behind it', async () => {
    const accountId = newAccount();
    const turn = turnsOf(rig.pool, { test: LIMIT, live: LIMIT });
    const call = { mode: 'test', accountId } as const;
    const waits = await Promise.all(Array.from({ length: 150 }, () => turn({ ...call, lane: 'background' })));
    expect(waits).toContain(null);
    expect(Math.max(...waits.map((wait) => wait ?? 0))).toBeLessThanOrEqual(5.1);
    expect(await turn({ ...call, lane: 'people' })).toBe(0);
    // The other mode, and any other account, have turns of their own.
    expect(await turn({ ...call, mode: 'live', lane: 'background' })).toBe(0);
    expect(await turn({ ...call, accountId: newAccount(), lane: 'background' })).toBe(0);
  });

  test('people take what is free of the other lane before they wait', async () => {
    const accountId = newAccount();
    const turn = turnsOf(rig.pool, { test: LIMIT, live: LIMIT });
    const waits = await Promise.all(
      Array.from({ length: 5 }, () => turn({ mode: 'test', accountId, lane: 'people' })),
    );
    // Alone, their own lane has one or two at once.
    expect(waits).toEqual([0, 0, 0, 0, 0]);
  });

  test('a purchase is opened for people, and a renewal is looked at for nobody in particular', async () => {
    const seller = await openSeller(rig);
    const price = await seller.offer({
      unitAmount: 4900,
      recurring: { interval: 'month', intervalCount: 1 },
    });
    const lanes: Partial<Record<keyof ActivityHooks, StripeLane>> = {};
    const note = (activity: 'openSession' | 'syncMembership' | 'cancelSubscription') => {
      rig.hooks[activity] = {
        before() {
          lanes[activity] = stripeLaneOfActivity();
          return Promise.resolve();
        },
      };
    };
    note('openSession');
    note('syncMembership');
    note('cancelSubscription');
    const { id } = await seller.purchase(price, 'ada');
    await seller.moveBy(32 * DAY);
    await eventually('the renewal', () => lanes.syncMembership !== undefined);
    await seller.coach.call('POST', `/v1/memberships/${id}/cancel`, { at: 'now' });
    expect(lanes).toEqual({
      openSession: 'people',
      syncMembership: 'background',
      cancelSubscription: 'people',
    });
    expect(stripeLaneOfActivity()).toBe('background');
    // The calls themselves have had their turns.
    const rows = await rig.db.stripeAllowance.findMany({ where: { accountId: seller.accountId } });
    expect(rows.map(({ mode, lane }) => `${mode} ${lane}`).sort()).toEqual([
      'test background',
      'test people',
    ]);
  });
});
