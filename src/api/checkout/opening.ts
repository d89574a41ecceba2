import { isUniqueViolation } from '../../db/errors';
import type { Checkout } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import type { Mode } from '../../domain/mode';
import type { ConsentKind } from '../../domain/withdrawal';
import type { Db, Tx } from '../../db/client';
import type { ApiDeps } from '../deps';
import { type BroughtCode, claimCode, expectCode } from './brought-code';
import { type Buyer, buyerKeyOf, buyerOf } from './buyer';
import { claimFree } from './free-claim';
import { expectNotBought } from './not-bought';
import { closeOther, startAndWait } from './run';
import { hadTrial } from '../../store/trials';
import { type AskedReminder, noteReminder } from '../../store/checkout-reminder';
import { offeredBeside } from './offered-beside';
import { expectSeat } from './seat-hold';
import { expectCurrency, expectOffered, expectSellable, type Sellable } from '../catalog/sellable';
import { expectAllowedRedirect, readSettings } from '../settings';

/** How often a race with another request for the same purchase is looked at again. */
const TRIES = 4;

/** What a buyer agrees to before paying. */
export interface Consent {
  kind: ConsentKind;
  text: string;
}

/** What is wanted. The amount is the price's, never the client's. */
export interface Purchase {
  coachId: string;
  mode: Mode;
  priceId: string;
  /** Asked for only after the price and the addresses are found to be right: it may create the member. */
  buyer(): Promise<Buyer>;
  quantity: number;
  /** Undefined: the price's own. */
  currency: string | undefined;
  successUrl: string | undefined;
  cancelUrl: string | undefined;
  /** The API key that asks; null: the buyer's own browser. */
  keyId: string | null;
  /** The keyed hash of an anonymous browser's network address; null for a member that the coach vouches for. */
  addressHash: string | null;
  /** What the buyer has agreed to, in the words that they saw; null: nothing. */
  consent: Consent | null;
  /** The promotion code that the buyer brings; null: none, and one may be typed on Stripe's page. */
  promotionCode: string | null;
  /** What the buyer has asked for, should they not finish; null: nothing; left out: nobody has asked them. */
  reminder?: AskedReminder | null;
}

/**
 * Opens a checkout, or answers with the one that the buyer has open for the same thing; what is free is given at once.
 * In this order: is the price sellable, may the browser be sent to those addresses, does the buyer have it already, is a
 * checkout open. Repeating the call heals what a crash left half-way.
 * @param newCheckoutId the id of a checkout that has to be inserted.
 * @throws ProblemError with the codes of those rules, or of Stripe's problem.
 */
export async function openCheckout(
  deps: ApiDeps,
  purchase: Purchase,
  newCheckoutId: () => string,
): Promise<{ checkoutId: string; created: boolean }> {
  const price = expectCurrency(await expectOffered(deps, purchase), purchase.currency);
  const sellable = price.model === 'free' ? null : await expectSellable(deps, price);
  if (purchase.quantity > price.maxQuantity)
    throw new ProblemError('invalid_request', `At most ${price.maxQuantity} can be bought at once.`, {
      field: 'quantity',
    });
  const urls = await redirectsOf(deps, purchase);
  const buyer = await purchase.buyer();
  if (!price.product.allowMultiple)
    await expectNotBought(deps, purchase, buyer, { productId: price.productId, backTo: urls.cancelUrl });
  const word = purchase.promotionCode;
  const code = word === null ? null : await expectCode(deps.db, purchase, price, word);
  if (sellable === null) {
    if (buyer.kind !== 'member')
      throw new ProblemError('invalid_request', 'Say who gets it.', { field: 'member' });
    return claimFree(deps, price, { ...purchase, memberId: buyer.memberId, urls }, newCheckoutId());
  }

  for (let attempt = 0; attempt < TRIES; attempt++) {
    const open = await findOpen(deps, purchase, buyer, price.productId);
    if (open !== null && isSame(open, purchase, sellable, code)) {
      // The latest click says where to go back to; Stripe itself only knows our own return address.
      await deps.db.checkout.updateMany({ where: { id: open.id }, data: urls });
      await noteConsent(deps.db, purchase, open.id);
      if (purchase.reminder !== undefined)
        await noteReminder(deps.db, deps.config.encryptionKey, open, purchase.reminder);
      if (await startAndWait(deps, open)) return { checkoutId: open.id, created: false };
      continue;
    }
    if (open !== null) {
      await closeOther(deps, open);
      continue;
    }
    const row = await insert(deps, purchase, buyer, { ...sellable, code }, urls, newCheckoutId());
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

function isSame(open: Checkout, purchase: Purchase, sellable: Sellable, code: BroughtCode | null): boolean {
  if (open.status === 'pending')
    throw new ProblemError('checkout_in_progress', 'The member has paid; the payment is still on its way.', {
      checkoutId: open.id,
    });
  return (
    open.priceId === purchase.priceId &&
    open.quantity === purchase.quantity &&
    open.currency === sellable.price.currency &&
    open.promotionCodeId === (code?.id ?? null) &&
    open.accountId === sellable.connection.accountId &&
    open.stripePriceId === sellable.stripePriceId &&
    open.cancelRequestedAt === null
  );
}

async function insert(
  { db, clock, config }: ApiDeps,
  purchase: Purchase,
  buyer: Buyer,
  sold: Sellable & { code: BroughtCode | null },
  urls: { successUrl: string; cancelUrl: string },
  id: string,
): Promise<Checkout | null> {
  const { coachId, mode, addressHash, quantity } = purchase;
  const { price, connection, stripePriceId, stripeSetupPriceId, code } = sold;
  const now = await clock.now(mode, connection.accountId);
  const buyerKey = buyerKeyOf(buyer);
  const [settings, beside] = await Promise.all([
    readSettings(db, coachId, mode),
    offeredBeside(db, sold, buyer, now),
  ]);
  const withoutTrial =
    settings.oneTrialPerMember && price.trialDays !== null && (await hadTrial(db, buyerOf(buyer), price));
  try {
    return await db.$transaction(async (tx) => {
      if (code !== null) await claimCode(tx, code, sold, { buyer, quantity, now });
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
          businessBuyers: settings.businessBuyers,
          purchaseInvoice: settings.purchaseInvoices,
          withoutTrial,
          couponId: code?.couponId ?? null,
          promotionCodeId: code?.id ?? null,
          beside: { createMany: { data: beside } },
          ...urls,
        },
      });
      await noteConsent(tx, purchase, id);
      if (purchase.reminder != null) await noteReminder(tx, config.encryptionKey, row, purchase.reminder);
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

/** Keeps what the buyer has agreed to, with the first words and time. */
async function noteConsent(
  db: Db | Tx,
  { coachId, mode, consent }: Purchase,
  checkoutId: string,
): Promise<void> {
  if (consent === null) return;
  await db.purchaseConsent.createMany({
    data: [{ checkoutId, coachId, mode, ...consent, givenAt: new Date() }],
    skipDuplicates: true,
  });
}
