import type Stripe from 'stripe';
import { invalidRequest } from '../http/errors';
import type { Checked } from '../http/checked';
import { mergedMetadata } from '../http/metadata';
import type { Subscription } from '../objects/subscription';
import { resolveMethod } from '../resources/payment-methods';
import type { Space } from '../space';
import { refuseOtherCurrency } from './customer-currency';
import { hasPaymentMethod } from './cycle';
import { recurringPrice } from './recurring-price';
import { collectFirst, paymentError, startSubscription } from './subscriptions';
import { endOf } from './schedule-end';

const DAY = 86_400;

/** A subscription by API: https://docs.stripe.com/api/subscriptions/create */
export function createSubscription(
  space: Space,
  params: Checked<Stripe.SubscriptionCreateParams>,
): Subscription {
  if (params.customer === undefined) {
    throw invalidRequest('Missing required param: customer.', 'customer', 'parameter_missing');
  }
  const customer = space.get('customer', params.customer, 'customer');
  if (params.default_payment_method !== undefined) {
    resolveMethod(space, params.default_payment_method, 'default_payment_method');
  }
  const items = (params.items ?? []).map((item, index) => {
    if (item.price === undefined) {
      throw invalidRequest(
        `Missing required param: items[${index}][price].`,
        `items[${index}][price]`,
        'parameter_missing',
      );
    }
    return {
      price: recurringPrice(space, item.price, `items[${index}][price]`, currencyOfFirst(space, params)),
      quantity: item.quantity ?? 1,
      metadata: mergedMetadata({}, item.metadata),
    };
  });
  const currency = currencyOfFirst(space, params);
  if (currency !== undefined) refuseOtherCurrency(space, customer.id, currency);
  const extras = (params.add_invoice_items ?? []).flatMap((item, index) =>
    item.price === undefined
      ? []
      : [
          {
            price: space.get('price', item.price, `add_invoice_items[${index}][price]`),
            quantity: item.quantity ?? 1,
          },
        ],
  );
  const trialEnd =
    typeof params.trial_end === 'number'
      ? params.trial_end
      : params.trial_period_days
        ? space.now() + params.trial_period_days * DAY
        : null;
  if (params.collection_method === 'send_invoice' && params.days_until_due === undefined) {
    throw invalidRequest(
      'You must pass `days_until_due` when `collection_method` is set to `send_invoice`.',
      'days_until_due',
      'parameter_missing',
    );
  }
  const behavior = params.payment_behavior ?? 'allow_incomplete';
  const { subscription, invoice } = startSubscription(space, {
    customer: customer.id,
    items,
    ...(currency === undefined ? {} : { currency }),
    extras,
    billingMode: params.billing_mode?.type ?? 'flexible',
    trialEnd,
    discounts: params.discounts,
    fill: (draft) => {
      draft.metadata = mergedMetadata({}, params.metadata);
      if (params.automatic_tax?.enabled) {
        draft.automatic_tax = { disabled_reason: null, enabled: true, liability: { type: 'self' } };
      }
      draft.description = params.description ?? null;
      draft.default_payment_method = params.default_payment_method ?? null;
      draft.collection_method = params.collection_method ?? 'charge_automatically';
      draft.days_until_due = params.days_until_due ?? null;
      draft.cancel_at_period_end = params.cancel_at_period_end ?? false;
      draft.trial_settings.end_behavior.missing_payment_method =
        params.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice';
      draft.payment_settings.save_default_payment_method =
        params.payment_settings?.save_default_payment_method ?? 'off';
      if (typeof params.cancel_at === 'number') Object.assign(draft, endOf(params.cancel_at, space.now()));
    },
  });
  if (behavior === 'default_incomplete' || invoice.status !== 'open') return subscription;
  if (invoice.collection_method === 'send_invoice') {
    return space.change(
      'subscription',
      subscription.id,
      'customer.subscription.updated',
      (draft) => (draft.status = 'active'),
    );
  }
  if (!hasPaymentMethod(space, subscription)) throw paymentError({ kind: 'no_payment_method' });
  const outcome = collectFirst(space, invoice, { offSession: params.off_session ?? false });
  if (behavior === 'error_if_incomplete' && outcome.kind !== 'succeeded' && outcome.kind !== 'processing') {
    throw paymentError(outcome);
  }
  return space.get('subscription', subscription.id);
}

/** All items have the currency of the first. */
function currencyOfFirst(space: Space, params: Checked<Stripe.SubscriptionCreateParams>): string | undefined {
  const first = params.items?.[0]?.price;
  return (
    params.currency?.toLowerCase() ?? (first === undefined ? undefined : space.find('price', first)?.currency)
  );
}
