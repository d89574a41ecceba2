import type { GrantRow as Grant, GrantSource as Membership } from '../../db/hot-reads';
import { accessOf, isHeld, isLive } from '../../domain/access';
import { isoTime, isoTimeOrNull, type Seconds, toDate, toSeconds } from '../../domain/time';
import { type NextStep, nextStep } from '../../domain/next-step';
import { itemsOf, type Next, nextView, reasonInWords, whyInWords } from '../memberships/view';

/** A grant with the membership that it is of; `itemOf`: of which it is one of the items beside its own product. */
export type GrantWithMembership = Grant & { membership: Membership | null; itemOf?: Membership | null };

/** The membership that a grant comes of, for its own product or for another item. */
const sourceOf = ({ membership, itemOf, until }: GrantWithMembership): Membership | null =>
  membership ?? (itemOf == null ? null : until === null ? outliving(itemOf) : itemOf);

/** A purchase as what was taken beside sees it, which outlives its term. */
const outliving = (membership: Membership): Membership =>
  ['fixed_term', 'fixed_term_over'].includes(membership.reason)
    ? { ...membership, status: 'owned', reason: 'owned' }
    : membership;

/** Reasons that are not a membership's own. */
export const OTHER_REASONS = {
  no_purchase: 'The member has never had access to this product.',
  payment_pending: 'The member has ordered; the payment is still on its way.',
  gift: 'Given by the coach.',
  free: 'The product is free.',
  not_started: 'The access begins later.',
  suspended: 'The access is suspended.',
  revoked: 'The access was taken away.',
  access_ended: 'The access came to its end.',
  item_removed: 'In Stripe, the item that gave this was removed from the subscription.',
} as const;

export interface AccessAnswer {
  access: boolean;
  /** A stable code: a membership's reason, or one of this file's. */
  reason: string;
  explanation: string;
  until: string | null;
  /** The earliest of what comes. */
  next: Next;
  /** What comes of each cause of access by itself, the earliest first; what has no date comes last. */
  upcoming: Upcoming[];
  grants: GrantView[];
  asOf: string;
}

interface Upcoming extends NonNullable<Next> {
  grantId: string;
  cause: 'membership' | 'gift' | 'free';
  membershipId: string | null;
}

interface GrantView {
  id: string;
  cause: 'membership' | 'gift' | 'free';
  membershipId: string | null;
  startsAt: string;
  until: string | null;
  state: 'live' | 'not_started' | 'over' | 'suspended' | 'revoked';
}

function factsOf(grant: Grant) {
  return {
    startsAt: toSeconds(grant.startsAt),
    until: grant.until === null ? null : toSeconds(grant.until),
    suspended: grant.suspended,
    revoked: grant.revoked,
  };
}

function stateOf(grant: Grant, now: Seconds): GrantView['state'] {
  const facts = factsOf(grant);
  if (isLive(facts, now)) return 'live';
  if (facts.revoked) return 'revoked';
  if (facts.suspended) return 'suspended';
  return isHeld(facts, now) ? 'not_started' : 'over';
}

/** The end as a number to compare: no end is the latest of all. */
const endOf = (grant: Grant) => grant.until?.getTime() ?? Infinity;

/** Why a grant gives access, or does not give it any more. */
function reasonOf(grant: GrantWithMembership, state: GrantView['state']): string {
  const membership = sourceOf(grant);
  if (isGone(grant, state)) return 'item_removed';
  if (state === 'live') return membership?.reason ?? grant.cause;
  if (state === 'not_started') return 'not_started';
  // Its own reason explains an end, unless it still says 'paid': then what was paid for is simply used up.
  if (membership !== null && ['ended', 'suspended'].includes(membership.status)) return membership.reason;
  if (state === 'revoked' || state === 'suspended') return state;
  return 'access_ended';
}

/** Whether the item that a grant was for is no longer of its subscription, which goes on. */
function isGone(grant: GrantWithMembership, state: GrantView['state']): boolean {
  if (grant.itemOf == null || state !== 'revoked') return false;
  const items = itemsOf(grant.itemOf);
  // What is bought once has no items: it came with the purchase, and goes with it.
  return items.length > 0 && !items.some(({ productId }) => productId === grant.productId);
}

/**
 * The answer to whether a member has access to a product, why, until when, and what happens next.
 * @param grants all grants of the pair, with their memberships.
 * @param now seconds, UTC, on the clock of the coach's account.
 */
