import type Stripe from 'stripe';
import { changeTaxSettings, taxSettingsOf } from '../connect/tax-settings';
import { endpoint, type Endpoint } from '../http/endpoint';

/** https://docs.stripe.com/api/tax/settings */
export const taxSettingsEndpoints: Endpoint[] = [
  endpoint('get /v1/tax/settings', ({ space }) => taxSettingsOf(space)),
  endpoint<Stripe.Tax.SettingsUpdateParams>('post /v1/tax/settings', ({ space, params }) =>
    changeTaxSettings(space, params),
  ),
];
