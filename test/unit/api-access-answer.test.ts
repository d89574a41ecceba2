import { answerAccess, type GrantWithMembership } from '../../src/api/access-answer';
import type { Membership } from '../../src/db/generated/client';
import { toDate } from '../../src/domain/time';

const NOW = 1_800_000_000;
const DAY = 86_400;

const membership = (over: Partial<Membership> = {}) =>
  ({ status: 'active', reason: 'paid', paidThrough: toDate(NOW + DAY), ...over }) as Membership;

const grant = (over: Partial<GrantWithMembership> = {}): GrantWithMembership => ({
  id: 'gnt_1',
  coachId: 'coach_1',
  mode: 'test',
  memberId: 'mbr_1',
  productId: 'pdt_1',
  cause: 'membership',
  membershipId: 'msp_1',
  checkoutId: null,
  startsAt: toDate(NOW - DAY),
  until: toDate(NOW + 4 * DAY),
  suspended: false,
  revoked: false,
  note: null,
  createdAt: toDate(NOW),
  updatedAt: toDate(NOW),
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