export function answerAccess(
  grants: readonly GrantWithMembership[],
  paymentPending: boolean,
  now: Seconds,
): AccessAnswer {
  const { access, until } = accessOf(grants.map(factsOf), now);
  // The grant that lasts longest decides; without access, one that may come back explains, else the one that lasted longest.
  const mayComeBack = (grant: GrantWithMembership) => {
    const state = stateOf(grant, now);
    if (access) return 0;
    if (state === 'not_started') return 1;
    const status = isGone(grant, state) ? 'ended' : (sourceOf(grant)?.status ?? 'ended');
    return status === 'ended' ? 0 : 1;
  };
  const [decisive] = [...grants]
    .filter((grant) => !access || stateOf(grant, now) === 'live')
    .sort(
      (a, b) =>
        mayComeBack(b) - mayComeBack(a) || endOf(b) - endOf(a) || b.startsAt.getTime() - a.startsAt.getTime(),
    );
  const waits = !access && paymentPending;
  const reason = waits
    ? 'payment_pending'
    : decisive === undefined
      ? 'no_purchase'
      : reasonOf(decisive, stateOf(decisive, now));
  const end = until === null ? null : toDate(until);
  const upcoming = upcomingOf(grants, now);
  const [first] = upcoming;
  return {
    access,
    reason,
    explanation:
      reason in OTHER_REASONS
        ? OTHER_REASONS[reason as keyof typeof OTHER_REASONS]
        : inWords(reason, decisive),
    until: isoTimeOrNull(end),
    next: waits
      ? { what: 'payment_outcome', at: null, inWords: 'Access begins when the payment arrives.' }
      : first === undefined
        ? null
        : { what: first.what, at: first.at, inWords: first.inWords },
    upcoming,
    grants: grants.map((grant) => ({
      id: grant.id,
      cause: grant.cause,
      membershipId: membershipIdOf(grant),
      startsAt: isoTime(grant.startsAt),
      until: isoTimeOrNull(grant.until),
      state: stateOf(grant, now),
    })),
    asOf: isoTime(toDate(now)),
  };
}

/** A membership's own reason; `paid` by what it is for. */
function inWords(reason: string, grant: GrantWithMembership | undefined): string {
  const membership = grant === undefined ? null : sourceOf(grant);
  return membership?.reason === reason ? whyInWords(membership) : reasonInWords(reason);
}

/** Each cause with its own next step. What is said of access itself speaks of all of them together. */
function upcomingOf(grants: readonly GrantWithMembership[], now: Seconds): Upcoming[] {
  const timeOf = (at: string | null) => (at === null ? Infinity : Date.parse(at));
  return grants
    .flatMap((grant) => {
      const others = grants.filter((other) => other !== grant).map(factsOf);
      const goesOn = (at: Date | null) => accessOf(others, at === null ? now : toSeconds(at)).access;
      const next = nextView(stepOf(grant, now, goesOn));
      const { id: grantId, cause } = grant;
      return next === null ? [] : [{ grantId, cause, membershipId: membershipIdOf(grant), ...next }];
    })
    .sort((a, b) => timeOf(a.at) - timeOf(b.at) || a.grantId.localeCompare(b.grantId));
}

function stepOf(
  grant: GrantWithMembership,
  now: Seconds,
  goesOn: (at: Date | null) => boolean,
): NextStep | null {
  const { startsAt, until } = grant;
  const state = stateOf(grant, now);
  const membership = sourceOf(grant);
  if (isGone(grant, state)) return null;
  if (state === 'not_started') return { what: 'access_start', at: startsAt, inWords: 'This access begins.' };
  if (membership !== null)
    return state === 'live' || membership.status === 'suspended'
      ? nextStep(grant.membership ?? asOfItem(membership, grant), until, goesOn)
      : null;
  if (state !== 'live' || until === null) return null;
  return goesOn(until)
    ? { what: 'cause_end', at: until, inWords: 'This ends; access goes on through another.' }
    : { what: 'access_end', at: until, inWords: 'Access ends.' };
}

/** The membership as one of its other items sees it: charged by that item's own periods, and no plan of installments. */
function asOfItem(membership: Membership, { productId, until }: Grant): Membership {
  const ends = itemsOf(membership).flatMap((item) => (item.productId === productId ? [item.periodEnd] : []));
  const end = ends.length === 0 ? null : toDate(Math.max(...ends));
  // Stripe's own period moves before the renewal is paid.
  const isPaid = end !== null && (until === null || end <= until);
  return {
    ...membership,
    paidThrough: isPaid ? end : membership.paidThrough,
    installmentsDue: null,
    installmentsPaid: null,
  };
}

/** A grant's membership, whether for its own product or for another item. */
export const membershipIdOf = ({ membershipId, itemOfMembershipId }: Grant): string | null =>
  membershipId ?? itemOfMembershipId;
