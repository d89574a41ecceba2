import type { Tx } from '../db/client';
import type { Membership } from '../db/generated/client';
import { newId } from '../domain/ids';
import type { MembershipDecision } from '../domain/membership-facts';
import { type Seconds, toDate } from '../domain/time';
import { lockAccess, lockedAccess, type MemberProductKey, type TimelineFacts } from './access-change';
import { grantColumns } from './membership-columns';

/**
 * What its items, the bundle that it was sold as, and what was taken beside give besides the membership's own product: a grant for each, which
 * ends when the item goes.
 */
export async function syncItemGrants(
  tx: Tx,
  row: Pick<Membership, 'id' | 'coachId' | 'mode' | 'memberId' | 'checkoutId'>,
  /** Locked already, all of them in their order. */
  others: readonly {
    productId: string;
    decision: MembershipDecision;
    /** When it begins, if it comes: seconds, UTC. */
    startsAt: Seconds;
    /** What the timeline calls this one, if it comes. */
    kind?: TimelineFacts['kind'];
  }[],
  now: Seconds,
  {
    kind: usual = 'item_added',
    endsMissing = true,
    ...entry
  }: Pick<TimelineFacts, 'at' | 'cause' | 'run'> & {
    /** What the timeline calls one that comes. */
    kind?: TimelineFacts['kind'];
    /** Ends those that are not named. */
    endsMissing?: boolean;
  },
): Promise<void> {
  const { coachId, mode, memberId } = row;
  const present = await tx.grant.findMany({ where: { itemOfMembershipId: row.id } });
  const { at, cause, run } = entry;
  const told = { at, cause, run, membershipId: row.id, checkoutId: row.checkoutId };
  for (const { productId, decision, startsAt, kind = usual } of others) {
    const key: MemberProductKey = { coachId, mode, memberId, productId };
    const known = present.find((grant) => grant.productId === productId);
    const ends = grantColumns(decision);
    const access = await lockedAccess(tx, key, now);
    if (known === undefined)
      await tx.grant.create({
        data: {
          id: newId('grant'),
          ...key,
          cause: 'membership',
          itemOfMembershipId: row.id,
          startsAt: toDate(startsAt),
          ...ends,
        },
      });
    else await tx.grant.update({ where: { id: known.id }, data: ends });
    if (known === undefined || (known.revoked && !ends.revoked)) await access.record({ ...told, kind });
  }
  for (const grant of endsMissing ? present : []) {
    if (grant.revoked || others.some(({ productId }) => productId === grant.productId)) continue;
    const access = await lockAccess(tx, { coachId, mode, memberId, productId: grant.productId }, now);
    await tx.grant.update({ where: { id: grant.id }, data: { revoked: true } });
    await access.record({ kind: 'item_removed', ...told });
  }
}
