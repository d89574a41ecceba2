import type { ChargeBehavior, PaymentMethod } from '../objects/payment-method';

/** Why a bank said no: https://docs.stripe.com/declines/codes */
export interface Decline {
  code: string;
  declineCode: string | undefined;
  message: string;
  networkCode: string | null;
}

const ADVICE: Readonly<Record<string, string>> = {
  generic_decline: 'try_again_later',
  insufficient_funds: 'try_again_later',
  processing_error: 'try_again_later',
  lost_card: 'do_not_try_again',
  stolen_card: 'do_not_try_again',
  expired_card: 'confirm_card_data',
  incorrect_cvc: 'confirm_card_data',
};

/** What a shop is advised to do after a decline: https://docs.stripe.com/declines/codes and /declines/card#retrying */
export function adviceFor({ declineCode }: Decline): string | null {
  return declineCode === undefined ? null : (ADVICE[declineCode] ?? null);
}

const DECLINES: Partial<Record<ChargeBehavior, Decline>> = {
  generic_decline: declined('generic_decline', 'Your card was declined.'),
  insufficient_funds: declined('insufficient_funds', 'Your card has insufficient funds.', '51'),
  lost_card: declined('lost_card', 'Your card was declined.', '41'),
  stolen_card: declined('stolen_card', 'Your card was declined.', '43'),
  expired_card: other('expired_card', 'Your card has expired.', '54'),
  incorrect_cvc: other('incorrect_cvc', "Your card's security code is incorrect.", '82'),
  processing_error: other(
    'processing_error',
    'An error occurred while processing your card. Try again in a little bit.',
    '96',
  ),
};

/** The decline that charging this method now (the account's time) meets; undefined when the bank agrees. */
export function declineFor(
  method: PaymentMethod,
  now: number,
  options: { offSession: boolean },
): Decline | undefined {
  if (method._emu.failing) return DECLINES.generic_decline;
  if (method.card && now >= endOfCard(method.card)) return DECLINES.expired_card;
  if (method._emu.behavior === 'fails_off_session' && options.offSession) return DECLINES.generic_decline;
  if (method._emu.behavior === 'requires_authentication' && options.offSession) {
    return {
      code: 'authentication_required',
      declineCode: 'authentication_required',
      message: 'Your card was declined. This transaction requires authentication.',
      networkCode: null,
    };
  }
  return DECLINES[method._emu.behavior];
}

/** A card is good until the end of its month. */
function endOfCard({ exp_month: month, exp_year: year }: { exp_month: number; exp_year: number }): number {
  return Date.UTC(year, month, 1) / 1000;
}

function declined(declineCode: string, message: string, networkCode = '05'): Decline {
  return { code: 'card_declined', declineCode, message, networkCode };
}

function other(code: string, message: string, networkCode: string): Decline {
  return { code, declineCode: code, message, networkCode };
}
