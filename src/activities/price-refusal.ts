import Stripe from 'stripe';
import type { Db } from '../db/client';
import type { Checkout } from '../db/generated/client';
import { ProblemError } from '../domain/problem';
import { newId } from '../domain/ids';
import { insertHints } from '../store/hints';

/**
 * Stripe does not open a session because the price or its product was archived or deleted in the coach's Dashboard, and
 * we had not heard of it. The buyer is told that it is not for sale, and a hint has the product looked at.
 * Stripe's message is documented nowhere; `price_inactive` is what its API answers for an archived price, and a missing
 * one is `resource_missing` of a line item. If it used another code, the session would fail as before, with 502.
 * https://docs.stripe.com/error-codes, https://docs.stripe.com/products-prices/manage-prices#archive
 * @returns null when it was about something else
 */
export async function priceRefusal(
  db: Db,
  checkout: Pick<Checkout, 'mode' | 'accountId' | 'productId'>,
  error: unknown,
): Promise<ProblemError | null> {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) return null;
  const aboutLine = error.param?.startsWith('line_items') ?? false;
  // Of an archived product Stripe says so in words only, without a code.
  const isInactive =
    error.code === 'price_inactive' || (aboutLine && /\b(inactive|not active)\b/.test(error.message));
  if (!isInactive && !(error.code === 'resource_missing' && aboutLine)) return null;
  await insertHints(db, [
    {
      mode: checkout.mode,
      accountId: checkout.accountId,
      type: 'internal.price_refused',
      eventId: newId('hint'),
      target: { kind: 'product', id: checkout.productId },
    },
  ]);
  return new ProblemError('price_not_active', 'The price is not for sale at Stripe at the moment.');
}
