import type Stripe from 'stripe';
import { expectObject } from './errors';
import { wholeList } from './every-page';
import type { AccountClient } from './account-client';

/** A subscription as Stripe has it, with all of its items and what each costs in every currency. https://docs.stripe.com/api/subscriptions/retrieve */
export async function wholeSubscription(
  { stripe, accountId }: AccountClient,
  id: string,
): Promise<Stripe.Subscription> {
  const options = { stripeAccount: accountId };
  const found = expectObject<Stripe.Subscription>(
    await stripe.subscriptions.retrieve(id, { expand: ['items.data.price.currency_options'] }, options),
    'subscription',
  );
  const data = await wholeList(found.items, () =>
    stripe.subscriptionItems.list(
      { subscription: id, limit: 100, expand: ['data.price.currency_options'] },
      options,
    ),
  );
  return { ...found, items: { ...found.items, data, has_more: false } };
}
