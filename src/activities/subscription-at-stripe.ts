import type Stripe from 'stripe';
import type { Membership } from '../db/generated/client';
import { changeOnce } from '../stripe/create-once';
import { expectObject } from '../stripe/errors';
import { wholeSubscription } from '../stripe/whole-subscription';
import type { ActivityDeps } from './deps';

/** A membership's subscription at Stripe: how it is looked at, and how it is changed exactly once. */
export function subscriptionAtStripe(
  deps: ActivityDeps,
  row: Pick<Membership, 'id' | 'mode' | 'accountId' | 'stripeSubscriptionId'>,
) {
  const id = row.stripeSubscriptionId ?? '';
  const client = { stripe: deps.stripe.of(row.mode), accountId: row.accountId };
  const { subscriptions } = client.stripe;
  const options = { stripeAccount: row.accountId };
  const look = () => wholeSubscription(client, id);
  const once = (
    step: string,
    change: (key: Stripe.RequestOptions) => Promise<Stripe.Subscription>,
    isDone: (now: Stripe.Subscription) => boolean,
  ) =>
    changeOnce({
      rowId: row.id,
      step,
      change: async (idempotencyKey) =>
        expectObject(await change({ ...options, idempotencyKey }), 'subscription'),
      lookUp: async () => {
        const now = await look();
        return isDone(now) ? now : null;
      },
    });
  return {
    id,
    client,
    look,
    once,
    change: (
      step: string,
      params: Stripe.SubscriptionUpdateParams,
      isDone: (now: Stripe.Subscription) => boolean,
    ) => once(step, (key) => subscriptions.update(id, params, key), isDone),
  };
}
