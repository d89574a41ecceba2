import type { PricingModel } from '../../domain/pricing';
import { leastCharge } from '../../domain/least-charge';
import { formatMoney } from '../../domain/money';
import type { ProblemCode, ProblemError } from '../../domain/problem';

/** What a member reads when they cannot buy; the coach's own words for it are in the API. */
const FOR_MEMBERS: Partial<Record<ProblemCode, string>> = {
  not_connected: 'Payments are not set up here at the moment.',
  mode_off: 'Payments are not set up here at the moment.',
  charges_not_enabled: 'Payments cannot be taken yet: the seller still has to be verified.',
  price_not_active: 'This price is just being set up. Please try again in a moment.',
  product_archived: 'This is no longer sold.',
  already_subscribed: 'You are subscribed to this already. There is nothing to buy.',
  payment_open:
    'You are subscribed to this already, and a payment is open. Pay it, and your access comes back; please do not buy it again.',
  amount_too_small: 'This costs less than can be paid here. Please tell the seller.',
  already_owned: 'You own this already. There is nothing to pay.',
  checkout_in_progress: 'You have ordered this already; your payment is still on its way.',
  redirect_not_allowed: 'This link leads back to an address that is not registered. Please tell the seller.',
  rate_limited: 'That was too often. Please wait a moment, and try again.',
  member_token_invalid:
    'This link is no longer valid. Please go back to the site and click the button again.',
  member_token_outdated: 'This link cannot be used any more. Please tell the seller.',
  invalid_request: 'This link is not complete. Please go back to the site and click the button again.',
  sold_out: 'All places are taken at the moment. One may come back later: please look again.',
  too_many_holds: 'You have begun to buy several limited places already. Please finish one of them first.',
  free_already_had: 'You have had this already. Please ask the seller if you need it again.',
  stripe_refused: 'The payment page could not be opened. Please tell the seller.',
};
const LATER = 'The payment page cannot be opened at the moment. Please try again in a minute.';

/** The refusal in a member's words, with the figure that it is about. */
export function wordsFor({ code, details }: ProblemError): string {
  const { leastCharge: least, currency } = details;
  if (code === 'amount_too_small' && typeof least === 'number' && typeof currency === 'string')
    return `This costs less than can be paid here: at least ${formatMoney(least, currency)}. Please tell the seller.`;
  return FOR_MEMBERS[code] ?? LATER;
}

/**
 * With a code for a discount Stripe's page takes no total between nothing and the least that it charges.
 * https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
 */
export function leastTotalInWords({
  model,
  promotionCodes,
  currency,
}: {
  model: PricingModel;
  promotionCodes: boolean;
  currency: string;
}): string | null {
  const least = promotionCodes && model !== 'free' ? leastCharge(currency) : null;
  return least === null
    ? null
    : `With a promotion code, what is left to pay is nothing, or at least ${formatMoney(least, currency)}.`;
}

export const placesLeft = (count: number) =>
  count === 1 ? 'One place is left.' : `${count} places are left.`;
