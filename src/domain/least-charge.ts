/**
 * What Stripe charges at least, for the currencies that its table names, in minor units of the currency. The table is by
 * the currency that the account is paid out in: an amount that has to be converted must come to as much there, which
 * nobody can know when a price is made. https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
 */
const LEAST: Readonly<Record<string, number>> = {
  usd: 50,
  aed: 200,
  ars: 50,
  aud: 50,
  // Named until Bulgaria took the euro; who is still sold to in leva gets the same answer.
  bgn: 100,
  brl: 50,
  cad: 50,
  chf: 50,
  cop: 50,
  czk: 15_00,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 175_00,
  idr: 50,
  ils: 50,
  inr: 50,
  jpy: 50,
  krw: 50,
  mxn: 10_00,
  myr: 200,
  nok: 300,
  nzd: 50,
  php: 50,
  pln: 200,
  ron: 200,
  rub: 50,
  sek: 300,
  sgd: 50,
  thb: 10_00,
  zar: 50,
};

/**
 * The least that Stripe charges in a currency, in its minor units; null where Stripe names none. Nothing (0) can always
 * be asked for: that is no charge. https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
 * @param currency in lower case, as Stripe writes it
 */
export function leastCharge(currency: string): number | null {
  return LEAST[currency] ?? null;
}

/** Whether Stripe refuses to charge an amount (minor units) for being too small. Nothing is not charged at all. */
export function isBelowLeastCharge(amount: number, currency: string): boolean {
  return amount > 0 && amount < (leastCharge(currency) ?? 0);
}
