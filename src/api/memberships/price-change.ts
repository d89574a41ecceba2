import { z } from 'zod';
import type { Db } from '../../db/client';
import type { Membership, Price } from '../../db/generated/client';
import { currenciesOf } from '../../domain/currency-options';
import { ProblemError } from '../../domain/problem';
import { type PriceFacts, problemOfChange, canProrate } from '../../domain/price-change';
import { isoTime, type Seconds, toDate } from '../../domain/time';
import { id, moment } from '../http/schemas';

/** What a request says about a change of price or quantity; the preview takes the same. */
export const priceChangeBody = z
  .strictObject({
    priceId: id('amt').optional().meta({ description: 'The price it has now unless told' }),
    quantity: z.int().min(1).max(999).optional().meta({ description: 'What it has now unless told' }),
    prorate: z.boolean().default(true).meta({
      description:
        'Charge or credit the difference of the running period at once; otherwise the change counts from the next one on',
    }),
    prorationDate: moment
      .optional()
      .meta({ description: 'What the preview answered, so that what was shown is what is charged' }),
  })
  .refine((body) => body.priceId !== undefined || body.quantity !== undefined, 'needs priceId or quantity')
  .meta({ anyOf: [{ required: ['priceId'] }, { required: ['quantity'] }] });

type Asked = z.output<typeof priceChangeBody>;

/** A change that can be asked of Stripe. */
export interface PlannedChange {
  present: Price;
  next: Price;
  /** What the request names; what it does not stays as Stripe has it. */
  asked: { priceId: string | undefined; quantity: number | undefined };
  prorate: boolean;
  prorationDate: Seconds | undefined;
}

/** A price as the rules of changing see it. */
export function priceFacts(price: Price): PriceFacts {
  const { id: priceId, productId, model, interval, intervalCount, maxQuantity, status } = price;
  return {
    id: priceId,
    productId,
    model,
    active: status === 'active',
    currencies: currenciesOf(price),
    interval,
    intervalCount,
    maxQuantity,
  };
}

/**
 * Checks a change against what is stored; Stripe's own state is looked at again when it is made.
 * @param now seconds, UTC, on the account's clock.
 * @throws ProblemError `price_not_active`, `invalid_request` naming the field, `membership_paused`, `membership_disputed`
 * or `membership_payment_due`.
 */
export async function planChange(
  db: Db,
  row: Membership,
  asked: Asked,
  now: Seconds,
): Promise<PlannedChange> {
  const { coachId, mode } = row;
  const find = (priceId: string) => db.price.findFirst({ where: { id: priceId, coachId, mode } });
  const [present, next, { currency }] = await Promise.all([
    find(row.priceId),
    find(asked.priceId ?? row.priceId),
    // Stripe never changes a subscription's currency, so it is the one that was sold in.
    db.checkout.findUniqueOrThrow({ where: { id: row.checkoutId }, select: { currency: true } }),
  ]);
  if (present === null || next === null)
    throw new ProblemError('price_not_active', 'There is no such price.', { field: 'priceId' });
  const quantity = asked.quantity ?? row.quantity;
  const { prorate, prorationDate } = asked;
  const isQuantityAsked = asked.quantity !== undefined;
  const problem = problemOfChange(priceFacts(present), priceFacts(next), {
    quantity,
    prorate,
    isQuantityAsked,
    currencies: [currency],
  });
  if (problem !== null)
    throw new ProblemError(
      problem.field === 'priceId' ? 'price_not_active' : 'invalid_request',
      problem.message,
      {
        field: problem.field,
      },
    );
  if (prorationDate !== undefined && (!prorate || prorationDate > now))
    throw new ProblemError(
      'invalid_request',
      prorate ? 'The difference cannot be counted from a time ahead.' : 'Without proration there is no date.',
      { field: 'prorationDate', now: isoTime(toDate(now)) },
    );
  if (prorate && row.reason === 'collection_paused')
    throw new ProblemError('membership_paused', 'While collection is paused nothing is charged or credited.');
  if (prorate && row.reason === 'disputed')
    throw new ProblemError('membership_disputed', 'The payment of the running period is disputed.');
  if (prorate && !canProrate(row.reason))
    throw new ProblemError('membership_payment_due', 'The running period is not paid for.');
  const { priceId } = asked;
  return { present, next, asked: { priceId, quantity: asked.quantity }, prorate, prorationDate };
}
