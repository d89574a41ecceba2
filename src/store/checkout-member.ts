import type { Tx } from '../db/client';
import { newId } from '../domain/ids';
import type { SessionFacts } from '../domain/stripe-facts';
import { rememberCustomer } from './customers';
import { isErased } from './erasure';
import type { PaidCheckout } from './paid-checkout';

/**
 * The member that a purchase belongs to: the one it was opened for, unless that one was erased meanwhile; else the one with the e-mail address that Checkout
 * collected, else a new one. Also remembers the member's customer on the account, and the address of a member who has
 * none.
 */
export async function memberOfCheckout(tx: Tx, row: PaidCheckout, session: SessionFacts): Promise<string> {
  const known = row.memberId === null || (await isErased(tx, row.memberId)) ? null : row.memberId;
  const memberId = known ?? (await memberByEmail(tx, row, session.email));
  if (known !== null && session.email !== null) await keepEmail(tx, row, memberId, session.email);
  if (session.customerId !== null)
    await rememberCustomer(tx, row, memberId, {
      stripeCustomerId: session.customerId,
      hasOldAddress:
        known !== null && session.email !== null && (await isNot(tx, row, memberId, session.email)),
    });
  return memberId;
}

/** Whether a member has another address than this one: it was changed while the session, which is made with it, was open. */
async function isNot(tx: Tx, { coachId, mode }: PaidCheckout, id: string, email: string): Promise<boolean> {
  return (await tx.member.count({ where: { coachId, mode, id, email: { not: email } } })) > 0;
}

/** The coach's own word about an address is never replaced by what was typed, and nobody else's purchases are taken. */
async function keepEmail(tx: Tx, row: PaidCheckout, memberId: string, email: string): Promise<void> {
  const owner = { coachId: row.coachId, mode: row.mode };
  const isTaken = (await tx.member.count({ where: { ...owner, email, id: { not: memberId } } })) > 0;
  if (!isTaken)
    await tx.member.updateMany({
      where: { ...owner, id: memberId, email: null, erasedAt: null },
      data: { email },
    });
}

async function memberByEmail(tx: Tx, row: PaidCheckout, email: string | null): Promise<string> {
  const owner = { coachId: row.coachId, mode: row.mode };
  const find = () =>
    email === null
      ? null
      : tx.member.findFirst({ where: { ...owner, email }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
  const present = await find();
  if (present !== null) return present.id;
  const id = newId('member');
  await tx.member.createMany({ data: [{ id, ...owner, email }], skipDuplicates: true });
  return (await find())?.id ?? id;
}
