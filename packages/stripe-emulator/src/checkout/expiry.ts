import { clone } from '../json';
import { newCheckoutSession, type CheckoutSession } from '../objects/checkout-session';
import type { Space } from '../space';
import { cancelSetup } from '../billing/setups';
import { createSessionSetup } from './setup';
import { discountsOf, useDiscounts } from './totals';

/** An expired session can be recovered for 30 days: https://docs.stripe.com/payments/checkout/abandoned-carts */
const RECOVERY_SECONDS = 30 * 86_400;

/** Closes an open session: nobody can pay it any more. */
export function expireSession(space: Space, id: string): CheckoutSession {
  const session = space.get('checkout.session', id);
  if (session.status !== 'open') return session;
  space.unschedule('session.expire', id);
  const expired = space.update('checkout.session', id, (draft) => {
    draft.status = 'expired';
    draft.url = null;
    const recovery = draft.after_expiration?.recovery;
    if (recovery?.enabled) {
      recovery.url = `${space.emulator.publicUrl}/c/recover/${id}`;
      recovery.expires_at = space.now() + RECOVERY_SECONDS;
    }
  });
  if (session.payment_intent) cancelIntent(space, session.payment_intent);
  if (session.setup_intent) cancelSetup(space, session.setup_intent, null);
  space.emit('checkout.session.expired', expired);
  return expired;
}

/** A new session like one that has expired; undefined when it cannot be recovered (any more). */
export function recoverSession(space: Space, id: string): CheckoutSession | undefined {
  const expired = space.get('checkout.session', id);
  const recovery = expired.after_expiration?.recovery;
  if (expired.status !== 'expired' || !recovery?.url || (recovery.expires_at ?? 0) <= space.now()) return;
  const fresh = newCheckoutSession({
    mode: expired.mode,
    currency: expired.currency,
    url: (fresh) => `${space.emulator.publicUrl}/c/pay/${fresh}`,
    plan: { ...clone(expired._emu), pendingIntent: null, challengedMethod: null },
    livemode: space.livemode,
    created: space.now(),
  });
  const session: CheckoutSession = {
    ...clone(expired),
    id: fresh.id,
    created: fresh.created,
    expires_at: fresh.expires_at,
    status: 'open',
    url: fresh.url,
    payment_intent: null,
    after_expiration: null,
    recovered_from: expired.id,
    allow_promotion_codes: expired.allow_promotion_codes ?? (recovery.allow_promotion_codes || null),
    _emu: fresh._emu,
  };
  if (session.mode === 'setup') session.setup_intent = createSessionSetup(space, session);
  useDiscounts(space, session, discountsOf(space, session));
  space.put('checkout.session', session);
  space.schedule('session.expire', session.id, session.expires_at);
  return session;
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
