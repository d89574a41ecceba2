import type Stripe from 'stripe';
import type { Compared } from '../domain/drift';
import { scheduledEnd } from '../domain/subscription-access';
import type { AccountClient } from './account-client';
import { fetchItems } from './facts';

/**
 * What is compared of a subscription of Stripe's list, which has its items with it, up to ten of them; a call reads the rest.
 * https://docs.stripe.com/api/subscriptions/list
 */
export async function comparedOf(
  client: AccountClient,
  subscription: Stripe.Subscription,
): Promise<Compared> {
  const items = await fetchItems(client, subscription);
  return {
    status: subscription.status,
    cancelAt: scheduledEnd({
      cancelAt: subscription.cancel_at,
      cancelAtPeriodEnd: subscription.cancel_at_period_end,
      currentPeriodEnd: Math.max(0, ...items.map((item) => item.current_period_end)),
    }),
    resumesAt: subscription.pause_collection?.resumes_at ?? null,
    trialEnd: subscription.trial_end,
    collectionMethod: subscription.collection_method,
    items: items.map(({ price, quantity }) => ({ stripePriceId: price.id, quantity: quantity ?? 1 })),
  };
}
