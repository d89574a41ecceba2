import { answerAccess, type GrantWithMembership } from '../../src/api/members/access-answer';
import type { Membership } from '../../src/db/generated/client';
import { toDate } from '../../src/domain/time';

const NOW = 1_800_000_000;
const DAY = 86_400;

const membership = (over: Partial<Membership> = {}) =>
  ({ status: 'active', reason: 'paid', paidThrough: toDate(NOW + DAY), ...over }) as Membership;

const grant = (over: Partial<GrantWithMembership> = {}): GrantWithMembership => ({
  id: 'gnt_1',
  productId: 'pdt_1',
  cause: 'membership',
  membershipId: 'msp_1',
  itemOfMembershipId: null,
  startsAt: toDate(NOW - DAY),
  until: toDate(NOW + 4 * DAY),
  suspended: false,
  revoked: false,
  membership: membership(),
  ...over,
});

const ended = (reason: string) => membership({ status: 'ended', reason });

test.each<[string, GrantWithMembership[], boolean, string]>([
  ['never bought', [], false, 'no_purchase'],
  ['subscribed', [grant()], true, 'paid'],
  [
    'owned',
    [grant({ until: null, membership: membership({ status: 'owned', reason: 'owned' }) })],
    true,
    'owned',
  ],
  [
    'in the grace',
    [grant({ membership: membership({ status: 'past_due', reason: 'grace' }) })],
    true,
    'grace',
  ],
  ['a gift', [grant({ cause: 'gift', membership: null, membershipId: null })], true, 'gift'],
  ['refunded', [grant({ revoked: true, membership: ended('refunded') })], false, 'refunded'],
  ['cancelled and over', [grant({ until: toDate(NOW), membership: ended('canceled') })], false, 'canceled'],
  ['over, but the worker did not say so yet', [grant({ until: toDate(NOW) })], false, 'access_ended'],
  [
    'grace over',
    [grant({ until: toDate(NOW), membership: membership({ status: 'suspended', reason: 'grace_over' }) })],
    false,
    'grace_over',
  ],
  ['suspended', [grant({ suspended: true })], false, 'suspended'],
  ['a gift taken back', [grant({ cause: 'gift', membership: null, revoked: true })], false, 'revoked'],
  ['later', [grant({ startsAt: toDate(NOW + 1) })], false, 'not_started'],
  [
    'refunded once, but owned still',
    [grant({ revoked: true, until: null, membership: ended('refunded') }), grant()],
    true,
    'paid',
  ],
])('%s', (_name, grants, access, reason) => {
  const answer = answerAccess(grants, false, NOW);
  expect(answer).toMatchObject({ access, reason });
  expect(answer.explanation).not.toBe(reason);
});

test('a payment on its way is named before older reasons', () => {
  const over = grant({ until: toDate(NOW), membership: ended('canceled') });
  expect(answerAccess([over], true, NOW)).toMatchObject({
    access: false,
    reason: 'payment_pending',
    next: { what: 'payment_outcome', at: null },
  });
});

test('the union lasts until the last grant ends', () => {
  const answer = answerAccess([grant(), grant({ until: toDate(NOW + 9 * DAY) })], false, NOW);
  expect(answer.until).toBe(toDate(NOW + 9 * DAY).toISOString());
});

test.each<[Membership['status'], string | undefined]>([
  ['active', 'renewal'],
  ['trialing', 'trial_end'],
  ['canceling', 'access_end'],
  ['past_due', 'grace_end'],
  ['owned', undefined],
])('what comes after %s', (status, what) => {
  expect(answerAccess([grant({ membership: membership({ status }) })], false, NOW).next?.what).toBe(what);
});

describe('a period is over, and its successor is not paid yet', () => {
  const looked = (at: number, over: Partial<Membership>) =>
    answerAccess(
      [grant({ membership: membership({ paidThrough: toDate(NOW), verifiedAt: toDate(at), ...over }) })],
      false,
      NOW + 60,
    ).next;

  test.each(['active', 'trialing'] as const)('%s: access ends if nothing is paid', (status) => {
    const end = toDate(NOW + 4 * DAY).toISOString();
    expect(looked(NOW, { status })).toMatchObject({ what: 'access_end', at: end });
    expect(looked(NOW + 60, { status })).toMatchObject({ what: 'access_end', at: end });
  });

  test('nobody has looked since: the renewal is what comes', () => {
    expect(looked(NOW - 1, {})).toMatchObject({ what: 'renewal', at: toDate(NOW).toISOString() });
  });
});

describe('scheduled to cancel', () => {
  const far = { cancelAt: toDate(NOW + 90 * DAY), paidThrough: toDate(NOW + DAY), verifiedAt: toDate(NOW) };
  test.each<[string, Partial<Membership>, string]>([
    ['beyond the next renewal: that comes first', far, 'renewal'],
    ['at the end of the period', { ...far, cancelAt: toDate(NOW + 4 * DAY) }, 'access_end'],
    ['and nothing is charged before', { ...far, paidThrough: toDate(NOW + 4 * DAY) }, 'access_end'],
    ['and the renewal was not paid', { ...far, verifiedAt: toDate(NOW + DAY) }, 'access_end'],
    ['and nothing was ever paid', { ...far, paidThrough: null }, 'access_end'],
    ['without a date', { ...far, cancelAt: null }, 'access_end'],
    ['of what is bought for a term', { ...far, reason: 'fixed_term' }, 'access_end'],
  ])('%s', (_what, over, what) => {
    const canceling = membership({ status: 'canceling', reason: 'scheduled_to_cancel', ...over });
    expect(answerAccess([grant({ membership: canceling })], false, NOW).next?.what).toBe(what);
  });
});

