import { collectInvoice, openPayment } from '../billing/invoices';
import { redirectTo } from '../billing/payments';
import type { Invoice } from '../objects/invoice';
import type { Space } from '../space';
import { readCard } from './read-form';

export type InvoiceOutcome =
  { kind: 'paid' } | { kind: 'challenge'; url: string } | { kind: 'error'; message: string };

/** Whether the page of an invoice takes money for it: https://docs.stripe.com/invoicing/hosted-invoice-page */
export function isPayable(invoice: Invoice): boolean {
  return (invoice.status === 'open' || invoice.status === 'uncollectible') && invoice.amount_remaining > 0;
}

/**
 * The payer pays an open invoice on its page, with a card (`card_number`, `card_expiry`, `card_cvc`). The card is kept where the invoice is
 * a subscription's; it does not become its default (assumed: the page does not say).
 */
export function payInvoice(space: Space, id: string, form: Record<string, string>): InvoiceOutcome {
  const invoice = space.get('invoice', id);
  if (!isPayable(invoice)) return { kind: 'error', message: `This invoice is ${invoice.status}.` };
  const customer = space.get('customer', invoice.customer);
  const { address, email, name, phone } = customer;
  const read = readCard(space, form, { address, email, name, phone, tax_id: null });
  if ('error' in read) return { kind: 'error', message: read.error };
  const outcome = collectInvoice(space, id, { offSession: false }, read.method);
  if (outcome.kind === 'failed') return { kind: 'error', message: outcome.error.message };
  if (outcome.kind === 'no_payment_method') return { kind: 'error', message: 'This invoice cannot be paid.' };
  if (outcome.kind === 'requires_action') {
    const intent = openPayment(space, id)?.payment.payment_intent ?? '';
    const { next_action } = space.update('payment_intent', intent, (draft) => {
      draft.next_action = redirectTo(space, intent, invoice.hosted_invoice_url);
    });
    return { kind: 'challenge', url: next_action?.redirect_to_url?.url ?? '/' };
  }
  if (invoice.parent) {
    const kept = space.update('payment_method', read.method.id, (draft) => (draft.customer = customer.id));
    space.emit('payment_method.attached', kept);
  }
  return { kind: 'paid' };
}
