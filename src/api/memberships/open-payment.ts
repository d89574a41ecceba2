import { isDatabaseUnavailable } from '../../db/errors';
import type { Membership } from '../../db/generated/client';
import type { MembershipReason } from '../../domain/membership-reasons';
import { everyPage } from '../../stripe/every-page';
import { findConnected } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { toProblemError } from '../http/problem';
import { openPortals } from '../members/portal-links';
import { atStripe } from '../http/stripe-call';

/** Suspended because something is to be paid, or a card to be given: nothing has to be bought anew. */
const OWING: readonly string[] = [
  'grace_over',
  'unpaid',
  'awaiting_payment',
  'first_payment_pending',
  'trial_ended_without_card',
] satisfies MembershipReason[];

/** Whether what the member has is not given because a payment of it is open. */
export function owes({ kind, status, reason }: Pick<Membership, 'kind' | 'status' | 'reason'>): boolean {
  return kind === 'subscription' && status === 'suspended' && OWING.includes(reason);
}

/**
 * Where the member pays what is open of a membership: Stripe's page of the newest open invoice, else the billing portal,
 * where a card can be given. Null: Stripe cannot say now.
 * https://docs.stripe.com/api/invoices/object#invoice_object-hosted_invoice_url
 */
export async function payLinkOf(
  deps: ApiDeps,
  membership: Membership,
  more: { returnUrl: string; requestId: string },
): Promise<string | null> {
  const { coachId, mode, accountId, memberId, stripeSubscriptionId: subscription } = membership;
  const connection = await findConnected(deps.db, coachId, mode);
  if (connection === null || connection.accountId !== accountId || subscription === null) return null;
  try {
    const { invoices } = deps.stripe.of(mode);
    const all = await atStripe(() =>
      everyPage(invoices.list({ subscription, status: 'open', limit: 100 }, { stripeAccount: accountId })),
    );
    // Newest first, and the newest decides: https://docs.stripe.com/billing/subscriptions/overview#unpaid
    const open = all.find(({ amount_remaining: left, hosted_invoice_url: url }) => left > 0 && url != null);
    if (open?.hosted_invoice_url != null) return open.hosted_invoice_url;
    const [portal] = await openPortals(deps, connection, {
      memberId,
      membershipId: membership.id,
      ...more,
    });
    return portal.url;
  } catch (error) {
    if (toProblemError(error) === null || isDatabaseUnavailable(error)) throw error;
    deps.log.warn({ membershipId: membership.id }, 'the way to an open payment is not known now');
    return null;
  }
}
