import type { PricingModel } from './pricing';

/** A price as far as moving a membership to it is concerned. Money in minor units. */
export interface PriceFacts {
  id: string;
  productId: string;
  model: PricingModel;
  active: boolean;
  /** In which it is sold. */
  currencies: readonly string[];
  interval: string | null;
  intervalCount: number | null;
  maxQuantity: number;
}

/** What does not fit: the field of the request, and why, in words for the coach. */
export interface PriceChangeProblem {
  field: 'priceId' | 'quantity' | 'prorate';
  message: string;
}

/**
 * Why a price cannot follow another; null when it can. Stripe allows no other currency within a subscription, and
 * charges for another interval at once: https://docs.stripe.com/billing/subscriptions/change-price
 * @param change with the currencies in which those pay whom it is for
 */
export function problemOfChange(
  present: PriceFacts,
  next: PriceFacts,
  change: { quantity: number; prorate: boolean; isQuantityAsked: boolean; currencies: readonly string[] },
): PriceChangeProblem | null {
  const isAnother = next.id !== present.id;
  if (isAnother && (next.productId !== present.productId || next.model !== 'recurring' || !next.active))
    return { field: 'priceId', message: 'The price is not an active recurring price of this product.' };
  const missing = isAnother ? change.currencies.find((held) => !next.currencies.includes(held)) : undefined;
  if (missing !== undefined)
    return {
      field: 'priceId',
      message: `A subscription keeps its currency; the price has no amount in ${missing.toUpperCase()}.`,
    };
  if (isTooMany(change.quantity, present.maxQuantity, next.maxQuantity, change.isQuantityAsked))
    return { field: 'quantity', message: `The price is sold ${next.maxQuantity} at a time at most.` };
  if (!change.prorate && beginsNewPeriod(present, next))
    return {
      field: 'prorate',
      message:
        'Another interval is charged from now on, so the rest of the present period has to be credited.',
    };
  return null;
}

/**
 * Whether a quantity is more than a price is sold of at a time. One that a request does not name stays, also where the
 * coach has set it beyond both limits in their Dashboard: the limits are for who buys.
 */
function isTooMany(quantity: number, presentMax: number, nextMax: number, isAsked: boolean): boolean {
  if (quantity <= nextMax) return false;
  return isAsked || quantity <= presentMax;
}

/**
 * Another rhythm of charging. With flexible billing the anchor stays and the difference is prorated, with classic
 * billing a new period begins at once: https://docs.stripe.com/billing/subscriptions/billing-mode/compare
 */
export function beginsNewPeriod(
  present: Pick<PriceFacts, 'interval' | 'intervalCount'>,
  next: Pick<PriceFacts, 'interval' | 'intervalCount'>,
): boolean {
  return present.interval !== next.interval || present.intervalCount !== next.intervalCount;
}

/** Whether the running period is paid for, so that the rest of it can be credited against another price. */
export function canProrate(reason: string): boolean {
  return ['paid', 'trial', 'scheduled_to_cancel'].includes(reason);
}

/** Why a move leaves a member on the price that they have. */
export const SKIPPED = {
  membership_ended: 'The membership has ended.',
  membership_not_subscription: 'Bought once: nothing is charged again.',
  membership_in_installments: 'Paid in installments, whose number and amount stay as they were bought.',
  scheduled_to_cancel: 'Cancelled for a date ahead: nothing is charged at another price any more.',
  membership_paused: 'Collection is paused. Resume the membership, then run the move again.',
  membership_payment_due: 'A payment is open. Once it is settled, run the move again.',
  disputed: 'A payment is disputed.',
  another_price: 'On another price by now.',
  quantity_not_sold: 'The member has more than the new price is sold of at a time.',
} as const;

export type SkipReason = keyof typeof SKIPPED;

/** What a move needs to know of a membership. */
export interface MovedMembership {
  kind: 'subscription' | 'one_off';
  status: string;
  reason: string;
  priceId: string;
  quantity: number;
  installmentsDue: number | null;
}

/** What a move does with one membership. */
export type MoveStep = { do: 'move' } | { do: 'nothing' } | { do: 'skip'; reason: SkipReason };

const PAYING = ['paid', 'trial'];
const SKIP_BY_REASON: Record<string, SkipReason> = {
  scheduled_to_cancel: 'scheduled_to_cancel',
  collection_paused: 'membership_paused',
  disputed: 'disputed',
};

