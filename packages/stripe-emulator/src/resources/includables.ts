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
  'invoice.payments': (space, id) =>
    listOf(space.listBy('invoice_payment', 'invoice', id), `/v1/invoices/${id}/payments`),
  'price.currency_options': () => ({}),
};
