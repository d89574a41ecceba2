import { dashboardMessage, isDashboardCode } from './catalog';

/**
 * Why Stripe did not take a price, in words for the coach: from Stripe's own codes, never from its message, which may
 * quote what a person typed. https://docs.stripe.com/error-codes
 */

/** What is known of the failure. */
export interface ProvisioningProblem {
  /** Stripe's code, or one of ours. */
  code: string | null;
  /** The parameter that Stripe names. */
  param: string | null;
  statusCode: number | null;
}

export interface ProvisioningFailure {
  failureCode: string;
  failureMessage: string;
}

const MESSAGES: Record<string, string> = {
  account_invalid:
    'The Stripe account can no longer be reached. Connect it again; the price is then tried again.',
  amount_too_large: 'The amount is larger than Stripe accepts in this currency.',
  amount_too_small: 'The amount is smaller than Stripe accepts in this currency.',
  cancelled: 'The creation was cancelled here. Try the price again.',
  invalid_currency: 'The Stripe account cannot charge in this currency.',
  parameter_invalid_integer: 'Stripe does not accept this number.',
  stripe_unavailable: 'Stripe could not be reached for hours, so nothing was created. Try the price again.',
};

const FIELDS: Record<string, string> = {
  unit_amount: 'the amount',
  currency: 'the currency',
  'recurring[interval]': 'the interval',
  'recurring[interval_count]': 'the interval count',
  nickname: 'the nickname',
  name: 'the name of the product',
  description: 'the description of the product',
  tax_code: 'the tax code of the product',
};

/** A code to act on and a sentence to read. */
export function explainProvisioningFailure(problem: ProvisioningProblem): ProvisioningFailure {
  const { code, param, statusCode } = problem;
  if (isDashboardCode(code)) return { failureCode: code, failureMessage: dashboardMessage(code) };
  const outage = statusCode === 429 || (statusCode ?? 0) >= 500 || (statusCode === null && code === null);
  const failureCode = outage ? 'stripe_unavailable' : (code ?? 'stripe_refused');
  const field = param === null ? undefined : FIELDS[param];
  const known = MESSAGES[failureCode];
  if (known !== undefined)
    return { failureCode, failureMessage: field ? `${known} (It is about ${field}.)` : known };
  const about = field ?? (param === null ? 'the price' : `"${param.replaceAll(/[^\w[\].]/g, '')}"`);
  return {
    failureCode,
    failureMessage: `Stripe refused ${about} (${failureCode.replaceAll('_', ' ')}). Change it and add the price again.`,
  };
}