/**
 * Whom a move moves: only who pays, or will after the trial, for the price that is left. Everybody else is left alone
 * and named with the reason.
 */
export function moveStep(
  membership: MovedMembership,
  move: { fromPriceId: string; toPriceId: string; fromMaxQuantity: number; maxQuantity: number },
): MoveStep {
  const skip = (reason: SkipReason): MoveStep => ({ do: 'skip', reason });
  if (membership.kind === 'one_off') return skip('membership_not_subscription');
  if (membership.installmentsDue !== null) return skip('membership_in_installments');
  if (membership.status === 'ended') return skip('membership_ended');
  // By this move, whose note of it was lost in a crash, or by hand: they are where they were to be.
  if (membership.priceId === move.toPriceId) return { do: 'nothing' };
  if (membership.priceId !== move.fromPriceId) return skip('another_price');
  if (isTooMany(membership.quantity, move.fromMaxQuantity, move.maxQuantity, false))
    return skip('quantity_not_sold');
  if (PAYING.includes(membership.reason)) return { do: 'move' };
  return skip(SKIP_BY_REASON[membership.reason] ?? 'membership_payment_due');
}

/** An invoice that Stripe has only calculated. Minor units; seconds, UTC. */
export interface PreviewedInvoice {
  total: number;
  amountDue: number;
  /** The customer's balance after it: negative is a credit for later invoices. */
  endingBalance: number;
  lines: PreviewedLine[];
}

export interface PreviewedLine {
  description: string | null;
  /** After discounts. */
  amount: number;
  proration: boolean;
  /** It gives back what was paid before. */
  credit: boolean;
  /** Of the item that is changed: not of another one on the subscription, and no item that waited for an invoice. */
  own: boolean;
  periodStart: number;
  periodEnd: number;
}

/** What a change costs now and next. Minor units; seconds, UTC. */
export interface PriceChangePreview {
  /** Charged at once; 0 when it is a credit or nothing. */
  chargedNow: number;
  /** What goes to the member's credit at once. */
  creditedNow: number;
  linesNow: PreviewedLine[];
  next: { at: number; amount: number } | null;
  /** The end of what will have been paid for, where another rhythm of charging begins; null: it stays what it is. */
  paidThrough: number | null;
}

/**
 * What a change costs, from Stripe's calculations of it. Whether a new period begins at once (classic billing) or the
 * anchor stays and the difference is prorated (flexible billing) is read from Stripe's lines, never assumed.
 * https://docs.stripe.com/billing/subscriptions/billing-mode/compare
 * @param now the invoice that the change makes at once; null when it makes none (no proration, or in a trial).
 * @param renewal the next renewal with the change in it; null when there will be none, or nobody asked for it.
 * @param present what the item is now: the end of its period, and whether its rhythm of charging changes.
 */
export function previewOf(
  now: PreviewedInvoice | null,
  renewal: PreviewedInvoice | null,
  present: { periodEnd: number; rhythmChanges: boolean },
): PriceChangePreview {
  const linesNow = now?.lines ?? [];
  const begun = linesNow.filter((line) => line.own && !line.proration);
  const balance = now?.endingBalance ?? 0;
  const charged = linesNow.filter((line) => line.own && !line.credit);
  const isOther = begun.length > 0 || (present.rhythmChanges && charged.length > 0);
  const paidThrough = isOther ? Math.max(...charged.map((line) => line.periodEnd)) : null;
  return {
    chargedNow: now?.amountDue ?? 0,
    creditedNow: Math.max(0, -(now?.total ?? 0)),
    linesNow,
    next: nextOf(),
    paidThrough,
  };

  function nextOf(): PriceChangePreview['next'] {
    if (begun.length > 0) {
      const each = begun.reduce((sum, line) => sum + line.amount, 0);
      return { at: paidThrough ?? present.periodEnd, amount: Math.max(0, each + balance) };
    }
    if (renewal === null) return null;
    // A renewal charges the period that begins with it.
    const starts = renewal.lines.flatMap((line) => (line.own && !line.proration ? [line.periodStart] : []));
    return {
      at: paidThrough ?? (starts.length === 0 ? present.periodEnd : Math.min(...starts)),
      amount: now === null ? renewal.amountDue : Math.max(0, renewal.total + balance),
    };
  }
}
