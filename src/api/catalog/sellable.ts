import { connectionFacts } from '../../store/connection-state';
import type { Db } from '../../db/client';
import type { Price, Product } from '../../db/generated/client';
import { DASHBOARD_CODES, dashboardMessage, isDashboardCode } from '../../domain/catalog';
import { currenciesOf, soldIn } from '../../domain/currency-options';
import { selling } from '../../domain/selling';
import { ProblemError } from '../../domain/problem';
import { salesState } from '../../domain/sales-window';
import { isoTimeOrNull } from '../../domain/time';
import type { Mode } from '../../domain/mode';
import { coachNow, type Connected, expectConnected } from '../connection/connected-account';
import type { ApiDeps } from '../deps';

/** Prices that what was done in the Stripe Dashboard took off sale; an archived product has none any more. */
export const OFF_SALE_AT_STRIPE = {
  status: 'failed' as const,
  failureCode: { in: DASHBOARD_CODES },
  product: { status: 'active' as const },
};

export type OfferedPrice = Price & { product: Product };

/** What is sold through Stripe, and through which account. */
export interface Sellable {
  price: OfferedPrice;
  connection: Connected;
  stripePriceId: string;
  stripeSetupPriceId: string | null;
}

/**
 * The price, if it is on offer at all: neither it nor its product is archived.
 * @throws ProblemError `not_found`, `product_archived`, `price_not_active`, `sales_not_started` or `sales_ended`.
 */
export async function expectOffered(
  deps: ApiDeps,
  wanted: { coachId: string; mode: Mode; priceId: string },
): Promise<OfferedPrice> {
  const { coachId, mode, priceId } = wanted;
  const price = await deps.db.price.findFirst({
    where: { id: priceId, coachId, mode },
    include: { product: true },
  });
  if (price === null)
    throw new ProblemError('not_found', 'There is no price with this id.', { field: 'priceId' });
  if (price.product.status === 'archived')
    throw new ProblemError('product_archived', 'The product is archived.', { field: 'priceId' });
  if (price.status === 'archived')
    throw new ProblemError('price_not_active', 'The price is archived.', { field: 'priceId' });
  const gone = await deps.db.priceProduct.count({
    where: { priceId: price.id, product: { status: 'archived' } },
  });
  if (gone > 0)
    throw new ProblemError('product_archived', 'A product of the bundle is archived.', { field: 'priceId' });
  await expectWithinSales(deps, price);
  return price;
}

/**
 * The price with its amount in the currency that is asked for; in its own where none is.
 * @throws ProblemError `invalid_request` for a currency in which it has no amount
 */
export function expectCurrency(price: OfferedPrice, currency: string | undefined): OfferedPrice {
  const sold = soldIn(price, currency ?? price.currency);
  if (sold !== null) return sold;
  const all = currenciesOf(price).map((each) => each.toUpperCase());
  throw new ProblemError('invalid_request', `The price is sold in ${all.join(', ')} only.`, {
    field: 'currency',
  });
}

async function expectWithinSales(deps: ApiDeps, price: OfferedPrice): Promise<void> {
  const { coachId, mode, salesStartAt, salesEndAt } = price;
  if (salesStartAt === null && salesEndAt === null) return;
  const state = salesState(price, await coachNow(deps, coachId, mode));
  if (state === 'on_sale') return;
  const details = {
    field: 'priceId',
    salesStartAt: isoTimeOrNull(salesStartAt),
    salesEndAt: isoTimeOrNull(salesEndAt),
  };
  throw state === 'ended'
    ? new ProblemError('sales_ended', `Sales ended on ${details.salesEndAt}.`, details)
    : new ProblemError('sales_not_started', `Sales begin on ${details.salesStartAt}.`, details);
}

/**
 * Whether a price that costs something can be sold now: it exists on the account that is connected and may charge.
 * @throws ProblemError `price_not_active`, `mode_off`, `not_connected` or `charges_not_enabled`.
 */
export async function expectSellable({ db, config }: ApiDeps, price: OfferedPrice): Promise<Sellable> {
  const { coachId, mode } = price;
  if (config.stripe.modes[mode] === undefined)
    throw new ProblemError('mode_off', `Payments in ${mode} mode are switched off here.`);
  const connection = await expectConnected(db, coachId, mode);
  const provisioning = await db.priceProvisioning.findFirst({
    where: { priceId: price.id, coachId, mode, accountId: connection.accountId, status: 'provisioned' },
  });
  if (price.status !== 'active' || provisioning?.stripePriceId == null)
    throw new ProblemError('price_not_active', whyNotActive(price), {
      field: 'priceId',
      priceStatus: price.status,
    });
  const sale = selling(connectionFacts(connection));
  if (!sale.canSell)
    throw new ProblemError(sale.code, sale.reason, { requirements: connection.requirements });
  const { stripePriceId, stripeSetupPriceId } = provisioning;
  return { price, connection, stripePriceId, stripeSetupPriceId };
}

/** Which of these prices exist on the account that is connected. One query for any number. */
export async function pricesOn(
  db: Db,
  connection: Connected | null,
  prices: readonly { id: string }[],
): Promise<Set<string>> {
  if (connection === null || prices.length === 0) return new Set();
  const { coachId, mode, accountId } = connection;
  const rows = await db.priceProvisioning.findMany({
    where: { priceId: { in: prices.map(({ id }) => id) }, coachId, mode, accountId, status: 'provisioned' },
    select: { priceId: true },
  });
  return new Set(rows.map(({ priceId }) => priceId));
}

const whyNotActive = ({ status, failureCode }: Price) =>
  status === 'failed' && isDashboardCode(failureCode)
    ? dashboardMessage(failureCode)
    : WHY_NOT_ACTIVE[status];

const WHY_NOT_ACTIVE = {
  active: 'The price does not exist on the Stripe account that is connected now.',
  provisioning: 'The price is just being created at Stripe; try again in a moment.',
  failed: 'The price could not be created at Stripe.',
  archived: 'The price is archived.',
} as const;
