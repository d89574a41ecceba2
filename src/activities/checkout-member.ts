import type { Tx } from '../db/client';
import { newId } from '../domain/ids';
import type { SessionFacts } from '../domain/stripe-facts';
import type { PaidCheckout } from './paid-checkout';

/**
 * The member that a purchase belongs to: the one it was opened for, else the one with the e-mail address that Checkout
 * collected, else a new one. Also remembers the member's customer on the account.
 */
export async function memberOfCheckout(tx: Tx, row: PaidCheckout, session: SessionFacts): Promise<string> {
  const memberId = row.memberId ?? (await memberByEmail(tx, row, session.email));
  if (session.customerId !== null)
    await tx.stripeCustomer.createMany({
      data: [
        {
          coachId: row.coachId,
          mode: row.mode,
          memberId,
          accountId: row.accountId,
          stripeCustomerId: session.customerId,
        },
      ],
      skipDuplicates: true,
    });
  return memberId;
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
