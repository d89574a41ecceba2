import { invalidRequest } from '../http/errors';
import type { Space } from '../space';

export type SessionMode = 'payment' | 'subscription' | 'setup';

interface MethodType {
  /** Where the seller has to be; absent: anywhere. */
  countries?: readonly string[];
  /** Three letters, in small ones, as the API writes them; absent: all. */
  currencies?: readonly string[];
  /** Whether it can be kept and charged again, which subscriptions and setups need. */
  keeps: boolean;
}

const EUROPE =
  'at be bg ch cy cz de dk ee es fi fr gb gi gr hr hu ie it li lt lu lv mt nl no pl pt ro se si sk'.split(
    ' ',
  );
/** Where European methods can be accepted from. */
const WIDELY = [...EUROPE, 'au', 'ca', 'hk', 'jp', 'mx', 'nz', 'sg', 'us'];
const EUR = ['eur'];

/**
 * By seller's country, currency and use: https://docs.stripe.com/payments/payment-methods/payment-method-support. Types that are
 * not here (wallets, later payments, what is made to apply for) are taken when a session names them, and offered to nobody.
 */
const METHODS: Readonly<Record<string, MethodType>> = {
  card: { keeps: true },
  sepa_debit: { countries: WIDELY, currencies: EUR, keeps: true },
  ideal: { countries: WIDELY, currencies: EUR, keeps: true },
  bancontact: { countries: WIDELY, currencies: EUR, keeps: true },
  eps: { countries: WIDELY, currencies: EUR, keeps: false },
  p24: { countries: WIDELY, currencies: ['eur', 'pln'], keeps: false },
  multibanco: { countries: WIDELY, currencies: EUR, keeps: false },
  blik: { countries: WIDELY, currencies: ['pln'], keeps: false },
  twint: { countries: EUROPE, currencies: ['chf'], keeps: false },
  swish: { countries: EUROPE, currencies: ['sek'], keeps: false },
  mobilepay: { countries: EUROPE, currencies: ['dkk', 'eur', 'nok', 'sek'], keeps: false },
  bacs_debit: { countries: ['gb'], currencies: ['gbp'], keeps: true },
  us_bank_account: { countries: ['us'], currencies: ['usd'], keeps: true },
  cashapp: { countries: ['us'], currencies: ['usd'], keeps: true },
  acss_debit: { countries: ['ca', 'us'], currencies: ['cad', 'usd'], keeps: true },
  au_becs_debit: { countries: ['au'], currencies: ['aud'], keeps: true },
  nz_bank_account: { countries: ['nz'], currencies: ['nzd'], keeps: true },
};

/** What the emulator's page can be paid with; the others are offered by name only. */
export const PLAYABLE: readonly string[] = ['card', 'sepa_debit'];

/**
 * What a session offers when it names no types: everything that its currency, its mode and the seller's country allow. What a
 * seller has switched off in the Dashboard is not known here (assumed: nothing).
 * https://docs.stripe.com/payments/payment-methods/dynamic-payment-methods
 */
export function dynamicMethods(
  space: Space,
  mode: SessionMode,
  currency: string | null,
  excluded: readonly string[] = [],
): string[] {
  return Object.keys(METHODS).filter(
    (type) =>
      !excluded.includes(type) &&
      isAvailable(space, type) &&
      (currency === null || takes(type, currency)) &&
      (mode === 'payment' || METHODS[type]!.keeps),
  );
}

/** Refuses types that a session names and that the seller, the currency or the mode does not allow. */
export function refuseMethods(
  space: Space,
  types: readonly string[],
  mode: SessionMode,
  currency: string | null,
): void {
  for (const type of types) {
    if (!isAvailable(space, type)) throw notActivated(type);
    if (currency !== null) refuseCurrency(type, currency);
    if (mode === 'payment' || METHODS[type]?.keeps !== false) continue;
    throw invalidRequest(
      `The payment method \`${type}\` cannot be used in \`${mode}\` mode.`,
      'payment_method_types',
    );
  }
}

/** Refuses types that a payment intent names and that cannot be charged in its currency, or by this seller. */
export function refuseIntentMethods(space: Space, types: readonly string[], currency: string): void {
  for (const type of types) {
    if (!isAvailable(space, type)) throw notActivated(type);
    refuseCurrency(type, currency);
  }
}

/** In the words that Stripe's own iOS tests expect (STPAPIClientTests, 2025). */
function refuseCurrency(type: string, currency: string): void {
  if (takes(type, currency)) return;
  throw invalidRequest(
    `The currency provided (${currency}) is invalid. Payments with ${type} support the following currencies: ${METHODS[type]?.currencies?.join(', ')}.`,
    'payment_method_types',
  );
}

function notActivated(type: string): Error {
  return invalidRequest(
    `The payment method type provided: ${type} is invalid. Please ensure the provided type is activated in your dashboard (https://dashboard.stripe.com/account/payments/settings) and your account is enabled for any preview features that you are trying to use. See https://stripe.com/docs/payments/payment-methods/integration-options for supported combinations of payment method types and other parameters.`,
    'payment_method_types',
  );
}

function takes(type: string, currency: string): boolean {
  return METHODS[type]?.currencies?.includes(currency.toLowerCase()) ?? true;
}

function isAvailable(space: Space, type: string): boolean {
  return METHODS[type]?.countries?.includes((space.account.country ?? '').toLowerCase()) ?? true;
}
