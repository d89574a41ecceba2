import { invalidRequest } from '../http/errors';
import { newInvoicePayment, type Invoice, type InvoicePayment } from '../objects/invoice';
import type { PaymentIntent } from '../objects/payment-intent';
import type { PaymentMethod } from '../objects/payment-method';
import type { Space } from '../space';
import { spendDiscounts } from './discounts';
import { balanceFor, sumUp } from './drafts';
import { attemptPayment, createIntent, type AttemptOptions, type AttemptOutcome } from './intents';
import { invoiceClosed, invoiceFailed, invoicePaid, invoiceProcessing } from './outcomes';

/**
 * Turns a draft into an open invoice with a number; it is paid at once when nothing is due. `preparedIntent` is an intent
 * that an earlier Checkout attempt has left for it.
 */
export function finalizeInvoice(space: Space, id: string, preparedIntent?: string): Invoice {
  const draft = space.get('invoice', id);
  if (draft.status !== 'draft') {
    throw invalidRequest("This invoice is already finalized, you can't re-finalize a non-draft invoice.");
  }
  const customer = space.get('customer', draft.customer);
  const invoice = openInvoice(space, draft, balanceFor(customer, draft.currency));
  spendDiscounts(space, invoice);
  if (invoice.amount_due === 0) return settlePaid(space, id, null);
  createInvoiceIntent(space, invoice, preparedIntent);
  return space.get('invoice', id);
}

/** Gives a draft its number, and takes what counts of the customer's balance from it. */
export function openInvoice(space: Space, draft: Invoice, balance: number): Invoice {
  const { id } = draft;
  space.unschedule('invoice.finalize', id);
  const customer = space.get('customer', draft.customer);
  const sequence = customer.next_invoice_sequence;
  const now = space.now();
  const invoice = space.update('invoice', id, (next) => {
    sumUp(next, balance);
    next.status = 'open';
    next.number = `${customer.invoice_prefix}-${String(sequence).padStart(4, '0')}`;
    next.effective_at = now;
    next.automatically_finalizes_at = null;
    next.status_transitions.finalized_at = now;
    next.ending_balance = next.total + balance - next.amount_due;
    next.hosted_invoice_url = `${space.emulator.publicUrl}/invoices/${next.id}`;
    next.invoice_pdf = `${space.emulator.publicUrl}/invoices/${next.id}/pdf`;
    if (next.collection_method === 'send_invoice') next.due_date ??= now + 30 * 86_400;
  });
  if (invoice.due_date !== null) space.schedule('invoice.overdue', id, invoice.due_date);
  space.update('customer', customer.id, (next) => (next.next_invoice_sequence = sequence + 1));
  space.change('customer', customer.id, 'customer.updated', (next) => {
    next.balance += (invoice.ending_balance ?? 0) - balance;
  });
  space.emit('invoice.finalized', invoice);
  space.emitChange('invoice.updated', draft, invoice);
  return invoice;
}

function createInvoiceIntent(space: Space, invoice: Invoice, prepared: string | undefined): void {
  const fill = (intent: PaymentIntent): void => fillInvoiceIntent(intent, invoice);
  const { id: intentId } = prepared
    ? space.update('payment_intent', prepared, fill)
    : createIntent(space, { amount: invoice.amount_due, currency: invoice.currency }, fill);
  putPayment(space, invoice, intentId);
}

/** That an invoice is paid by an intent. Returns the payment, still open. */
export function putPayment(space: Space, invoice: Invoice, intentId: string): InvoicePayment {
  return space.put(
    'invoice_payment',
    newInvoicePayment({
      invoice: invoice.id,
      paymentIntent: intentId,
      amount: invoice.amount_due,
      currency: invoice.currency,
      livemode: space.livemode,
      created: space.now(),
    }),
  );
}

function fillInvoiceIntent(intent: PaymentIntent, invoice: Invoice): void {
  intent.amount = invoice.amount_due;
  intent.customer = invoice.customer;
  intent.description = describePayment(invoice);
  intent.setup_future_usage = invoice.parent ? 'off_session' : null;
  intent._emu.invoice = invoice.id;
}

function describePayment(invoice: Invoice): string {
  if (invoice.billing_reason === 'subscription_create') return 'Subscription creation';
  return invoice.parent ? 'Subscription update' : `Payment for Invoice ${invoice.number ?? ''}`;
}

/** The invoice's payment that is still open. */
export function openPayment(space: Space, invoiceId: string) {
  return space.listBy('invoice_payment', 'invoice', invoiceId).find(({ status }) => status === 'open');
}

/** Where the money of an invoice comes from. */
export function methodOf(space: Space, invoice: Invoice): PaymentMethod | undefined {
  const subscriptionId = invoice.parent?.subscription_details.subscription;
  const subscription = subscriptionId ? space.find('subscription', subscriptionId) : undefined;
  const customer = space.find('customer', invoice.customer);
  const id =
    invoice.default_payment_method ??
    subscription?.default_payment_method ??
    customer?.invoice_settings.default_payment_method;
  return id ? space.find('payment_method', id) : undefined;
}

