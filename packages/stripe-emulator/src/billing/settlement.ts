import { sessionPaymentSettled } from '../checkout/settlement';
import type { Space } from '../space';
import { settleDelayed } from './intents';
import { openPayment, settlePaid } from './invoices';
import { invoiceFailed } from './outcomes';

/** The bank has answered a delayed payment: intent and charge, then the invoice, then the Checkout Session hear of it. */
export function settlePayment(space: Space, intentId: string, succeeded: boolean): void {
  const outcome = settleDelayed(space, intentId, succeeded);
  if (outcome.kind === 'processing') return;
  const intent = space.get('payment_intent', intentId);
  const invoiceId = intent._emu.invoice;
  if (invoiceId) {
    const payment = openPayment(space, invoiceId);
    if (succeeded) settlePaid(space, invoiceId, payment?.id ?? null, { attemptCounted: true });
    else invoiceFailed(space, invoiceId, false);
  }
  const { session } = intent._emu;
  if (!session) return;
  sessionPaymentSettled(space, session, succeeded);
  // Later attempts for the same invoice are no longer the session's.
  space.update('payment_intent', intentId, (draft) => (draft._emu.session = null));
}
