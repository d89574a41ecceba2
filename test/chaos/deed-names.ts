import { type ChaosOfferName, isRecurring, offerOf } from './offers';

/** What happens to a purchase afterwards: by the coach, the member, their bank, or in Stripe's Dashboard. */
const FOR_SUBSCRIPTIONS = [
  'cancel_now',
  'cancel_at_period_end',
  'cancel_in_portal',
  'pause',
  'pause_and_resume',
  'card_fails',
  'card_fails_and_recovers',
  'dashboard_quantity',
  'dashboard_cancel_at',
  'dashboard_cancel',
  'dashboard_coupon',
  'dashboard_pause',
] as const;
const FOR_PAYMENTS = [
  'refund',
  'refund_part',
  'refund_here',
  'refund_here_keeping',
  'dispute',
  'dispute_won',
  'dispute_lost',
] as const;
const FOR_ALL = ['nothing'] as const;

export const DEEDS = [...FOR_ALL, ...FOR_PAYMENTS, ...FOR_SUBSCRIPTIONS] as const;
export type DeedName = (typeof DEEDS)[number];

const isIn = (names: readonly string[], deed: DeedName): boolean => names.includes(deed);

/** Paid in a fixed number of parts: what the coach may do by request differs, so the Dashboard is left alone there. */
const isPlain = (offer: ChaosOfferName): boolean => offer !== 'installments' && offer !== 'quantity';

/** Whether it can happen to what was bought. */
export function fits(deed: DeedName, offer: ChaosOfferName): boolean {
  if (isIn(FOR_ALL, deed)) return true;
  if (offer === 'installments') return deed === 'card_fails' || deed === 'card_fails_and_recovers';
  if (isIn(FOR_PAYMENTS, deed)) return offerOf(offer).firstPayment > 0;
  return isRecurring(offer) && (isPlain(offer) || deed !== 'dashboard_quantity');
}
