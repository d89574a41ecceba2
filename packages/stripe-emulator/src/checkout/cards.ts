import { newPaymentMethod, type ChargeBehavior, type PaymentMethod } from '../objects/payment-method';
import type { BillingDetails } from '../objects/common';
import type { Space } from '../space';
import { createHash } from 'node:crypto';

export interface KnownCard {
  number: string;
  brand: string;
  behavior: ChargeBehavior;
  country: string;
  /** What the pages and the README say about it. */
  label: string;
}

/** Stripe's own test numbers: https://docs.stripe.com/testing */
export const TEST_CARDS: KnownCard[] = [
  card('4242424242424242', 'visa', 'succeeds', 'US', 'Succeeds'),
  card('5555555555554444', 'mastercard', 'succeeds', 'US', 'Succeeds (Mastercard)'),
  card('378282246310005', 'amex', 'succeeds', 'US', 'Succeeds (American Express)'),
  card('4000002500000003', 'visa', 'succeeds', 'FR', 'Succeeds (France)'),
  card('4000002760000016', 'visa', 'succeeds', 'DE', 'Succeeds (Germany)'),
  card('4000000000000002', 'visa', 'generic_decline', 'US', 'Declined'),
  card('4000000000009995', 'visa', 'insufficient_funds', 'US', 'Declined: insufficient funds'),
  card('4000000000009987', 'visa', 'lost_card', 'US', 'Declined: lost card'),
  card('4000000000009979', 'visa', 'stolen_card', 'US', 'Declined: stolen card'),
  card('4000000000000069', 'visa', 'expired_card', 'US', 'Declined: expired card'),
  card('4000000000000127', 'visa', 'incorrect_cvc', 'US', 'Declined: wrong security code'),
  card('4000000000000119', 'visa', 'processing_error', 'US', 'Declined: processing error'),
  card('4000002500003155', 'visa', 'requires_authentication', 'FR', 'Asks for 3-D Secure'),
  card('4000002760003184', 'visa', 'requires_authentication', 'DE', 'Asks for 3-D Secure'),
  card('4000000000003220', 'visa', 'requires_authentication', 'IE', 'Asks for 3-D Secure 2'),
  card('4000000000003063', 'visa', 'requires_authentication', 'IE', 'Asks for 3-D Secure'),
  card('4000000000000341', 'visa', 'fails_off_session', 'US', 'Succeeds now, fails when it renews'),
  card('4000000000000259', 'visa', 'disputed', 'US', 'Succeeds, then disputed as fraudulent'),
  card('4000000000002685', 'visa', 'disputed_not_received', 'US', 'Succeeds, then disputed as not received'),
  card('4000000000001976', 'visa', 'disputed_inquiry', 'US', 'Succeeds, then an inquiry'),
];

/** The emulator's own numbers for live mode: they pass the check digit and belong to nobody. */
export const LIVE_CARDS: KnownCard[] = [
  card(luhn('555500000000424'), 'mastercard', 'succeeds', 'US', 'Succeeds'),
  card(luhn('555500000000000'), 'mastercard', 'generic_decline', 'US', 'Declined'),
  card(luhn('555500000000999'), 'mastercard', 'insufficient_funds', 'US', 'Declined: insufficient funds'),
  card(luhn('555500000000315'), 'mastercard', 'requires_authentication', 'FR', 'Asks for 3-D Secure'),
  card(
    luhn('555500000000034'),
    'mastercard',
    'fails_off_session',
    'US',
    'Succeeds now, fails when it renews',
  ),
  card(luhn('555500000000025'), 'mastercard', 'disputed', 'US', 'Succeeds, then disputed as fraudulent'),
];

export interface KnownIban {
  number: string;
  behavior: ChargeBehavior;
  label: string;
}

/** Stripe's test accounts for SEPA Direct Debit: https://docs.stripe.com/payments/sepa-debit/accept-a-payment#test */
export const IBANS: KnownIban[] = [
  { number: 'AT611904300234573201', behavior: 'delayed_success', label: 'Succeeds three days later' },
  { number: 'AT321904300235473204', behavior: 'delayed_success', label: 'Succeeds three days later' },
  { number: 'DE89370400440532013000', behavior: 'delayed_success', label: 'Succeeds three days later' },
  { number: 'AT861904300235473202', behavior: 'delayed_failure', label: 'Fails three days later' },
  { number: 'DE62370400440532013001', behavior: 'delayed_failure', label: 'Fails three days later' },
];

export function cardsOf(livemode: boolean): KnownCard[] {
  return livemode ? LIVE_CARDS : TEST_CARDS;
}

/** Whether the check digit of a card number is right. */
export function passesLuhn(number: string): boolean {
  return /^\d{12,19}$/.test(number) && luhnSum(number) % 10 === 0;
}

export interface CardInput {
  card: KnownCard;
  expMonth: number;
  expYear: number;
  billing: BillingDetails;
}

/** A card payment method as Stripe stores it (not yet attached to anybody). */
export function createCardMethod(space: Space, input: CardInput): PaymentMethod {
  const { card: known } = input;
  const method = newPaymentMethod({
    type: 'card',
    card: {
      brand: known.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: known.country,
      display_brand: known.brand,
      exp_month: input.expMonth,
      exp_year: input.expYear,
      fingerprint: fingerprint(known.number),
      funding: 'credit',
      generated_from: null,
      last4: known.number.slice(-4),
      networks: { available: [known.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    billingDetails: input.billing,
    behavior: known.behavior,
    livemode: space.livemode,
    created: space.now(),
  });
  return space.put('payment_method', method);
}

/** A SEPA debit payment method. */
export function createSepaMethod(space: Space, iban: KnownIban, billing: BillingDetails): PaymentMethod {
  const method = newPaymentMethod({
    type: 'sepa_debit',
    sepaDebit: {
      bank_code: iban.number.slice(4, 9),
      branch_code: '',
      country: iban.number.slice(0, 2),
      fingerprint: fingerprint(iban.number),
      generated_from: { charge: null, setup_attempt: null },
      last4: iban.number.slice(-4),
    },
    billingDetails: billing,
    behavior: iban.behavior,
    livemode: space.livemode,
    created: space.now(),
  });
  return space.put('payment_method', method);
}

function card(
  number: string,
  brand: string,
  behavior: ChargeBehavior,
  country: string,
  label: string,
): KnownCard {
  return { number, brand, behavior, country, label };
}

/** Appends the check digit. */
function luhn(digits: string): string {
  return `${digits}${(10 - (luhnSum(`${digits}0`) % 10)) % 10}`;
}

function luhnSum(number: string): number {
  return [...number].reverse().reduce((sum, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
}

function fingerprint(number: string): string {
  return createHash('sha256')
    .update(number)
    .digest('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 16);
}
