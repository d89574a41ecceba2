import type Stripe from 'stripe';
import type { Seconds } from '../domain/time';
import { idOf } from './stripe-values';

/** The card that paid last. */
export interface ChargedCard {
  paymentMethodId: string;
  /** The first second in which it is good no more: the month that it names counts to its end. */
  expiresAt: Seconds;
}

/**
 * The card of the newest charge that succeeded for one of these payments; null: it was no card, or nothing was charged. A charge says
 * with what it was paid, so nobody has to be asked for the payment method.
 * https://docs.stripe.com/api/charges/object#charge_object-payment_method_details-card-exp_month
 * @param newestFirst as Stripe lists them
 */
export function chargedCard(
  newestFirst: readonly Stripe.Charge[],
  intents: readonly string[],
): ChargedCard | null {
  const charge = newestFirst.find(
    ({ status, payment_intent: intent }) => status === 'succeeded' && intents.includes(idOf(intent) ?? ''),
  );
  const card = charge?.payment_method_details?.card;
  const paymentMethodId = charge?.payment_method;
  if (card == null || paymentMethodId == null) return null;
  return { paymentMethodId, expiresAt: Date.UTC(card.exp_year, card.exp_month) / 1000 };
}
