import { invoicePurchase } from '../billing/purchase-invoice';
import type { Space } from '../space';

/** A delayed payment of a completed session has succeeded or failed. */
export function sessionPaymentSettled(space: Space, id: string, succeeded: boolean): void {
  const session = space.find('checkout.session', id);
  if (!session || session.status !== 'complete') return;
  const { customer, payment_intent: intent } = session;
  const invoice =
    succeeded && customer !== null && intent !== null ? invoicePurchase(space, id, customer, intent) : null;
  const after = succeeded
    ? space.update('checkout.session', id, (draft) => {
        draft.payment_status = 'paid';
        if (invoice) draft.invoice = invoice.id;
      })
    : session;
  space.emit(
    succeeded ? 'checkout.session.async_payment_succeeded' : 'checkout.session.async_payment_failed',
    after,
  );
}
