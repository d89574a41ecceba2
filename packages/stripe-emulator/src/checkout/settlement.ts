import type { Space } from '../space';

/** A delayed payment of a completed session has succeeded or failed. */
export function sessionPaymentSettled(space: Space, id: string, succeeded: boolean): void {
  const session = space.find('checkout.session', id);
  if (!session || session.status !== 'complete') return;
  const after = succeeded
    ? space.update('checkout.session', id, (draft) => (draft.payment_status = 'paid'))
    : session;
  space.emit(
    succeeded ? 'checkout.session.async_payment_succeeded' : 'checkout.session.async_payment_failed',
    after,
  );
}
