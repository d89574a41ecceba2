import type { Checkout } from '../db/generated/client';

/** A checkout that goes through Stripe: every one but those of what is free, which are completed when they begin. */
export type PaidCheckout = Checkout & { accountId: string; stripePriceId: string };

/** Narrows a row that a run works on. @throws Error for a free one, which never has a run. */
export function expectPaid<T extends Checkout>(row: T): T & PaidCheckout {
  const { accountId, stripePriceId } = row;
  if (accountId === null || stripePriceId === null)
    throw new Error(`Checkout ${row.id} is free: nothing of it is at Stripe`);
  return { ...row, accountId, stripePriceId };
}
