import type { Membership } from '../db/generated/client';
import { isHeld } from '../domain/access';
import type { MembershipDecision } from '../domain/membership-facts';
import { type MembershipReason, REASONS } from '../domain/membership-reasons';
import { accessStart } from '../domain/pricing';
import { isoTime, type Seconds, toDate, toSecondsOrNull } from '../domain/time';

/** What a run needs to know after a look at Stripe. Times in seconds, UTC, on the account's clock. */
export interface MembershipState {
  status: string;
  reason: string;
  /** What it waits for, in words for an operator. */
  waitsFor: string;
  paidThrough: Seconds | null;
  deadline: Seconds | null;
  now: Seconds;
  /** Nothing more will happen by itself. */
  terminal: boolean;
  /** Installments whose end Stripe does not know of yet. */
  needsSchedule: boolean;
  accountId: string;
  memberId: string;
}

/** What has ended, and cannot be asked about any more. */
export function endedState(row: Membership, now: Seconds): MembershipState {
  return {
    status: row.status,
    reason: row.reason,
    waitsFor: 'It has ended, and its Stripe account is disconnected.',
    paidThrough: toSecondsOrNull(row.paidThrough),
    deadline: null,
    now,
    terminal: true,
    needsSchedule: false,
    accountId: row.accountId,
    memberId: row.memberId,
  };
}

/** As much of a decision as its run hears of. */
export type Decided = Pick<
  MembershipDecision,
  | 'status'
  | 'reason'
  | 'stripeStatus'
  | 'paidThrough'
  | 'until'
  | 'suspended'
  | 'revoked'
  | 'ended'
  | 'deadline'
>;

/** What was decided, as the run hears of it. */
export function membershipState(row: Membership, decision: Decided, now: Seconds): MembershipState {
  const { until, suspended, revoked } = decision;
  const startsAt = accessStart(now, toSecondsOrNull(row.accessStartsAt));
  const from = startsAt > now ? ` from ${iso(startsAt)}` : '';
  const access = !isHeld({ startsAt, until, suspended, revoked }, now)
    ? 'No access.'
    : `Access${from} ${until === null ? 'without an end' : `until ${iso(until)}`}.`;
  const next =
    decision.deadline === null
      ? 'Nothing more happens by itself.'
      : `Looks at Stripe again ${iso(decision.deadline)}.`;
  return {
    status: decision.status,
    reason: decision.reason,
    waitsFor: `${REASONS[decision.reason satisfies MembershipReason]} ${access} ${next}`,
    paidThrough: decision.paidThrough,
    deadline: decision.deadline,
    now,
    terminal: decision.ended || decision.deadline === null,
    needsSchedule:
      row.installmentsDue !== null &&
      row.stripeScheduleId === null &&
      decision.stripeStatus !== 'canceled' &&
      !decision.ended,
    accountId: row.accountId,
    memberId: row.memberId,
  };
}

function iso(seconds: Seconds): string {
  return isoTime(toDate(seconds));
}
