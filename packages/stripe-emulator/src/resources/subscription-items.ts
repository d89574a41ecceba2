import type Stripe from 'stripe';
import { updateSubscription } from '../billing/update-subscription';
import type { Checked } from '../http/checked';
import { endpoint, type Endpoint } from '../http/endpoint';
import { invalidRequest, resourceMissing } from '../http/errors';
import { page } from '../http/pagination';
import type { Subscription, SubscriptionItem } from '../objects/subscription';
import type { Space } from '../space';
import { createPrice } from './prices';

/** https://docs.stripe.com/api/subscription_items */
export const subscriptionItemEndpoints: Endpoint[] = [
  endpoint<Stripe.SubscriptionItemListParams>('get /v1/subscription_items', ({ space, params, url }) =>
    page(space.get('subscription', params.subscription, 'subscription').items.data, params, url),
  ),
  endpoint('get /v1/subscription_items/{item}', ({ space, path }) => itemOf(space, path.item ?? '').item),
  endpoint<Stripe.SubscriptionItemCreateParams>('post /v1/subscription_items', ({ space, params }) => {
    const before = space.get('subscription', params.subscription, 'subscription');
    const price = params.price ?? (params.price_data ? createPrice(space, params.price_data).id : undefined);
    if (price === undefined) {
      throw invalidRequest('Missing required param: price.', 'price', 'parameter_missing');
    }
    const after = updateSubscription(space, before.id, {
      items: [
        {
          price,
          ...(params.quantity === undefined ? {} : { quantity: params.quantity }),
          ...(params.metadata === undefined ? {} : { metadata: params.metadata }),
        },
      ],
      ...prorationOf(params),
    });
    const known = new Set(before.items.data.map(({ id }) => id));
    return after.items.data.find(({ id }) => !known.has(id));
  }),
  endpoint<Stripe.SubscriptionItemUpdateParams>(
    'post /v1/subscription_items/{item}',
    ({ space, params, path }) => {
      const { item, subscription } = itemOf(space, path.item ?? '');
      const price =
        params.price ?? (params.price_data ? createPrice(space, params.price_data).id : undefined);
      updateSubscription(space, subscription.id, {
        items: [
          {
            id: item.id,
            ...(price === undefined ? {} : { price }),
            ...(params.quantity === undefined ? {} : { quantity: params.quantity }),
            ...(params.metadata === undefined ? {} : { metadata: params.metadata }),
          },
        ],
        ...prorationOf(params),
      });
      return itemOf(space, item.id).item;
    },
  ),
  endpoint<Stripe.SubscriptionItemDeleteParams>(
    'delete /v1/subscription_items/{item}',
    ({ space, params, path }) => {
      const { item, subscription } = itemOf(space, path.item ?? '');
      updateSubscription(space, subscription.id, {
        items: [{ id: item.id, deleted: true }],
        ...prorationOf(params),
      });
      return { id: item.id, object: 'subscription_item', deleted: true };
    },
  ),
];

function itemOf(space: Space, id: string): { item: SubscriptionItem; subscription: Subscription } {
  for (const subscription of space.listBy('subscription', 'item', id)) {
    const item = subscription.items.data.find((candidate) => candidate.id === id);
    if (item) return { item, subscription };
  }
  throw resourceMissing('subscription_item', id, 'item');
}

function prorationOf(
  params: Pick<
    Checked<Stripe.SubscriptionItemUpdateParams>,
    'payment_behavior' | 'proration_behavior' | 'proration_date'
  >,
) {
  return {
    ...(params.payment_behavior === undefined ? {} : { payment_behavior: params.payment_behavior }),
    ...(params.proration_behavior === undefined ? {} : { proration_behavior: params.proration_behavior }),
    ...(params.proration_date === undefined ? {} : { proration_date: params.proration_date }),
  };
}
