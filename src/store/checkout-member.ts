import type { Tx } from '../db/client';
import { newId } from '../domain/ids';
import type { SessionFacts } from '../domain/stripe-facts';
import { rememberCustomer } from './customers';
import type { PaidCheckout } from './paid-checkout';

/**
 * The member that a purchase belongs to: the one it was opened for, unless that one was erased meanwhile; else the one with the e-mail address that Checkout
 * collected, else a new one. Also remembers the member's customer on the account, and the address of a member who has
 * none.
 */
export async function memberOfCheckout(tx: Tx, row: PaidCheckout, session: SessionFacts): Promise<string> {
  const known = row.memberId === null ? null : await memberAsTheyAre(tx, row.memberId);
  const memberId = known?.id ?? (await memberByEmail(tx, row, session.email));
  const typed = session.email;
  const email =
    known === null || typed === null ? null : (known.email ?? (await keepEmail(tx, row, memberId, typed)));
  if (session.customerId !== null)
    await rememberCustomer(tx, row, memberId, {
      stripeCustomerId: session.customerId,
      // It was changed while the session, which is made with it, was open.
      hasOldAddress: email !== null && email !== typed,
    });
  return memberId;
}

/** Null: they were erased, and what is written about them names nobody. */
function memberAsTheyAre(tx: Tx, id: string): Promise<{ id: string; email: string | null } | null> {
  return tx.member.findFirst({ where: { id, erasedAt: null }, select: { id: true, email: true } });
}

/**
 * The address of a member who had none: the coach's own word about it is never replaced by what was typed, and nobody else's
 * purchases are taken. Null: they have none.
 */
async function keepEmail(
  tx: Tx,
  { coachId, mode }: PaidCheckout,
  id: string,
  email: string,
): Promise<string | null> {
  const owner = { coachId, mode };
  if ((await tx.member.count({ where: { ...owner, email, id: { not: id } } })) > 0) return null;
  const { count } = await tx.member.updateMany({
    where: { ...owner, id, email: null, erasedAt: null },
    data: { email },
  });
  return count > 0 ? email : ((await memberAsTheyAre(tx, id))?.email ?? null);
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