describe('without access, what brings it back', () => {
  const suspended = (reason: string, over: Partial<Membership> = {}) =>
    grant({ until: toDate(NOW), membership: membership({ status: 'suspended', reason, ...over }) });

  test.each<[string, Partial<Membership>, string | undefined, Date | null]>([
    ['grace_over', {}, 'payment_outcome', null],
    ['unpaid', {}, 'payment_outcome', null],
    ['disputed', {}, 'dispute_outcome', null],
    ['trial_ended_without_card', {}, 'payment_outcome', null],
    ['awaiting_payment', {}, 'renewal', null],
    ['collection_paused', { pauseUntil: toDate(NOW + DAY) }, 'resumption', toDate(NOW + DAY)],
    ['collection_paused', { pauseUntil: null }, undefined, null],
    ['refunded', {}, undefined, null],
  ])('%s %j: %s', (reason, over, what, at) => {
    const { next } = answerAccess([suspended(reason, over)], false, NOW);
    expect(next?.what).toBe(what);
    expect(next?.at ?? null).toBe(at?.toISOString() ?? null);
  });

  test('it explains, though a gift lasted longer', () => {
    const gift = grant({ cause: 'gift', membership: null, membershipId: null, until: toDate(NOW - 60) });
    const earlier = suspended('grace_over');
    earlier.until = toDate(NOW - DAY);
    expect(answerAccess([gift, earlier], false, NOW)).toMatchObject({
      reason: 'grace_over',
      next: { what: 'payment_outcome' },
    });
    const over = grant({ until: toDate(NOW - DAY), membership: ended('canceled') });
    expect(answerAccess([gift, over], false, NOW)).toMatchObject({ reason: 'access_ended', next: null });
  });

  test('nothing is foretold of what the run has not looked at yet', () => {
    expect(answerAccess([grant({ until: toDate(NOW) })], false, NOW).next).toBeNull();
  });
});

describe('while collection is paused', () => {
  const paused = (pauseUntil: Date | null) =>
    answerAccess(
      [
        grant({
          membership: membership({
            status: 'active',
            reason: 'collection_paused',
            paidThrough: toDate(NOW + 4 * DAY),
            pauseUntil,
          }),
        }),
      ],
      false,
      NOW,
    ).next;

  test.each([
    [null, 'access_end', 4],
    [toDate(NOW + 5 * DAY), 'access_end', 4],
    [toDate(NOW + 3 * DAY), 'resumption', 3],
  ])('until %s: %s comes first', (until, what, days) => {
    expect(paused(until)).toMatchObject({ what, at: toDate(NOW + days * DAY).toISOString() });
  });
});

test('a gift with an end says so', () => {
  const gift = grant({ cause: 'gift', membership: null, membershipId: null });
  expect(answerAccess([gift], false, NOW).next).toMatchObject({
    what: 'access_end',
    at: gift.until?.toISOString(),
  });
});

describe('A22: every cause has its own next step, the earliest first', () => {
  const gift = (over: Partial<GrantWithMembership> = {}) =>
    grant({ id: 'gnt_gift', cause: 'gift', membership: null, membershipId: null, ...over });
  const steps = (grants: GrantWithMembership[]) =>
    answerAccess(grants, false, NOW).upcoming.map(({ grantId, what }) => `${grantId} ${what}`);

  test.each<[string, GrantWithMembership[], string[]]>([
    ['a gift without an end hides no charge', [gift({ until: null }), grant()], ['gnt_1 renewal']],
    [
      'a gift that ends before the subscription does: access does not end',
      [gift({ until: toDate(NOW + 60) }), grant()],
      ['gnt_gift cause_end', 'gnt_1 renewal'],
    ],
    [
      'a gift that outlasts a cancelled subscription',
      [gift({ until: toDate(NOW + 90 * DAY) }), grant({ membership: membership({ status: 'canceling' }) })],
      ['gnt_1 cause_end', 'gnt_gift access_end'],
    ],
    [
      'yearly and monthly: both charges',
      [
        grant({
          id: 'gnt_year',
          until: toDate(NOW + 300 * DAY),
          membership: membership({ paidThrough: toDate(NOW + 297 * DAY) }),
        }),
        grant(),
      ],
      ['gnt_1 renewal', 'gnt_year renewal'],
    ],
    [
      'a suspended one beside a gift',
      [
        gift({ until: null }),
        grant({ until: toDate(NOW), membership: membership({ status: 'suspended', reason: 'unpaid' }) }),
      ],
      ['gnt_1 payment_open'],
    ],
    ['a gift that begins later', [gift({ startsAt: toDate(NOW + DAY) })], ['gnt_gift access_start']],
  ])('%s', (_what, grants, expected) => {
    expect(steps(grants)).toEqual(expected);
    expect(answerAccess(grants, false, NOW).next?.what).toBe(expected[0]?.split(' ')[1]);
  });
});
