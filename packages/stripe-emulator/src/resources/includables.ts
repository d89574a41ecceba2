import { shownOptions } from '../billing/currency-options';
import { breakdownOf, discountsOfLine } from '../checkout/totals';
import { listOf } from '../objects/common';
import type { Space } from '../space';

/** Fields that an object has only when a request expands them, by `object.field`. */
export const includables: Record<string, (space: Space, id: string) => unknown> = {
  'charge.refunds': (space, id) => listOf(space.listBy('refund', 'charge', id), `/v1/charges/${id}/refunds`),
  'checkout.session.line_items': (space, id) =>
    listOf(space.get('checkout.session', id)._emu.lines, `/v1/checkout/sessions/${id}/line_items`),
  'checkout.session.total_details.breakdown': (space, id) => breakdownOf(space, id),
  'coupon.applies_to': (space, id) => ({ products: space.get('coupon', id)._emu.products }),
  'item.discounts': (space, id) => discountsOfLine(space, id),
  'customer.subscriptions': (space, id) =>
    listOf(
      space
        .listBy('subscription', 'customer', id)
        .filter((subscription) => subscription.status !== 'canceled'),
      `/v1/customers/${id}/subscriptions`,
    ),
  // https://docs.stripe.com/api/customers/object#customer_object-tax: no address says where the customer is taxed.
  'customer.tax': (space, id) => {
    const { address } = space.get('customer', id);
    const country = address?.country ?? null;
    return {
      automatic_tax: country === null ? 'unrecognized_location' : 'not_collecting',
      ip_address: null,
      location:
        country === null ? null : { country, source: 'billing_address', state: address?.state ?? null },
      provider: 'stripe',
    };
  },
  'customer.tax_ids': (_space, id) => listOf([], `/v1/customers/${id}/tax_ids`),
  // https://docs.stripe.com/api/invoices/object#invoice_object-confirmation_secret
  'invoice.confirmation_secret': (space, id) => {
    const [payment] = space.listBy('invoice_payment', 'invoice', id);
    const intent = payment ? space.find('payment_intent', payment.payment.payment_intent) : undefined;
    return intent ? { client_secret: intent.client_secret, type: 'payment_intent' } : null;
  },
  'invoice.payments': (space, id) =>
    listOf(space.listBy('invoice_payment', 'invoice', id), `/v1/invoices/${id}/payments`),
  'price.currency_options': (space, id) => {
    const price = space.find('price', id);
    return price ? shownOptions(price) : {};
  },
};
