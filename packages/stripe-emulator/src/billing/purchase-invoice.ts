import { newInvoiceItem, type Invoice } from '../objects/invoice';
import type { Space } from '../space';
import { createDraft, sumUp } from './drafts';
import { openInvoice, putPayment, settlePaid } from './invoices';
import { itemLine, pricingOf } from './lines';

/**
 * The invoice of a one-off purchase, made once it is paid, where the session asked for one:
 * https://docs.stripe.com/payments/checkout/receipts#paid-invoices
 * @returns null: none was asked for
 */
export function invoicePurchase(
  space: Space,
  sessionId: string,
  customer: string,
  intent: string,
): Invoice | null {
  const session = space.get('checkout.session', sessionId);
  const asked = session.invoice_creation;
  if (session.mode !== 'payment' || !asked?.enabled) return null;
  const now = space.now();
  const currency = session.currency ?? 'usd';
  const period = { start: now, end: now };
  const items = session._emu.lines.map((line) =>
    space.put(
      'invoiceitem',
      newInvoiceItem({
        customer,
        amount: line.amount_subtotal,
        currency,
        description: line.description,
        period,
        pricing: line.price ? pricingOf(line.price, currency) : null,
        proration: false,
        quantity: line.quantity ?? 1,
        subscription: null,
        subscriptionItem: null,
        metadata: {},
        livemode: space.livemode,
        created: now,
      }),
    ),
  );
  const draft = createDraft(space, {
    customer,
    currency,
    reason: 'manual',
    subscription: null,
    period,
    lines: (invoiceId) => items.map((item) => itemLine(space, invoiceId, item, null)),
    withPendingItems: false,
    fill: (invoice) => {
      const { taxId } = session._emu.business ?? { taxId: null };
      invoice.auto_advance = false;
      invoice.description = asked.invoice_data.description;
      invoice.footer = asked.invoice_data.footer;
      invoice.metadata = asked.invoice_data.metadata;
      if (taxId !== null) invoice.customer_tax_ids = [taxId];
      const [discount] = session._emu.discounts;
      if (discount !== undefined)
        invoice.total_discount_amounts = [{ amount: session.total_details.amount_discount, discount }];
      // It is paid already: a balance of the customer's does not count.
      sumUp(invoice, 0);
    },
  });
  for (const item of items) space.update('invoiceitem', item.id, (next) => (next.invoice = draft.id));
  const open = openInvoice(space, draft, 0);
  return settlePaid(space, open.id, putPayment(space, open, intent).id);
}
