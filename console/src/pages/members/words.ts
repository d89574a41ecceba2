import type { Membership } from '../../api/types';
import type { Format } from '../../format/create-format';
import { textOf } from '../../texts/text-of';
import type { Texts } from '../../texts/en';

type Next = Membership['next'];
type NextKind = NonNullable<Next>['what'];

/** A period has begun, and Stripe has not charged it yet: nothing of it is paid for. */
const isBeingCharged = (reason: string, next: { what: NextKind } | null) =>
  reason === 'paid' && next?.what === 'access_end';

/** Why a membership, or access, is as it is. @param fallback the API's words, for a reason that is new here */
export function reasonInWords(
  { reason, next, fallback }: { reason: string; next: Next; fallback: string },
  { members }: Pick<Texts, 'members'>,
): string {
  return isBeingCharged(reason, next)
    ? members.reasons.being_charged
    : textOf(members.reasons, reason, fallback);
}

/** What comes by itself. @param fallback the API's words, for a step that is new here */
export function nextInWords(
  { reason, next, fallback }: { reason: string; next: { what: NextKind }; fallback: string },
  { members }: Pick<Texts, 'members'>,
): string {
  return isBeingCharged(reason, next) ? members.nexts.unpaid_end : textOf(members.nexts, next.what, fallback);
}

/** Steps with which a paid period ends and the next one is charged; the leeway comes after them. */
const RENEWALS: readonly NextKind[] = ['renewal', 'renewal_invoice', 'trial_end', 'trial_end_invoice'];

/**
 * How long access lasts. Until a renewal it is what was paid for; the leeway that follows is for payments that are late,
 * and is said as what it is.
 */
export function untilInWords(
  until: string | null,
  next: Next,
  { members }: Pick<Texts, 'members'>,
  format: Format,
): string {
  const { access } = members;
  if (until === null) return access.noEnd;
  const renewed = next !== null && RENEWALS.includes(next.what) ? next.at : null;
  return renewed === null || renewed >= until
    ? access.until(format.dateTime(until))
    : access.untilRenewal(format.dateTime(renewed), format.dateTime(until));
}
