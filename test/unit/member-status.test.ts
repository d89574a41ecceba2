import { type MemberStatus, memberStatus } from '../../src/domain/member-status';

type Causes = Parameters<typeof memberStatus>[0];
const of = (status: Causes['memberships'][number]['status'], reason = 'paid') => ({ status, reason });
const given = (cause: 'membership' | 'gift' | 'free', gives = true) => ({ cause, gives });

test.each<[MemberStatus, Causes['memberships'], Causes['grants']]>([
  ['none', [], []],
  ['overdue', [of('active'), of('past_due', 'grace')], []],
  ['overdue', [of('suspended', 'grace_over')], [given('gift')]],
  ['overdue', [of('suspended', 'first_payment_pending')], []],
  ['suspended', [of('suspended', 'disputed'), of('active')], []],
  ['suspended', [of('suspended', 'not_sold_here')], []],
  ['canceling', [of('canceling', 'scheduled_to_cancel'), of('trialing', 'trial')], []],
  ['trial', [of('trialing', 'trial'), of('active')], []],
  ['active', [of('active'), of('ended', 'canceled')], [given('membership'), given('gift')]],
  ['paused', [of('active', 'collection_paused')], []],
  ['paused', [of('suspended', 'collection_paused')], []],
  ['owned', [of('owned', 'owned')], [given('membership')]],
  ['gift', [of('ended', 'canceled')], [given('gift'), given('free')]],
  ['free', [], [given('free')]],
  ['ended', [of('ended', 'collection_paused')], []],
  ['ended', [of('suspended', 'refunded')], []],
  ['ended', [], [given('gift', false)]],
])('%s', (expected, memberships, grants) => {
  expect(memberStatus({ memberships, grants })).toBe(expected);
});