/** Tries to collect an open invoice. Without a payment method the attempt fails without a charge. */
export function collectInvoice(
  space: Space,
  id: string,
  options: AttemptOptions,
  chosen?: PaymentMethod,
): AttemptOutcome | { kind: 'no_payment_method' } {
  const invoice = space.get('invoice', id);
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') return { kind: 'succeeded' };
  const payment = openPayment(space, id);
  const method = chosen ?? methodOf(space, invoice);
  space.unschedule('invoice.retry', id);
  if (!payment || !method) {
    invoiceFailed(space, id);
    return { kind: 'no_payment_method' };
  }
  const outcome = attemptPayment(space, payment.payment.payment_intent, method, options);
  const attemptCounted =
    invoice.attempted && (options.authenticated ?? options.authenticationFailed ?? false);
  if (outcome.kind === 'succeeded') settlePaid(space, id, payment.id, { attemptCounted });
  else if (outcome.kind === 'processing') invoiceProcessing(space, id);
  else if (outcome.kind === 'failed') {
    invoiceFailed(space, id, !attemptCounted);
    // Nobody was there to authenticate: https://docs.stripe.com/api/events/types#event_types-invoice.payment_action_required
    if (outcome.error.code === 'authentication_required')
      space.emit('invoice.payment_action_required', space.get('invoice', id));
  } else {
    // An attempt that waits for the payer is an attempt: https://docs.stripe.com/api/invoices/object#invoice_object-attempted
    const waiting = space.change('invoice', id, 'invoice.updated', (draft) => {
      draft.attempted = true;
      draft.attempt_count += 1;
    });
    space.emit('invoice.payment_action_required', waiting);
  }
  return outcome;
}

/** Marks an invoice paid, by a payment or (`paymentId` null) without one. */
export function settlePaid(
  space: Space,
  id: string,
  paymentId: string | null,
  options: { outOfBand?: boolean; attemptCounted?: boolean } = {},
): Invoice {
  const outOfBand = options.outOfBand ?? false;
  const now = space.now();
  const before = space.get('invoice', id);
  // Nobody shall pay a second time: https://docs.stripe.com/api/invoices/pay#pay_invoice-paid_out_of_band
  if (outOfBand) cancelOpenPayment(space, id, 'automatic');
  if (paymentId !== null) {
    const payment = space.update('invoice_payment', paymentId, (draft) => {
      draft.status = 'paid';
      draft.amount_paid = draft.amount_requested;
      draft.status_transitions.paid_at = now;
    });
    space.emit('invoice_payment.paid', payment);
  }
  space.unschedule('invoice.retry', id);
  space.unschedule('invoice.overdue', id);
  const invoice = space.update('invoice', id, (draft) => {
    draft.status = 'paid';
    draft.attempted = true;
    if (paymentId !== null && !options.attemptCounted) draft.attempt_count += 1;
    draft.amount_paid = outOfBand ? 0 : draft.amount_due;
    draft.amount_paid_off_stripe = outOfBand ? draft.amount_due : 0;
    draft.amount_remaining = 0;
    draft.auto_advance = false;
    draft.next_payment_attempt = null;
    draft.status_transitions.paid_at = now;
    draft.webhooks_delivered_at = now;
  });
  space.emitChange('invoice.updated', before, invoice);
  space.emit('invoice.paid', invoice);
  space.emit('invoice.payment_succeeded', invoice);
  invoicePaid(space, invoice);
  return space.get('invoice', id);
}

/** Voids an open (or uncollectible) invoice: it will never be paid. */
export function voidInvoice(space: Space, id: string): Invoice {
  const invoice = space.get('invoice', id);
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    throw invalidRequest(
      `You can only void an open or uncollectible invoice. This invoice is ${invoice.status}.`,
    );
  }
  cancelOpenPayment(space, id, 'void_invoice');
  const after = close(space, id, (draft) => {
    draft.status = 'void';
    draft.status_transitions.voided_at = space.now();
  });
  const applied = (after.ending_balance ?? 0) - after.starting_balance;
  if (applied !== 0) {
    // What came from the balance goes back to it: https://docs.stripe.com/billing/customer/balance
    space.change('customer', after.customer, 'customer.updated', (draft) => (draft.balance -= applied));
  }
  space.emit('invoice.voided', after);
  invoiceClosed(space, after);
  return after;
}

/** Writes an invoice off; it can still be paid later. */
export function markUncollectible(space: Space, id: string): Invoice {
  const invoice = space.get('invoice', id);
  if (invoice.status !== 'open') {
    throw invalidRequest(
      `You can only mark an open invoice as uncollectible. This invoice is ${invoice.status}.`,
    );
  }
  const after = close(space, id, (draft) => {
    draft.status = 'uncollectible';
    draft.status_transitions.marked_uncollectible_at = space.now();
  });
  space.emit('invoice.marked_uncollectible', after);
  invoiceClosed(space, after);
  return after;
}

function close(space: Space, id: string, change: (draft: Invoice) => void): Invoice {
  space.unschedule('invoice.retry', id);
  return space.change('invoice', id, 'invoice.updated', (draft) => {
    draft.auto_advance = false;
    draft.next_payment_attempt = null;
    change(draft);
  });
}

function cancelOpenPayment(space: Space, id: string, reason: string): void {
  const payment = openPayment(space, id);
  if (!payment) return;
  space.update('invoice_payment', payment.id, (draft) => {
    draft.status = 'canceled';
    draft.status_transitions.canceled_at = space.now();
  });
  const intent = space.update('payment_intent', payment.payment.payment_intent, (draft) => {
    draft.status = 'canceled';
    draft.canceled_at = space.now();
    draft.cancellation_reason = reason;
    draft.next_action = null;
  });
  space.emit('payment_intent.canceled', intent);
}
