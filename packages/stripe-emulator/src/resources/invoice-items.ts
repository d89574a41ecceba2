import type Stripe from 'stripe';
import { createItem, deleteItem, updateItem } from '../billing/own-invoices';
import { endpoint, type Endpoint } from '../http/endpoint';
import { inRange, page } from '../http/pagination';

/** https://docs.stripe.com/api/invoiceitems */
export const invoiceItemEndpoints: Endpoint[] = [
  endpoint<Stripe.InvoiceItemListParams>('get /v1/invoiceitems', ({ space, params, url }) => {
    const items = space
      .listFor('invoiceitem', { customer: params.customer })
      .filter(
        (item) =>
          (params.invoice === undefined || item.invoice === params.invoice) &&
          (params.pending === undefined || (item.invoice === null) === params.pending) &&
          inRange(item.date, params.created),
      );
    return page(items, params, url);
  }),
  endpoint<Stripe.InvoiceItemCreateParams>('post /v1/invoiceitems', ({ space, params }) =>
    createItem(space, params),
  ),
  endpoint('get /v1/invoiceitems/{invoiceitem}', ({ space, path }) =>
    space.get('invoiceitem', path.invoiceitem ?? ''),
  ),
  endpoint<Stripe.InvoiceItemUpdateParams>('post /v1/invoiceitems/{invoiceitem}', ({ space, params, path }) =>
    updateItem(space, space.get('invoiceitem', path.invoiceitem ?? '').id, params),
  ),
  endpoint('delete /v1/invoiceitems/{invoiceitem}', ({ space, path }) =>
    deleteItem(space, space.get('invoiceitem', path.invoiceitem ?? '').id),
  ),
];
