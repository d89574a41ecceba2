import type Stripe from 'stripe';
import {
  collectInvoice,
  finalizeInvoice,
  markUncollectible,
  settlePaid,
  voidInvoice,
} from '../billing/invoices';
import { createInvoice, deleteInvoice, sendInvoice } from '../billing/own-invoices';
import { previewInvoice, recentPreview } from '../billing/preview';
import { endpoint, type Endpoint } from '../http/endpoint';
import { invalidRequest, StripeError } from '../http/errors';
import type { Checked } from '../http/checked';
import { mergedMetadata } from '../http/metadata';
import { inRange, page } from '../http/pagination';
import type { Space } from '../space';
import { resolveMethod } from './payment-methods';

/** https://docs.stripe.com/api/invoices and /invoice-payment */
export const invoiceEndpoints: Endpoint[] = [
  endpoint<Stripe.InvoiceListParams>('get /v1/invoices', ({ space, params, url }) => {
    const invoices = space
      .listFor('invoice', {
        subscription: params.subscription,
        customer: params.customer,
        status: params.status,
      })
      .filter(
        (invoice) =>
          (params.customer === undefined || invoice.customer === params.customer) &&
          (params.subscription === undefined ||
            invoice.parent?.subscription_details.subscription === params.subscription) &&
          (params.status === undefined || invoice.status === params.status) &&
          (params.collection_method === undefined ||
            invoice.collection_method === params.collection_method) &&
          inRange(invoice.created, params.created),
      );
    return page(invoices, params, url);
  }),
  endpoint<Stripe.InvoiceCreateParams>('post /v1/invoices', ({ space, params }) =>
    createInvoice(space, params),
  ),
  endpoint('delete /v1/invoices/{invoice}', ({ space, path }) => deleteInvoice(space, path.invoice ?? '')),
  endpoint('post /v1/invoices/{invoice}/send', ({ space, path }) => sendInvoice(space, path.invoice ?? '')),
  endpoint<Stripe.InvoiceCreatePreviewParams>('post /v1/invoices/create_preview', ({ space, params }) =>
    previewInvoice(space, params),
  ),
  endpoint('get /v1/invoices/{invoice}', ({ space, path }) =>
    space.get('invoice', path.invoice ?? '', 'invoice'),
  ),
  endpoint<Stripe.InvoiceListLineItemsParams>(
    'get /v1/invoices/{invoice}/lines',
    ({ space, params, path, url }) =>
      page(
        (recentPreview(space, path.invoice ?? '') ?? space.get('invoice', path.invoice ?? '', 'invoice'))
          .lines.data,
        params,
        url,
      ),
  ),
  endpoint<Stripe.InvoiceUpdateParams>('post /v1/invoices/{invoice}', ({ space, params, path }) => {
    const { id } = space.get('invoice', path.invoice ?? '', 'invoice');
    return space.change('invoice', id, 'invoice.updated', (draft) => {
      if (params.auto_advance !== undefined) draft.auto_advance = params.auto_advance;
      if (params.description !== undefined)
        draft.description = params.description === '' ? null : params.description;
      draft.metadata = mergedMetadata(draft.metadata, params.metadata);
    });
  }),
  endpoint<Stripe.InvoiceFinalizeInvoiceParams>(
    'post /v1/invoices/{invoice}/finalize',
    ({ space, params, path }) => {
      const { id } = space.get('invoice', path.invoice ?? '', 'invoice');
      const invoice = finalizeInvoice(space, id);
      if (params.auto_advance === undefined || invoice.status !== 'open') return invoice;
      return space.update('invoice', id, (draft) => (draft.auto_advance = params.auto_advance ?? true));
    },
  ),
  endpoint<Stripe.InvoicePayParams>('post /v1/invoices/{invoice}/pay', ({ space, params, path }) =>
    pay(space, path.invoice ?? '', params),
  ),
  endpoint('post /v1/invoices/{invoice}/void', ({ space, path }) =>
    voidInvoice(space, space.get('invoice', path.invoice ?? '', 'invoice').id),
  ),
  endpoint('post /v1/invoices/{invoice}/mark_uncollectible', ({ space, path }) =>
    markUncollectible(space, space.get('invoice', path.invoice ?? '', 'invoice').id),
  ),
  endpoint<Stripe.InvoicePaymentListParams>('get /v1/invoice_payments', ({ space, params, url }) => {
    const intent = params.payment?.payment_intent;
    const payments = space
      .listFor('invoice_payment', { payment_intent: intent, invoice: params.invoice })
      .filter(
        (payment) =>
          (params.invoice === undefined || payment.invoice === params.invoice) &&
          (params.status === undefined || payment.status === params.status) &&
          (params.payment === undefined ||
            (intent !== undefined && payment.payment.payment_intent === intent)) &&
          inRange(payment.created, params.created),
      );
    return page(payments, params, url);
  }),
  endpoint('get /v1/invoice_payments/{invoice_payment}', ({ space, path }) =>
    space.get('invoice_payment', path.invoice_payment ?? '', 'invoice_payment'),
  ),
];

function pay(space: Space, id: string, params: Checked<Stripe.InvoicePayParams>) {
  let invoice = space.get('invoice', id, 'invoice');
  if (invoice.status === 'paid')
    throw invalidRequest('Invoice is already paid', undefined, 'invoice_already_paid');
  if (invoice.status === 'void') throw invalidRequest('Invoices with the status void cannot be paid.');
  if (invoice.status === 'draft') invoice = finalizeInvoice(space, id);
  if (params.paid_out_of_band) return settlePaid(space, id, null, { outOfBand: true });
  const method = params.payment_method
    ? resolveMethod(space, params.payment_method, 'payment_method')
    : undefined;
  const outcome = collectInvoice(space, id, { offSession: params.off_session ?? true }, method);
  if (outcome.kind === 'no_payment_method') {
    throw invalidRequest(
      'There is no `default_payment_method` set on this Customer or Invoice. Please set a default payment method or pass one.',
    );
  }
  if (outcome.kind === 'failed') {
    const { error } = outcome;
    const fields = {
      ...(error.advice_code ? { advice_code: error.advice_code } : {}),
      code: error.code,
      ...(error.decline_code ? { decline_code: error.decline_code } : {}),
      ...(error.charge ? { charge: error.charge } : {}),
    };
    throw new StripeError(402, 'card_error', error.message, fields, true);
  }
  return space.get('invoice', id);
}
