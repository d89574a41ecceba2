import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { isUniqueViolation } from '../../db/errors';
import type { Checkout } from '../../db/generated/client';
import { isClosed } from '../../domain/checkout';
import { ProblemError } from '../../domain/problem';
import { newId } from '../../domain/ids';
import type { MembershipReason } from '../../domain/membership-reasons';
import type { Mode } from '../../domain/mode';
import type { CheckoutView } from '../../messages/messages';
import type { ApiDeps } from '../deps';
import { claimFree } from './free-claim';
import { owes, payLinkOf } from '../memberships/open-payment';
import { hadTrial } from '../../store/trials';
import { expectSeat } from './seat-hold';
import { expectOffered, expectSellable, type Sellable } from '../catalog/sellable';
import { expectAllowedRedirect, readSettings } from '../settings';

/** Milliseconds that a request waits for Stripe's address. */
const UPDATE_TIMEOUT_MS = 25_000;
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
  /** The API key that asks; null: the buyer's own browser. */
  keyId: string | null;
  /** The keyed hash of an anonymous browser's network address; null for a member that the coach vouches for. */
  addressHash: string | null;
}

/** How one who may have one open checkout per product is named. */
const buyerKeyOf = (buyer: Buyer) =>
  buyer.kind === 'member' ? `member:${buyer.memberId}` : `visitor:${buyer.hash}`;

/** The memberships of a buyer, as a condition. */
const buyerOf = (buyer: Buyer) =>
  buyer.kind === 'member' ? { memberId: buyer.memberId } : { checkout: { buyerKey: buyerKeyOf(buyer) } };

/**
 * Opens a checkout, or answers with the one that the buyer has open for the same thing; what is free is given at once.
 * In this order: is the price
 * sellable, may the browser be sent to those addresses, does the buyer have it already, is a checkout open. Repeating
 * the call heals what a crash left half-way.
 * @param newCheckoutId the id of a checkout that has to be inserted.
 * @throws ProblemError with the codes of those rules, or of Stripe's problem.
 */
