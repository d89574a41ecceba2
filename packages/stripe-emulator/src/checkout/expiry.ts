import type { CheckoutSession } from '../objects/checkout-session';
import type { Space } from '../space';

/** Closes an open session: nobody can pay it any more. */
export function expireSession(space: Space, id: string): CheckoutSession {
  const session = space.get('checkout.session', id);
  if (session.status !== 'open') return session;
  space.unschedule('session.expire', id);
  const expired = space.update('checkout.session', id, (draft) => {
    draft.status = 'expired';
    draft.url = null;
  });
  if (session.payment_intent) cancelIntent(space, session.payment_intent);
  space.emit('checkout.session.expired', expired);
  return expired;
}

function cancelIntent(space: Space, id: string): void {
  const before = space.get('payment_intent', id);
  if (before.status === 'canceled' || before.status === 'succeeded' || before.status === 'processing') return;
  const intent = space.update('payment_intent', id, (draft) => {
    draft.status = 'canceled';
    draft.canceled_at = space.now();
    draft.cancellation_reason = 'automatic';
    draft.next_action = null;
  });
  space.emit('payment_intent.canceled', intent);
}
