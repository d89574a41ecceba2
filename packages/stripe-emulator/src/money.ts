const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf'.split(' '));
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '));

/** Digits behind the point of a currency's major unit: https://docs.stripe.com/currencies */
export function decimalsOf(currency: string): number {
  if (ZERO_DECIMAL.has(currency)) return 0;
  return THREE_DECIMAL.has(currency) ? 3 : 2;
}

/**
 * The least that can be charged, in minor units: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts. Of a
 * currency that the page does not list Stripe converts the amount and compares it with the settlement currency's; the emulator has
 * no rates and takes half a major unit.
 */
const LEAST: Readonly<Record<string, number>> = {
  ...{
    aed: 200,
    ars: 50,
    aud: 50,
    bgn: 100,
    brl: 50,
    cad: 50,
    chf: 50,
    cop: 50,
    czk: 1500,
    dkk: 250,
    eur: 50,
  },
  ...{ gbp: 30, hkd: 400, huf: 17_500, idr: 50, ils: 50, inr: 50, jpy: 50, krw: 50, mxn: 1000, myr: 200 },
  ...{
    nok: 300,
    nzd: 50,
    php: 50,
    pln: 200,
    ron: 200,
    rub: 50,
    sek: 300,
    sgd: 50,
    thb: 1000,
    usd: 50,
    zar: 50,
  },
};

export function leastCharge(currency: string): number {
  return LEAST[currency.toLowerCase()] ?? Math.max(1, 10 ** decimalsOf(currency) / 2);
}

/** The least charge as the API's refusals name it: `$0.50 usd`. */
export function leastInWords(currency: string): string {
  const digits = decimalsOf(currency);
  const words = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: currency.toUpperCase(),
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(leastCharge(currency) / 10 ** digits);
  return `${words} ${currency.toLowerCase()}`;
}

/** An amount in minor units as a person reads it, for example $12.50. */
export function formatMoney(amount: number, currency: string): string {
  return formatOf(currency).format(amount / 10 ** decimalsOf(currency));
}

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string): Intl.NumberFormat {
  let format = formats.get(currency);
  if (!format) {
    const digits = decimalsOf(currency);
    format = new Intl.NumberFormat('en-US', {
      style: 'currency',
      currency: currency.toUpperCase(),
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    formats.set(currency, format);
  }
  return format;
}
