import type { Price } from '../db/generated/client';
import { wouldChargeLater } from '../domain/checkout';
import type { SessionEvidence } from '../domain/checkout-look';
import { salesState } from '../domain/sales-window';
import type { SessionFacts } from '../domain/stripe-facts';
import type { PaidCheckout } from '../store/paid-checkout';
import { expireSession, findSession } from '../stripe/checkout-session';
import { isAccountInvalid, toLookFailure } from '../stripe/errors';
import { fetchSession } from '../stripe/facts';
import { endSubscription } from '../stripe/refunds';
import type { ActivityDeps } from './deps';
import { isGoneAtStripe } from './gone-at-stripe';

/** The session at Stripe, or why it can no longer be read; undefined: there is none. */
export async function fetchEvidence(
  deps: ActivityDeps,
  row: PaidCheckout & { price: Price },
): Promise<SessionEvidence | undefined> {
  const options = { stripeAccount: row.accountId };
  const client = { stripe: deps.stripe.of(row.mode), accountId: row.accountId };
  try {
    // An opening that was given up may have left a session whose id nobody was told.
    const id = row.stripeSessionId ?? (await findSession(client.stripe, row, options))?.id;
    if (id === undefined) return undefined;
    const session = await fetchSession(client, id);
    if (session.status !== 'open' || !(await isOverForSale(deps, row))) return session;
    // Whoever pays at that very moment wins, and has bought.
    await expireSession(client, row.id, id);
    return await fetchSession(client, id);
  } catch (error) {
    if (isAccountInvalid(error)) return 'account_disconnected';
    const { stripeSessionId: id } = row;
    const retrieve = () => client.stripe.checkout.sessions.retrieve(id ?? '', undefined, options);
    if (id !== null && (await isGoneAtStripe(error, retrieve))) return 'session_missing';
    throw toLookFailure(error);
  }
}

/** Whether sales of the price have ended while a session was open. */
async function isOverForSale(deps: ActivityDeps, row: PaidCheckout & { price: Price }): Promise<boolean> {
  if (row.price.salesEndAt === null) return false;
  return salesState(row.price, await deps.clock.now(row.mode, row.accountId)) === 'ended';
}

/** A subscription whose first payment failed is ended at Stripe, so that it is not charged after all. */
export async function stopCharging(
  deps: ActivityDeps,
  row: PaidCheckout,
  session: SessionFacts,
): Promise<void> {
  if (session.subscription === null || !wouldChargeLater(session)) return;
  try {
    const client = { stripe: deps.stripe.of(row.mode), accountId: row.accountId };
    await endSubscription(client, row.id, session.subscription.id);
  } catch (error) {
    throw toLookFailure(error);
  }
}
