import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { connectionFacts } from '../activities/connection-state';
import type { Tx } from '../db/client';
import { isUniqueViolation } from '../db/errors';
import type { Checkout, Price, Product } from '../db/generated/client';
import { isClosed } from '../domain/checkout';
import { selling } from '../domain/connection';
import { Refusal } from '../domain/failure';
import type { Mode } from '../domain/mode';
import type { CheckoutView } from '../workflows/messages';
import { type Connected, expectConnected } from './connected-account';
import type { ApiDeps } from './deps';
import { expectAllowedRedirect, readSettings } from './settings';

/** Milliseconds that a request waits for Stripe's address. */
const PATIENCE = 25_000;
/** How often a race with another request for the same purchase is looked at again. */
const TRIES = 4;

/** Who buys: a member of the coach, or an anonymous browser by the hash of its cookie. */
export type Buyer = { kind: 'member'; memberId: string } | { kind: 'visitor'; hash: string };

/** What is wanted. The amount is the price's, never the client's. */
export interface Purchase {
  coachId: string;
  mode: Mode;
  priceId: string;
  /** Asked for only after the price and the addresses are found to be right: it may create the member. */
  buyer(): Promise<Buyer>;
  quantity: number;
  successUrl: string | undefined;
  cancelUrl: string | undefined;
}

/** What may be bought, and through which account. */
export interface Sellable {
  price: Price & { product: Product };
  connection: Connected;
  stripePriceId: string;
  stripeSetupPriceId: string | null;
}

/** How one who may have one open checkout per product is named. */
const buyerKeyOf = (buyer: Buyer) =>
  buyer.kind === 'member' ? `member:${buyer.memberId}` : `visitor:${buyer.hash}`;

/**
 * Whether a price can be sold now: active, its product too, on the account that is connected and may charge.
 * @throws Refusal `not_found`, `product_archived`, `price_not_active`, `not_connected` or `charges_not_enabled`.
 */
export async function expectSellable(
  { db, config }: ApiDeps,
  wanted: { coachId: string; mode: Mode; priceId: string },
): Promise<Sellable> {
  const { coachId, mode } = wanted;
  const price = await db.price.findFirst({
    where: { id: wanted.priceId, coachId, mode },
    include: { product: true },
  });
  if (price === null) throw new Refusal('not_found', 'There is no price with this id.', { field: 'priceId' });
  if (price.product.status === 'archived')
    throw new Refusal('product_archived', 'The product is archived.', { field: 'priceId' });
  if (price.status === 'archived')
    throw new Refusal('price_not_active', 'The price is archived.', { field: 'priceId' });
  if (price.model === 'free')
    throw new Refusal('price_is_free', 'There is nothing to pay for this price.', { field: 'priceId' });
  if (config.stripe.modes[mode] === undefined)
    throw new Refusal('mode_off', `Payments in ${mode} mode are switched off here.`);
  const connection = await expectConnected(db, coachId, mode);
  const provisioning = await db.priceProvisioning.findFirst({
    where: { priceId: price.id, coachId, mode, accountId: connection.accountId, status: 'provisioned' },
  });
  if (price.status !== 'active' || provisioning?.stripePriceId == null)
    throw new Refusal('price_not_active', WHY_NOT_ACTIVE[price.status], {
      field: 'priceId',
      priceStatus: price.status,
    });
  const sale = selling(connectionFacts(connection));
  if (!sale.canSell) throw new Refusal(sale.code, sale.reason, { requirements: connection.requirements });
  const { stripePriceId, stripeSetupPriceId } = provisioning;
  return { price, connection, stripePriceId, stripeSetupPriceId };
}

const WHY_NOT_ACTIVE = {
  active: 'The price does not exist on the Stripe account that is connected now.',
  provisioning: 'The price is just being created at Stripe; try again in a moment.',
  failed: 'The price could not be created at Stripe.',
  archived: 'The price is archived.',
} as const;

/**
 * Opens a checkout, or answers with the one that the buyer has open for the same thing. In this order: is the price
 * sellable, may the browser be sent to those addresses, does the buyer have it already, is a checkout open. Repeating
 * the call heals what a crash left half-way.
 * @param newCheckoutId the id of a checkout that has to be inserted.
 * @throws Refusal with the codes of those rules, or of Stripe's refusal.
 */
