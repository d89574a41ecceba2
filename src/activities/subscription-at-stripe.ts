import Stripe from 'stripe';
import type { Membership } from '../db/generated/client';
import { ProblemError } from '../domain/problem';
import { changeOnce } from '../stripe/create-once';
import { expectObject } from '../stripe/errors';
import { wholeSubscription } from '../stripe/whole-subscription';
import type { ActivityDeps } from './deps';

/** Whether it is over at Stripe, for good: then only its metadata can be changed. https://docs.stripe.com/api/subscriptions/object#subscription_object-status */
export const isOver = ({ status }: Stripe.Subscription): boolean =>
  status === 'canceled' || status === 'incomplete_expired';

/** What is said of a change to a subscription that is over, while the access goes on for what was paid. */
export const endedAtStripe = () =>
  new ProblemError('membership_ended', 'Its subscription has ended at Stripe.');

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
    }).catch(async (error: unknown) => {
      if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
      // Access may go on for what was paid: of the subscription nothing can be changed any more.
      throw isOver(await look()) ? endedAtStripe() : error;
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
