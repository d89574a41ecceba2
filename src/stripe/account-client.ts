import type Stripe from 'stripe';

/** Which account of which platform client to ask. */
export interface AccountClient {
  stripe: Stripe;
  accountId: string;
}
