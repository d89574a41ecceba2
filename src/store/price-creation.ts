import type { Tx } from '../db/client';
import type { Price, Prisma } from '../db/generated/client';
import { isDashboardCode, isGoneAtStripe } from '../domain/catalog';
import type { CurrencyAmount } from '../domain/currency-options';
import type { Mode } from '../domain/mode';
import type { PricingTerms } from '../domain/pricing';
import { ProblemError } from '../domain/problem';
import type { SalesWindow } from '../domain/sales-window';
import { lockProduct } from './catalog-lock';
import { setOffersBeside } from './offers-beside';

/** Whose catalog it is. */
interface Owner {
  coachId: string;
  mode: Mode;
}

/** The account that a price is to be on. */
interface OnAccount {
  accountId: string;
}

/** What fixes a price. Money in minor units. */
export interface NewPrice extends PricingTerms, SalesWindow {
  id: string;
  productId: string;
  /** `inclusive` or `exclusive`; null: as the account has it. */
  taxBehavior: string | null;
  nickname: string | null;
  /** Amounts in other currencies. */
  currencyOptions: readonly CurrencyAmount[];
  /** Products that it gives besides its own. */
  alsoGives: readonly string[];
  /** Prices that are offered beside it, of the same coach and mode. */
  offersBeside: readonly string[];
  replacesPriceId: string | null;
  /** The first price of those that share its limited seats; null: it shares with none before it. */
  seatPoolId: string | null;
}

export interface Provisioned {
  price: Price;
  provisioning: { id: string; accountId: string };
}

/**
 * Inserts a price together with its first provisioning on the connected account; what is free is not at Stripe, so it
 * needs neither, and is on sale at once. A repetition of the request finds what the first one left.
 * @param connection null: the price is free
 * @throws ProblemError `product_archived`
 */
export async function insertPrice(
  tx: Tx,
  owner: Owner,
  connection: OnAccount | null,
  provisioningId: string,
  price: NewPrice,
): Promise<{ price: Price; provisioning: Provisioned['provisioning'] | null }> {
  const { coachId, mode } = owner;
  // Waits for an archiving under way, and makes one that follows wait.
  await lockProduct(tx, price.productId);
  const provisioning = connection === null ? null : { id: provisioningId, accountId: connection.accountId };
  const present = await tx.price.findFirst({ where: { id: price.id, coachId, mode } });
  if (present !== null) return { price: present, provisioning };
  const product = await tx.product.findFirst({ where: { id: price.productId, coachId, mode } });
  if (product?.status !== 'active') throw new ProblemError('product_archived', 'The product is archived.');
  const status = provisioning === null ? 'active' : 'provisioning';
  const { alsoGives, offersBeside, currencyOptions: options, ...columns } = price;
  const currencyOptions = options as unknown as Prisma.InputJsonArray;
  const inserted = await tx.price.create({ data: { ...columns, currencyOptions, coachId, mode, status } });
  if (alsoGives.length > 0)
    await tx.priceProduct.createMany({
      data: alsoGives.map((productId) => ({ coachId, mode, priceId: price.id, productId })),
    });
  await setOffersBeside(tx, { coachId, mode, priceId: price.id }, offersBeside);
  if (provisioning !== null)
    await tx.priceProvisioning.create({ data: { ...provisioning, coachId, mode, priceId: price.id } });
  else if (price.replacesPriceId !== null)
    await tx.price.updateMany({
      where: { id: price.replacesPriceId, coachId, mode, status: { not: 'archived' } },
      data: { status: 'archived', archivedAt: new Date(), revision: { increment: 1 } },
    });
  return { price: inserted, provisioning };
}

/**
 * Gives a price another try on the connected account; one that is pending already is only to be started again, and one
 * that was archived in the Dashboard is to be put on sale again by a push (no provisioning is answered then).
 * @throws ProblemError `price_not_retryable` when there is nothing to try.
 */
export async function insertRetry(
  tx: Tx,
  owner: Owner,
  connection: OnAccount,
  provisioningId: string,
  priceId: string,
): Promise<{ price: Price; provisioning: Provisioned['provisioning'] | null }> {
  const { coachId, mode } = owner;
  const { accountId } = connection;
  const known = await tx.price.findFirst({
    where: { id: priceId, coachId, mode },
    select: { productId: true },
  });
  if (known !== null) await lockProduct(tx, known.productId);
  const price = await tx.price.findFirst({
    where: { id: priceId, coachId, mode },
    include: { product: true },
  });
  if (price === null) throw new ProblemError('not_found', 'There is no price with this id.');
  if (price.status === 'archived' || price.product.status === 'archived')
    throw new ProblemError('price_not_retryable', 'An archived price is not created at Stripe any more.');
  if (price.model === 'free')
    throw new ProblemError('price_not_retryable', 'A free price is not at Stripe; it is on sale already.');
  const live = await tx.priceProvisioning.findFirst({
    where: { priceId, mode, accountId, status: { in: ['pending', 'provisioned'] } },
  });
  if (live?.status === 'pending') return { price, provisioning: { id: live.id, accountId } };
  if (live !== null && !isDashboardCode(price.failureCode))
    throw new ProblemError('price_not_retryable', 'The price exists on the connected Stripe account.');
  if (live !== null && !isGoneAtStripe(price.failureCode)) {
    // Archived in the Dashboard: it is put on sale again as it is.
    await tx.priceProvisioning.update({ where: { id: live.id }, data: { repairRequested: true } });
    const wanted = await tx.price.update({
      where: { id: priceId },
      data: { status: 'provisioning', failureCode: null, failureMessage: null, revision: { increment: 1 } },
    });
    return { price: wanted, provisioning: null };
  }
  // Deleted there: what is left of it serves the memberships that were bought with it, and it is made anew.
  if (live !== null)
    await tx.priceProvisioning.update({
      where: { id: live.id },
      data: { status: 'archived', endedAt: new Date() },
    });
  await tx.priceProvisioning.create({ data: { id: provisioningId, coachId, mode, priceId, accountId } });
  const updated = await tx.price.update({
    where: { id: priceId },
    data: { status: 'provisioning', failureCode: null, failureMessage: null, revision: { increment: 1 } },
  });
  return { price: updated, provisioning: { id: provisioningId, accountId } };
}

/** The terms of a stored price. */
export function storedTerms(price: Price): PricingTerms {
  const { model, currency, unitAmount, intervalCount, trialDays, setupFee, installments } = price;
  const { minAmount, maxAmount, suggestedAmount, accessDays, accessStartsAt } = price;
  const { seats, promotionCodes, maxQuantity } = price;
  const bought = { model, currency, unitAmount, intervalCount, trialDays, setupFee, installments };
  const chosen = { minAmount, maxAmount, suggestedAmount, accessDays, accessStartsAt };
  const limits = { seats, promotionCodes, maxQuantity };
  return { ...bought, ...chosen, ...limits, interval: price.interval as PricingTerms['interval'] };
}
