import type { PaymentMethod } from '../objects/payment-method';
import type { CancellationFeedback, PortalConfiguration, PortalSession } from '../objects/billing-portal';
import type { Subscription } from '../objects/subscription';
import type { Space } from '../space';
import { endSubscription } from './cancellation';
import { declineFor } from './declines';
import { prorateCancellation } from './proration';
import { invoiceNow } from './subscriptions';
import { updateSubscription } from './update-subscription';

/** A link into the portal works for an hour of the account's time. */
const LIFETIME_SECONDS = 3600;

export function portalExpired(space: Space, session: PortalSession): boolean {
  return space.now() >= session.created + LIFETIME_SECONDS;
}

/** The subscriptions that the portal shows. */
export function portalSubscriptions(space: Space, session: PortalSession): Subscription[] {
  return space
    .listBy('subscription', 'customer', session.customer)
    .filter(({ status }) => !['canceled', 'incomplete', 'incomplete_expired'].includes(status));
}

/**
 * The customer cancels. With flexible billing Stripe's portal sets `cancel_at` to the period's end, with classic billing
 * `cancel_at_period_end`; the configuration may also say that it ends at once.
 */
export function cancelByCustomer(
  space: Space,
  configuration: PortalConfiguration,
  id: string,
  why: { feedback?: CancellationFeedback | undefined; comment?: string | undefined },
): void {
  const { mode, proration_behavior: proration } = configuration.features.subscription_cancel;
  const subscription = space.get('subscription', id);
  const details = {
    ...(why.feedback === undefined ? {} : { feedback: why.feedback }),
    ...(why.comment === undefined ? {} : { comment: why.comment }),
  };
  if (mode === 'immediately') {
    if (proration !== 'none') prorateCancellation(space, subscription);
    if (proration === 'always_invoice') invoiceNow(space, id, 'subscription_update');
    endSubscription(space, id, 'cancellation_requested', details);
    return;
  }
  updateSubscription(space, id, {
    ...(subscription.billing_mode.type === 'flexible'
      ? { cancel_at: 'max_period_end' as const }
      : { cancel_at_period_end: true }),
    ...(Object.keys(details).length > 0 ? { cancellation_details: details } : {}),
  });
}

/** The customer takes the cancellation back. */
export function renewByCustomer(space: Space, id: string): void {
  updateSubscription(space, id, { cancel_at: '' });
}

export type CardOutcome = { kind: 'saved' } | { kind: 'challenge' } | { kind: 'declined'; message: string };

/** The customer gives a card for all payments to come. `authenticated`: the 3-D Secure challenge is passed. */
export function changeCard(
  space: Space,
  session: PortalSession,
  method: PaymentMethod,
  authenticated: boolean,
): CardOutcome {
  if (method._emu.behavior === 'requires_authentication' && !authenticated) {
    space.update('billing_portal.session', session.id, (draft) => {
      draft._emu.challengedMethod = method.id;
    });
    return { kind: 'challenge' };
  }
  const decline = authenticated ? undefined : declineFor(method, space.now(), { offSession: false });
  if (decline) return { kind: 'declined', message: decline.message };
  const attached = space.update('payment_method', method.id, (draft) => {
    draft.customer = session.customer;
    if (authenticated) draft._emu.behavior = 'succeeds';
  });
  space.emit('payment_method.attached', attached);
  space.change('customer', session.customer, 'customer.updated', (draft) => {
    draft.invoice_settings.default_payment_method = method.id;
  });
  for (const { id, default_payment_method } of portalSubscriptions(space, session)) {
    if (default_payment_method === null) continue;
    space.change('subscription', id, 'customer.subscription.updated', (draft) => {
      draft.default_payment_method = method.id;
    });
  }
  return { kind: 'saved' };
}
