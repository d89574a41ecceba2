import type { MembershipStatus } from './membership-facts';
import type { MembershipReason } from './membership-reasons';

/** What a member is, in one word: the first of these that is true of anything of theirs. */
export const MEMBER_STATUSES = [
  'overdue',
  'suspended',
  'canceling',
  'trial',
  'active',
  'paused',
  'owned',
  'gift',
  'free',
  'ended',
  'none',
] as const;
export type MemberStatus = (typeof MEMBER_STATUSES)[number];

/** Suspended, but not for want of a payment: the coach did it, or it has a place of its own. */
export const NOT_FOR_A_PAYMENT: MembershipReason[] = [
  'collection_paused',
  'disputed',
  'dispute_lost',
  'refunded',
  'not_sold_here',
];

/** Whether a payment is missing that was to be made. The filter of the members' list says the same in SQL. */
export const isOverdue = ({ status, reason }: { status: MembershipStatus; reason: string }): boolean =>
  status === 'past_due' || (status === 'suspended' && !NOT_FOR_A_PAYMENT.some((other) => other === reason));

interface Causes {
  memberships: readonly { status: MembershipStatus; reason: string }[];
  /** `gives`: there is access by it now, or from a date on. */
  grants: readonly { cause: 'membership' | 'gift' | 'free'; gives: boolean }[];
}

/** The one word for a member. */
export function memberStatus({ memberships, grants }: Causes): MemberStatus {
  const found = new Set<MemberStatus>([
    ...memberships.map(ofMembership),
    ...grants
      .filter(({ cause }) => cause !== 'membership')
      .map(({ cause, gives }) => (!gives ? 'ended' : cause === 'gift' ? 'gift' : 'free')),
  ]);
  return MEMBER_STATUSES.find((status) => found.has(status)) ?? 'none';
}

function ofMembership(of: Causes['memberships'][number]): MemberStatus {
  if (isOverdue(of)) return 'overdue';
  if (of.reason === 'collection_paused' && of.status !== 'ended') return 'paused';
  switch (of.status) {
    case 'trialing':
      return 'trial';
    case 'suspended':
      return of.reason === 'refunded' || of.reason === 'dispute_lost' ? 'ended' : 'suspended';
    case 'past_due':
      return 'overdue';
    case 'active':
    case 'canceling':
    case 'owned':
    case 'ended':
      return of.status;
  }
}
