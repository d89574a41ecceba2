import type { Membership } from '../db/generated/client';
import type { MembershipEvidence } from '../domain/membership-facts';
import { lastEvidence } from '../store/last-evidence';
import type { AccountClient } from '../stripe/account-client';
import { isAccountInvalid, toLookFailure } from '../stripe/errors';
import { fetchPayment, fetchSubscription } from '../stripe/facts';
import type { ActivityDeps } from './deps';
import { isGoneAtStripe } from './gone-at-stripe';

/** What a membership is decided by: Stripe's subscription or payment, or the last that was heard of it. */
export async function fetchEvidence(
  deps: ActivityDeps,
  row: Membership,
  events: Parameters<typeof lastEvidence>[2],
): Promise<MembershipEvidence> {
  const client = { stripe: deps.stripe.of(row.mode), accountId: row.accountId };
  try {
    if (row.kind === 'subscription')
      return {
        kind: 'subscription',
        subscription: await fetchSubscription(client, row.stripeSubscriptionId ?? ''),
      };
    return {
      kind: 'payment',
      payment:
        row.stripePaymentIntentId === null ? null : await fetchPayment(client, row.stripePaymentIntentId),
    };
  } catch (error) {
    if (isAccountInvalid(error)) return lastEvidence(deps.db, row, events);
    // What was paid for is honoured, as on an account that was cut; Stripe charges nothing more for it.
    if (await isGoneAtStripe(error, () => retrieveIt(client, row))) return { kind: 'unreadable' };
    throw toLookFailure(error);
  }
}

function retrieveIt({ stripe, accountId }: AccountClient, row: Membership): Promise<unknown> {
  const { kind, stripeSubscriptionId, stripePaymentIntentId } = row;
  const options = { stripeAccount: accountId };
  return kind === 'subscription'
    ? stripe.subscriptions.retrieve(stripeSubscriptionId ?? '', undefined, options)
    : stripe.paymentIntents.retrieve(stripePaymentIntentId ?? '', undefined, options);
}