export async function openCheckout(
  deps: ApiDeps,
  purchase: Purchase,
  newCheckoutId: () => string,
): Promise<{ checkoutId: string; created: boolean }> {
  const price = await expectOffered(deps, purchase);
  const sellable = price.model === 'free' ? null : await expectSellable(deps, price);
  if (purchase.quantity > price.maxQuantity)
    throw new ProblemError('invalid_request', `At most ${price.maxQuantity} can be bought at once.`, {
      field: 'quantity',
    });
  const urls = await redirectsOf(deps, purchase);
  const buyer = await purchase.buyer();
  if (!price.product.allowMultiple)
    await expectNotBought(deps, purchase, buyer, { productId: price.productId, backTo: urls.cancelUrl });
  if (sellable === null) {
    if (buyer.kind !== 'member')
      throw new ProblemError('invalid_request', 'Say who gets it.', { field: 'member' });
    return claimFree(deps, price, { ...purchase, memberId: buyer.memberId, urls }, newCheckoutId());
  }

  for (let attempt = 0; attempt < TRIES; attempt++) {
    const open = await findOpen(deps, purchase, buyer, price.productId);
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
  throw new ProblemError('temporarily_unavailable', 'Another request for the same purchase is under way.');
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

const NOT_SOLD_HERE: MembershipReason = 'not_sold_here';

/** @throws ProblemError `already_subscribed`, `already_owned`, or `payment_open` with the way to pay it */
async function expectNotBought(
  deps: ApiDeps,
  { coachId, mode }: Purchase,
  buyer: Buyer,
  { productId, backTo }: { productId: string; backTo: string },
): Promise<void> {
  const { db } = deps;
  const theirs = buyerOf(buyer);
  const memberships = await db.membership.findMany({
    where: {
      coachId,
      mode,
      ...theirs,
      status: { not: 'ended' },
      // Its own product, or another one that is among its items.
      OR: [
        // Moved in Stripe to something else: what was bought is not what is paid for any more.
        { productId, reason: { not: NOT_SOLD_HERE } },
        { itemGrants: { some: { productId, revoked: false } } },
      ],
    },
    include: { grants: true },
  });
  for (const membership of memberships) {
    const isItem = membership.productId !== productId;
    if (!isItem && membership.grants.some((grant) => grant.until === null && !grant.revoked))
      throw new ProblemError('already_owned', 'The member owns this product for ever.', {
        membershipId: membership.id,
      });
    if (owes(membership))
      throw new ProblemError(
        'payment_open',
        membership.reason === 'trial_ended_without_card'
          ? 'The member is subscribed; the trial ended without a card, and one has to be given.'
          : 'The member is subscribed; a payment is open, and access comes back when it is made.',
        {
          membershipId: membership.id,
          payUrl: await payLinkOf(deps, membership, { returnUrl: backTo, requestId: newId('checkout') }),
        },
      );
    if (isItem)
      throw new ProblemError(
        'already_subscribed',
        'The member has this product as an item of the subscription to another one.',
        { membershipId: membership.id },
      );
    if (membership.kind === 'subscription')
      throw new ProblemError(
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
    throw new ProblemError('checkout_in_progress', 'The member has paid; the payment is still on its way.', {
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
  const { coachId, mode, addressHash } = purchase;
  const buyerKey = buyerKeyOf(buyer);
  const settings = await readSettings(db, coachId, mode);
  const withoutTrial =
    settings.oneTrialPerMember && price.trialDays !== null && (await hadTrial(db, buyerOf(buyer), price));
  try {
    return await db.$transaction(async (tx) => {
      await expectSeat(tx, price, { coachId, mode, checkoutId: id, buyerKey, addressHash });
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
          buyerKey,
          quantity: purchase.quantity,
          unitAmount: price.unitAmount,
          currency: price.currency,
          recurring: price.interval !== null,
          stripeSetupPriceId,
          automaticTax: settings.automaticTax,
          withoutTrial,
          ...urls,
        },
      });
      if (price.seats !== null)
        await tx.seat.create({
          data: { checkoutId: id, coachId, mode, priceId: price.id, status: 'held', addressHash },
        });
      return row;
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    // Either this request ran before and left its row, or another click was faster: that one is found at the next look.
    return db.checkout.findUnique({ where: { id } });
  }
}

const ownerOf = ({ coachId, mode, accountId, memberId }: Checkout) => ({
  coachId,
  mode,
  accountId,
  memberId,
});

/**
 * Has the run open the session, or repeat its answer. False when the checkout is closed by now.
 * @throws ProblemError when Stripe refused, or the outcome is not known in time.
 */
async function startAndWait({ db, workflows }: ApiDeps, row: Checkout): Promise<boolean> {
  try {
    await workflows.withDeadline(UPDATE_TIMEOUT_MS, () => workflows.openCheckout(row.id, ownerOf(row)));
  } catch (error) {
    // The run is closed, and is never replaced: the row tells.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError) && !(error instanceof WorkflowNotFoundError))
      throw error;
  }
  const present = await db.checkout.findUniqueOrThrow({ where: { id: row.id } });
  return !isClosed(present.status);
}

/** Closes a checkout that stands in the way of another one. @throws ProblemError when it was paid meanwhile. */
async function closeOther(deps: ApiDeps, open: Checkout): Promise<void> {
  const { status } = await cancelOpen(deps, open, `replaced:${open.id}:${open.revision}`);
  if (isClosed(status as Checkout['status']) && status !== 'completed' && status !== 'needs_review') return;
  throw new ProblemError('checkout_in_progress', 'The member has just paid for this product.', {
    checkoutId: open.id,
  });
}

/**
 * Expires a checkout's session at Stripe; the answer says what became of it. A row without a run, or whose run an
 * operator terminated, gets one first.
 * @throws ProblemError (mapped) when the outcome is not known in time.
 */
export async function cancelOpen(deps: ApiDeps, row: Checkout, updateId: string): Promise<CheckoutView> {
  const { db, workflows } = deps;
  const cancel = () =>
    workflows.withDeadline(UPDATE_TIMEOUT_MS, () => workflows.cancelCheckout(row.id, updateId));
  for (let attempt = 0; attempt < TRIES; attempt++) {
    try {
      return await cancel();
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
    const present = await db.checkout.findUniqueOrThrow({ where: { id: row.id } });
    if (isClosed(present.status)) return { checkoutId: row.id, status: present.status, url: null };
    await workflows.withDeadline(UPDATE_TIMEOUT_MS, () =>
      workflows.startMissing({ kind: 'checkout', id: row.id }, ownerOf(row)),
    );
  }
  throw new ProblemError('temporarily_unavailable', 'The checkout is just being closed; look at it again.');
}
