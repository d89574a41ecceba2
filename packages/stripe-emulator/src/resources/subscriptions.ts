import type Stripe from 'stripe';
import { dropDiscount } from '../billing/discounts';
import { endSubscription } from '../billing/cancellation';
import { endpoint, type Endpoint } from '../http/endpoint';
import { inRange, page } from '../http/pagination';
import { createSubscription } from '../billing/create-subscription';
import { resumeSubscription } from '../billing/resumption';
import { updateSubscription } from '../billing/update-subscription';
import { prorateCancellation } from '../billing/proration';
import { invoiceNow } from '../billing/subscriptions';
import { invalidRequest, resourceMissing } from '../http/errors';

/** https://docs.stripe.com/api/subscriptions */
export const subscriptionEndpoints: Endpoint[] = [
  endpoint<Stripe.SubscriptionCreateParams>('post /v1/subscriptions', ({ space, params }) =>
    createSubscription(space, params),
  ),
  endpoint<Stripe.SubscriptionListParams>('get /v1/subscriptions', ({ space, params, url }) => {
    const { status } = params;
    const subscriptions = space
      .listFor('subscription', {
        customer: params.customer,
        status: status === 'all' || status === 'ended' ? undefined : status,
      })
      .filter(
        (subscription) =>
          (status === 'all' ||
            (status === undefined && !['canceled', 'incomplete_expired'].includes(subscription.status)) ||
            (status === 'ended' && ['canceled', 'incomplete_expired'].includes(subscription.status)) ||
            subscription.status === status) &&
          (params.customer === undefined || subscription.customer === params.customer) &&
          (params.price === undefined ||
            subscription.items.data.some((item) => item.price.id === params.price)) &&
          inRange(subscription.created, params.created),
      );
    return page(subscriptions, params, url);
  }),
  endpoint('get /v1/subscriptions/{subscription_exposed_id}', ({ space, path }) =>
    space.get('subscription', path.subscription_exposed_id ?? ''),
  ),
  endpoint<Stripe.SubscriptionUpdateParams>(
    'post /v1/subscriptions/{subscription_exposed_id}',
    ({ space, params, path }) => updateSubscription(space, path.subscription_exposed_id ?? '', params),
  ),
  endpoint<Stripe.SubscriptionCancelParams>(
    'delete /v1/subscriptions/{subscription_exposed_id}',
    ({ space, params, path }) => {
      const subscription = space.get('subscription', path.subscription_exposed_id ?? '');
      if (subscription.status === 'canceled' || subscription.status === 'incomplete_expired') {
        throw resourceMissing('subscription', subscription.id);
      }
      if (params.prorate) prorateCancellation(space, subscription);
      if (params.invoice_now) invoiceNow(space, subscription.id, 'manual');
      return endSubscription(space, subscription.id, 'cancellation_requested', {
        ...(params.cancellation_details?.comment === undefined
          ? {}
          : {
              comment:
                params.cancellation_details.comment === '' ? null : params.cancellation_details.comment,
            }),
        ...(params.cancellation_details?.feedback === undefined
          ? {}
          : {
              feedback:
                params.cancellation_details.feedback === '' ? null : params.cancellation_details.feedback,
            }),
      });
    },
  ),
  endpoint<Stripe.SubscriptionResumeParams>(
    'post /v1/subscriptions/{subscription}/resume',
    ({ space, params, path }) => resumeSubscription(space, path.subscription ?? '', params),
  ),
  endpoint('delete /v1/subscriptions/{subscription_exposed_id}/discount', ({ space, path }) => {
    const subscription = space.get('subscription', path.subscription_exposed_id ?? '');
    const discount = subscription.discounts.at(-1);
    if (discount === undefined) {
      throw invalidRequest(`No active discount for subscription: ${subscription.id}`);
    }
    const gone = dropDiscount(space, discount);
    space.change('subscription', subscription.id, 'customer.subscription.updated', (draft) => {
      draft.discounts = draft.discounts.filter((id) => id !== discount);
    });
    return gone;
  }),
];
