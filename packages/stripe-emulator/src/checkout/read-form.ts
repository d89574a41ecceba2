import { type Address, addressOf, type BillingDetails } from '../objects/common';
import type { CheckoutSession } from '../objects/checkout-session';
import type { PaymentMethod } from '../objects/payment-method';
import type { Space } from '../space';
import {
  cardsOf,
  createCardMethod,
  createSepaMethod,
  IBANS,
  LIVE_CARDS,
  passesLuhn,
  TEST_CARDS,
} from './cards';
import { PLAYABLE } from './method-types';

export type ReadResult = { method: PaymentMethod | null; payer: BillingDetails } | { error: string };

/** Reads the hosted page's form: who pays, and with what. Problems come back as a sentence for the payer. */
export function readMethod(space: Space, session: CheckoutSession, form: Record<string, string>): ReadResult {
  const customer = session.customer ? space.find('customer', session.customer) : undefined;
  const email = customer?.email ?? session.customer_email ?? form.email?.trim() ?? '';
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) return { error: 'Your email is incomplete.' };
  const address = readAddress(session, form);
  if (address === null) return { error: 'Your billing address is incomplete.' };
  const payer: BillingDetails = {
    address,
    email,
    name: form.billing_name?.trim() || customer?.name || null,
    phone: null,
    tax_id: null,
  };
  if (!needsMethod(session)) return { method: null, payer };
  const chosen = form.payment_method ?? 'card';
  if (!PLAYABLE.includes(chosen) || !session.payment_method_types.includes(chosen))
    return { error: 'This payment method is not available.' };
  return chosen === 'sepa_debit' ? readIban(space, form, payer) : readCard(space, form, payer);
}

/** Null: a whole address is required, and there is none. */
function readAddress(session: CheckoutSession, form: Record<string, string>): Address | null {
  const address = addressOf(form.billing_country?.trim() || 'US');
  if (session.billing_address_collection !== 'required') return address;
  const line1 = form.billing_line1?.trim() ?? '';
  const city = form.billing_city?.trim() ?? '';
  if (line1 === '' || city === '') return null;
  const line2 = form.billing_line2?.trim() || null;
  return { ...address, line1, line2, city, postal_code: form.billing_postal_code?.trim() || null };
}

/** Whether the page has to ask how to pay. */
export function needsMethod(session: CheckoutSession): boolean {
  return (
    session.mode === 'setup' ||
    (session.amount_total ?? 0) > 0 ||
    (session.mode === 'subscription' && session.payment_method_collection === 'always') ||
    session._emu.lines.some((line) => line.price?.custom_unit_amount)
  );
}

/** Reads `card_number`, `card_expiry` and `card_cvc`. */
export function readCard(
  space: Space,
  form: Record<string, string>,
  payer: BillingDetails,
): { method: PaymentMethod; payer: BillingDetails } | { error: string } {
  const number = (form.card_number ?? '').replace(/[\s-]/g, '');
  if (number === '') return { error: 'Your card number is incomplete.' };
  if (!passesLuhn(number)) return { error: 'Your card number is invalid.' };
  const expiry = /^\s*(\d{1,2})\s*\/?\s*(\d{2}|\d{4})\s*$/.exec(form.card_expiry ?? '');
  if (!expiry) return { error: 'Your card’s expiration date is incomplete.' };
  const expMonth = Number(expiry[1]);
  const expYear = Number(expiry[2]) + (expiry[2]?.length === 2 ? 2000 : 0);
  if (expMonth < 1 || expMonth > 12) return { error: 'Your card’s expiration date is invalid.' };
  if (Date.UTC(expYear, expMonth) / 1000 <= space.now())
    return { error: 'Your card’s expiration year is in the past.' };
  if (!/^\d{3,4}$/.test(form.card_cvc?.trim() ?? ''))
    return { error: 'Your card’s security code is incomplete.' };
  const card = cardsOf(space.livemode).find((known) => known.number === number);
  if (!card) return { error: refusalOf(number, space.livemode) };
  return { method: createCardMethod(space, { card, expMonth, expYear, billing: payer }), payer };
}

function readIban(space: Space, form: Record<string, string>, payer: BillingDetails): ReadResult {
  if (payer.name === null) return { error: 'Your name is incomplete.' };
  const number = (form.iban ?? '').replace(/\s/g, '').toUpperCase();
  if (number === '') return { error: 'Your IBAN is incomplete.' };
  const iban = IBANS.find((known) => known.number === number);
  if (!iban) return { error: 'The IBAN you entered is invalid.' };
  return { method: createSepaMethod(space, iban, payer), payer };
}

/** What Stripe says of a card of the other mode: https://docs.stripe.com/declines/codes */
function refusalOf(number: string, livemode: boolean): string {
  if (livemode) {
    return TEST_CARDS.some((card) => card.number === number)
      ? 'Your card was declined. Your request was in live mode, but used a known test card.'
      : 'Your card was declined. The emulator knows no such card in live mode.';
  }
  return LIVE_CARDS.some((card) => card.number === number)
    ? 'Your card was declined. Your request was in test mode, but used a non test (live) card.'
    : 'Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://docs.stripe.com/testing.';
}
