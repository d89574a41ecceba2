import type { Db, Tx } from '../db/client';
import type { StripeClients } from '../stripe/client';
import { currencyOfCustomer } from '../stripe/customer';
import { toActivityFailure } from '../stripe/errors';
import { ApplicationFailure } from '@temporalio/common';
import type { PaidCheckout } from './paid-checkout';

type Buying = Pick<PaidCheckout, 'coachId' | 'mode' | 'accountId' | 'memberId' | 'currency' | 'recurring'>;

/** Nobody's customer any more: the coach deleted it at Stripe. Memberships keep the id as what it was. */
export async function forgetCustomer(
  db: Db,
  { mode, accountId }: Pick<Buying, 'mode' | 'accountId'>,
  stripeCustomerId: string,
): Promise<void> {
  await db.stripeCustomer.deleteMany({ where: { mode, accountId, stripeCustomerId } });
}

/**
 * Remembers a customer as the member's; what recurs holds it to its currency.
 * @param hasOldAddress a new one was made with an address that is not the member's any more
 */
export async function rememberCustomer(
  tx: Tx,
  row: Omit<Buying, 'memberId'>,
  memberId: string,
  { stripeCustomerId, hasOldAddress }: { stripeCustomerId: string; hasOldAddress: boolean },
): Promise<void> {
  const { coachId, mode, accountId } = row;
  const currency = row.recurring ? row.currency : null;
  await tx.stripeCustomer.createMany({
    data: [
      {
        coachId,
        mode,
        memberId,
        accountId,
        stripeCustomerId,
        currency,
        addressRevision: hasOldAddress ? 1 : 0,
      },
    ],
    skipDuplicates: true,
  });
  if (currency !== null)
    await tx.stripeCustomer.updateMany({
      where: { coachId, mode, accountId, memberId, stripeCustomerId },
      data: { currency },
    });
}

/**
 * The customer that a member buys as: one for each currency in which something recurs, because Stripe holds a customer to
 * one. A payment that is made once is bound to none, so any customer of the member will do, that of the currency first.
 * Asks Stripe only where the currency matters and is not known. Null: Checkout makes a new one.
 * https://docs.stripe.com/invoicing/multi-currency-customers
 */
export async function chooseCustomer(
  { db, stripe }: { db: Db; stripe: StripeClients },
  row: Buying,
  avoided: readonly string[],
): Promise<string | null> {
  const { coachId, mode, accountId, memberId } = row;
  if (memberId === null) return null;
  const known = await db.stripeCustomer.findMany({
    where: { coachId, mode, accountId, memberId, stripeCustomerId: { notIn: [...avoided] } },
    orderBy: { stripeCustomerId: 'asc' },
  });
  const same = known.find(({ currency }) => currency === row.currency);
  if (same !== undefined) return same.stripeCustomerId;
  const open = known.filter(({ currency }) => currency === null);
  if (!row.recurring) return (open[0] ?? known[0])?.stripeCustomerId ?? null;
  const client = { stripe: stripe.of(mode), accountId };
  for (const { stripeCustomerId } of open) {
    const currency = await lookUp(() => currencyOfCustomer(client, stripeCustomerId));
    if (currency === 'gone') await forgetCustomer(db, row, stripeCustomerId);
    else if (currency === null || currency === row.currency) return stripeCustomerId;
    else
      await db.stripeCustomer.updateMany({
        where: { mode, accountId, stripeCustomerId },
        data: { currency },
      });
  }
  return null;
}

/** What is refused for good here is refused again, and said, when the session is created: then nothing is known. */
async function lookUp(ask: () => Promise<string | null>): Promise<string | null> {
  try {
    return await ask();
  } catch (error) {
    const failure = toActivityFailure(error);
    if (failure instanceof ApplicationFailure && failure.nonRetryable === true) return null;
    throw failure;
  }
}
