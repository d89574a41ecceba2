import type Stripe from 'stripe';
import { endpoint, type Endpoint } from '../http/endpoint';
import { invalidRequest } from '../http/errors';
import { page } from '../http/pagination';

/** Those of Stripe's product tax codes that a coach may need; every other is refused. https://docs.stripe.com/tax/tax-codes */
const NAMES: Record<string, string> = {
  txcd_00000000: 'Nontaxable',
  txcd_10000000: 'General - Electronically Supplied Services',
  txcd_20030000: 'General - Services',
  txcd_20060000: 'Professional services',
  txcd_20060044: 'Training services',
  txcd_20060045: 'Training Services - Live Virtual',
  txcd_20060052: 'Educational Services',
  txcd_20060058: 'Training Services - Self Study Web Based',
  txcd_20060059: 'Tutoring',
  txcd_99999999: 'General - Tangible Goods',
};

const CODES = Object.entries(NAMES).map(([id, name]) => ({
  id,
  object: 'tax_code' as const,
  description: name,
  name,
}));

/** @throws StripeError for a code that is none, naming the parameter */
export function requireTaxCode(code: string, param: string): string {
  if (NAMES[code] === undefined)
    throw invalidRequest(`No such tax code: '${code}'`, param, 'resource_missing');
  return code;
}

/** https://docs.stripe.com/api/tax_codes */
export const taxCodeEndpoints: Endpoint[] = [
  endpoint<Stripe.TaxCodeListParams>('get /v1/tax_codes', ({ params, url }) => page(CODES, params, url)),
  endpoint('get /v1/tax_codes/{id}', ({ path }) => {
    const code = CODES.find(({ id }) => id === path.id);
    if (code === undefined) throw invalidRequest('Invalid tax code', 'id', 'resource_missing');
    return code;
  }),
];
