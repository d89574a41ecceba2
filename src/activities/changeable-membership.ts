import type { Db } from '../db/client';
import type { Membership } from '../db/generated/client';
import { ProblemError } from '../domain/problem';
import { refuse } from '../store/activity-failure';

/** A membership whose subscription goes on, so that it can be changed. */
export type ChangeableMembership = Membership & { stripeSubscriptionId: string };

/** @throws ApplicationFailure if there is none, it was bought once, or has ended */
export async function changeableMembership(db: Db, membershipId: string): Promise<ChangeableMembership> {
  const row = await db.membership.findUnique({ where: { id: membershipId } });
  if (row === null) throw refuse(new ProblemError('not_found', `There is no membership ${membershipId}.`));
  const { stripeSubscriptionId } = row;
  if (stripeSubscriptionId === null)
    throw refuse(new ProblemError('membership_not_subscription', 'This membership is a one-off purchase.'));
  if (row.endedAt !== null) throw refuse(new ProblemError('membership_ended', 'This membership has ended.'));
  return { ...row, stripeSubscriptionId };
}