export async function openCheckout(
  deps: ApiDeps,
  purchase: Purchase,
  newCheckoutId: () => string,
): Promise<{ checkoutId: string; created: boolean }> {
  const sellable = await expectSellable(deps, purchase);
  if (purchase.quantity > sellable.price.maxQuantity)
    throw new Refusal('invalid_request', `At most ${sellable.price.maxQuantity} can be bought at once.`, {
      field: 'quantity',
    });
  const urls = await redirectsOf(deps, purchase);
  const buyer = await purchase.buyer();
  if (!sellable.price.product.allowMultiple)
    await expectNotBought(deps, purchase, buyer, sellable.price.productId);

  for (let attempt = 0; attempt < TRIES; attempt++) {
    const open = await findOpen(deps, purchase, buyer, sellable.price.productId);
    if (open !== null && isSame(open, purchase, sellable)) {
      // The latest click says where to go back to; Stripe itself only knows our own return address.
      await deps.db.checkout.updateMany({ where: { id: open.id }, data: urls });
      if (await startAndWait(deps, open)) return { checkoutId: open.id, created: false };
      continue;
    }
    if (open !== null) {
      await closeOther(deps, open);
      continue;
    }
    const row = await insert(deps, purchase, buyer, sellable, urls, newCheckoutId());
    if (row === null) continue;
    await startAndWait(deps, row);
    return { checkoutId: row.id, created: true };
  }
  throw new Refusal('temporarily_unavailable', 'Another request for the same purchase is under way.');
}

async function redirectsOf({ db, config }: ApiDeps, purchase: Purchase) {
  const settings = await readSettings(db, purchase.coachId, purchase.mode);
  const { publicUrl } = config.api;
  const successUrl = purchase.successUrl ?? settings.defaultSuccessUrl ?? `${publicUrl}/thanks`;
  const cancelUrl = purchase.cancelUrl ?? settings.defaultCancelUrl ?? `${publicUrl}/buy/${purchase.priceId}`;
  expectAllowedRedirect(successUrl, 'successUrl', settings, publicUrl);
  expectAllowedRedirect(cancelUrl, 'cancelUrl', settings, publicUrl);
  return { successUrl, cancelUrl };
}

/** @throws Refusal `already_subscribed` or `already_owned` */
async function expectNotBought(
  { db }: ApiDeps,
  { coachId, mode }: Purchase,
  buyer: Buyer,
  productId: string,
): Promise<void> {
  const theirs =
    buyer.kind === 'member' ? { memberId: buyer.memberId } : { checkout: { buyerKey: buyerKeyOf(buyer) } };
  const memberships = await db.membership.findMany({
    where: { coachId, mode, productId, ...theirs, status: { not: 'ended' } },
    include: { grants: true },
  });
  for (const membership of memberships) {
    if (membership.grants.some((grant) => grant.until === null && !grant.revoked))
      throw new Refusal('already_owned', 'The member owns this product for ever.', {
        membershipId: membership.id,
      });
    if (membership.kind === 'subscription')
      throw new Refusal(
        'already_subscribed',
        membership.status === 'canceling'
          ? 'The member is subscribed; the subscription is cancelled for a date ahead and can be resumed.'
          : 'The member is subscribed to this product.',
        { membershipId: membership.id },
      );
  }
}

function findOpen(
  { db }: ApiDeps,
  { coachId, mode }: Purchase,
  buyer: Buyer,
  productId: string,
): Promise<Checkout | null> {
  return db.checkout.findFirst({
    where: {
      coachId,
      mode,
      productId,
      buyerKey: buyerKeyOf(buyer),
      status: { in: ['opening', 'open', 'pending'] },
    },
  });
}

function isSame(open: Checkout, purchase: Purchase, sellable: Sellable): boolean {
  if (open.status === 'pending')
    throw new Refusal('checkout_in_progress', 'The member has paid; the payment is still on its way.', {
      checkoutId: open.id,
    });
  return (
    open.priceId === purchase.priceId &&
    open.quantity === purchase.quantity &&
    open.accountId === sellable.connection.accountId &&
    open.stripePriceId === sellable.stripePriceId &&
    open.cancelRequestedAt === null
  );
}

