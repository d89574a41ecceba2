import type { Db, Tx } from '../db/client';
import type { Member, StripeCustomer } from '../db/generated/client';
import type { TimelineKind } from '../domain/timeline';
import { readdressMailsOf } from './mails';
import type { MemberKey } from './member-events';

/** Who says that a member has another address, and what they may not say. */
interface Said {
  email: string;
  /** The key that asked; null: a person, or a link that the coach's server has signed. */
  causeId: string | null;
  /** Under the lock of the member's row: @throws ProblemError where it may not be */
  check?: (tx: Tx, present: Member) => Promise<void>;
}

/**
 * The member has another address from now on, by the word of the coach or of the coach's server. In one transaction: mails
 * that wait go there, who is signed in to the member's page is not any more, no link that was mailed before signs in, and
 * Stripe's customers have to hear of it (the run is `customer-address/{memberId}`). What is bought, paid and given stays as
 * it is. Neither address is written anywhere but on the member. Null: they were erased meanwhile, or are another's by now.
 */
export function changeAddress(
  db: Db,
  { coachId, mode, memberId }: MemberKey,
  { email, causeId, check }: Said,
): Promise<Member | null> {
  const key = { coachId, mode, memberId };
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM member WHERE id = ${memberId} FOR UPDATE`;
    const present = await tx.member.findFirst({ where: { coachId, mode, id: memberId, erasedAt: null } });
    if (present === null || present.email === email) return present;
    await check?.(tx, present);
    const member = await tx.member.update({ where: { id: memberId }, data: { email } });
    await tx.stripeCustomer.updateMany({
      where: key,
      data: { addressRevision: { increment: 1 }, syncAfter: new Date() },
    });
    if (present.email !== null) await leaveOldAddress(tx, key, { from: present.email, to: email, causeId });
    return member;
  });
}

/** Nothing that waits goes to the old address, and nobody who reads mails there gets in. */
async function leaveOldAddress(
  tx: Tx,
  { coachId, mode, memberId }: MemberKey,
  { from, to, causeId }: { from: string; to: string; causeId: string | null },
): Promise<void> {
  const key = { coachId, mode, memberId };
  await tx.memberSession.deleteMany({ where: key });
  await tx.memberLink.deleteMany({ where: key });
  await readdressMailsOf(tx, key);
  // Whoever has asked to be reminded of a purchase has asked for it to be sent there.
  await tx.checkoutReminder.updateMany({
    where: { coachId, mode, sealed: { not: null }, checkout: { memberId } },
    data: { sealed: null },
  });
  // Where the member had what follows sent to their own address, it goes to the one that they have now.
  await tx.withdrawal.updateMany({
    where: { ...key, statedEmail: from, provenAt: { not: null } },
    data: { statedEmail: to },
  });
  const told: TimelineKind = 'address_changed';
  await tx.$executeRaw`
    INSERT INTO timeline_entry (coach_id, mode, member_id, at, kind, cause, cause_id, effect)
    VALUES (${coachId}, ${mode}::"Mode", ${memberId}, coach_time(${coachId}, ${mode}::"Mode"), ${told}, 'person', ${causeId},
      'Access is as it was.')`;
}

/** A customer that has not heard of the member's address. */
type Untold = Pick<StripeCustomer, 'mode' | 'accountId' | 'stripeCustomerId' | 'addressRevision'> & {
  /** The present one, at least as new as the revision; null: the member was erased. */
  email: string | null;
  /** Whether the coach is connected to the account. */
  isConnected: boolean;
};

/** The member's customers that have not heard of the present address. */
export function untoldCustomersOf(db: Db, { coachId, mode, memberId }: MemberKey): Promise<Untold[]> {
  return db.$queryRaw<Untold[]>`
    SELECT s.mode::text AS mode, s.account_id AS "accountId", s.stripe_customer_id AS "stripeCustomerId",
      s.address_revision AS "addressRevision", m.email,
      EXISTS (SELECT FROM connection c WHERE c.coach_id = s.coach_id AND c.mode = s.mode
        AND c.account_id = s.account_id AND c.status = 'connected') AS "isConnected"
    FROM stripe_customer s JOIN member m ON m.id = s.member_id
    WHERE s.coach_id = ${coachId} AND s.mode = ${mode}::"Mode" AND s.member_id = ${memberId}
      AND s.address_revision <> s.told_revision
    ORDER BY s.account_id, s.stripe_customer_id`;
}

/** Stripe has the address, or refuses it. One that was set meanwhile is still to be told. */
export async function addressTold(
  db: Db,
  { mode, accountId, stripeCustomerId, addressRevision }: Untold,
  addressRefused: string | null,
): Promise<void> {
  await db.stripeCustomer.updateMany({
    where: { mode, accountId, stripeCustomerId, toldRevision: { lt: addressRevision } },
    data: { toldRevision: addressRevision, addressRefused },
  });
}
