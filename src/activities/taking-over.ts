import type { Db } from '../db/client';
import type { Membership } from '../db/generated/client';
import type { MembershipItem } from '../domain/items';
import type { MembershipStatus } from '../domain/membership-facts';
import type { MembershipReason } from '../domain/membership-reasons';
import { MINUTE, type Seconds, toSeconds, toSecondsOrNull } from '../domain/time';
import type { Decided } from './membership-state';

/** For so long after a purchase its run takes over what the look at the purchase has found. */
const FRESH = MINUTE;

/**
 * What the look at a purchase has just decided, for the run that takes over: it has read all that decides, and whatever
 * Stripe says afterwards waits in the inbox or wakes the run. Null: there is more to find, so the run looks itself.
 * @param row as it was read after the inbox was, in which nothing waits for it
 * @param now seconds, UTC, on the account's clock
 */
export async function asBought(db: Db, row: Membership, now: Seconds): Promise<Decided | null> {
  if (row.revision !== 0 || row.endedAt !== null || now - toSeconds(row.verifiedAt) >= FRESH) return null;
  const deadline = toSecondsOrNull(row.nextDeadlineAt);
  if (deadline === null || deadline <= now || !isOwnAlone(row)) return null;
  const grant = await db.grant.findUniqueOrThrow({ where: { membershipId: row.id } });
  if (grant.suspended || grant.revoked) return null;
  return {
    status: row.status as MembershipStatus,
    reason: row.reason as MembershipReason,
    stripeStatus: row.stripeStatus,
    paidThrough: toSecondsOrNull(row.paidThrough),
    until: toSecondsOrNull(grant.until),
    suspended: false,
    revoked: false,
    ended: false,
    deadline,
  };
}

/** Whether nothing but what was sold here is among its items: what others give is found by a look of its own. */
function isOwnAlone({ kind, items, productId }: Membership): boolean {
  const all = items as unknown as MembershipItem[];
  return kind === 'one_off' || (all.length > 0 && all.every((item) => item.productId === productId));
}