async function insert(
  { db }: ApiDeps,
  purchase: Purchase,
  buyer: Buyer,
  { price, connection, stripePriceId, stripeSetupPriceId }: Sellable,
  urls: { successUrl: string; cancelUrl: string },
  id: string,
): Promise<Checkout | null> {
  const { coachId, mode } = purchase;
  const settings = await db.settings.findUnique({ where: { coachId_mode: { coachId, mode } } });
  try {
    return await db.$transaction(async (tx) => {
      if (price.seats !== null) await expectSeat(tx, price, id);
      const row = await tx.checkout.create({
        data: {
          id,
          coachId: purchase.coachId,
          mode: purchase.mode,
          accountId: connection.accountId,
          productId: price.productId,
          priceId: price.id,
          stripePriceId,
          memberId: buyer.kind === 'member' ? buyer.memberId : null,
          buyerKey: buyerKeyOf(buyer),
          quantity: purchase.quantity,
          unitAmount: price.unitAmount,
          currency: price.currency,
          recurring: price.interval !== null,
          stripeSetupPriceId,
          automaticTax: settings?.automaticTax ?? false,
          ...urls,
        },
      });
      if (price.seats !== null)
        await tx.seat.create({ data: { checkoutId: id, coachId, mode, priceId: price.id, status: 'held' } });
      return row;
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    // Either this request ran before and left its row, or another click was faster: that one is found at the next look.
    return db.checkout.findUnique({ where: { id } });
  }
}

/** Two buyers never get the last seat: the price's row is locked while they are counted. @throws Refusal `sold_out` */
async function expectSeat(tx: Tx, price: Price, checkoutId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM price WHERE id = ${price.id} FOR UPDATE`;
  const taken = await tx.seat.count({
    where: { priceId: price.id, status: { in: ['held', 'taken'] }, checkoutId: { not: checkoutId } },
  });
  if (taken >= (price.seats ?? Infinity))
    throw new Refusal('sold_out', 'All seats are taken, or held by members who are paying just now.', {
      field: 'priceId',
    });
}

const ownerOf = ({ coachId, mode, accountId, memberId }: Checkout) => ({
  coachId,
  mode,
  accountId,
  memberId,
});

/**
 * Has the run open the session, or repeat its answer. False when the checkout is closed by now.
 * @throws Refusal when Stripe refused, or the outcome is not known in time.
 */
async function startAndWait({ db, runs }: ApiDeps, row: Checkout): Promise<boolean> {
  try {
    await runs.within(PATIENCE, () => runs.openCheckout(row.id, ownerOf(row)));
  } catch (error) {
    // The run is closed, and is never replaced: the row tells.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError) && !(error instanceof WorkflowNotFoundError))
      throw error;
  }
  const present = await db.checkout.findUniqueOrThrow({ where: { id: row.id } });
  return !isClosed(present.status);
}

/** Closes a checkout that stands in the way of another one. @throws Refusal when it was paid meanwhile. */
async function closeOther(deps: ApiDeps, open: Checkout): Promise<void> {
  const { status } = await cancelOpen(deps, open, `replaced:${open.id}:${open.revision}`);
  if (isClosed(status as Checkout['status']) && status !== 'completed' && status !== 'held') return;
  throw new Refusal('checkout_in_progress', 'The member has just paid for this product.', {
    checkoutId: open.id,
  });
}

/**
 * Expires a checkout's session at Stripe; the answer says what became of it. A row without a run gets one first.
 * @throws Refusal (mapped) when the outcome is not known in time.
 */
export async function cancelOpen(deps: ApiDeps, row: Checkout, updateId: string): Promise<CheckoutView> {
  const { db, runs } = deps;
  const cancel = () => runs.within(PATIENCE, () => runs.cancelCheckout(row.id, updateId));
  try {
    return await cancel();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
  const present = await db.checkout.findUniqueOrThrow({ where: { id: row.id } });
  if (isClosed(present.status)) return { checkoutId: row.id, status: present.status, url: null };
  await runs.within(PATIENCE, () => runs.startMissing({ kind: 'checkout', id: row.id }, ownerOf(row)));
  return cancel();
}
