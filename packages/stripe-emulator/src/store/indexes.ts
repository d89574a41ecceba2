import type { ObjectName, ObjectTypes } from '../objects/registry';

type Texts = string | readonly string[] | null | undefined;
type IndexesOf<T> = Record<string, (object: T) => Texts>;

/** By what objects are looked up often, so that ten thousand of them do not slow each other down. */
export const indexes = {
  balance_transaction: { source: (transaction) => transaction.source },
  charge: { payment_intent: (charge) => charge.payment_intent, customer: (charge) => charge.customer },
  'checkout.session': {
    payment_intent: (session) => session.payment_intent,
    subscription: (session) => session.subscription,
    customer: (session) => session.customer,
    line: (session) => session._emu.lines.map(({ id }) => id),
  },
  customer: { email: (customer) => customer.email },
  dispute: { charge: (dispute) => dispute.charge, payment_intent: (dispute) => dispute.payment_intent },
  event: { type: (event) => event.type },
  invoice: {
    status: (invoice) => invoice.status,
    subscription: (invoice) => invoice.parent?.subscription_details.subscription,
    customer: (invoice) => invoice.customer,
  },
  invoice_payment: {
    invoice: (payment) => payment.invoice,
    payment_intent: (payment) => payment.payment.payment_intent,
  },
  invoiceitem: { customer: (item) => item.customer },
  payment_intent: { customer: (intent) => intent.customer },
  payment_method: { customer: (method) => method.customer },
  price: { product: (price) => price.product, lookup_key: (price) => price.lookup_key },
  promotion_code: { code: (code) => code.code.toLowerCase(), coupon: (code) => code.promotion.coupon },
  refund: { charge: (refund) => refund.charge, payment_intent: (refund) => refund.payment_intent },
  setup_intent: { customer: (intent) => intent.customer },
  subscription: {
    customer: (subscription) => subscription.customer,
    item: (subscription) => subscription.items.data.map(({ id }) => id),
    status: (subscription) => subscription.status,
  },
  subscription_schedule: { customer: (schedule) => schedule.customer },
} satisfies { [T in ObjectName]?: IndexesOf<ObjectTypes[T]> };

export type Indexed = keyof typeof indexes;
export type IndexOf<T extends Indexed> = keyof (typeof indexes)[T] & string;

/** The indexes of a table, found by the last part of its name: account/mode/type. */
export function indexesOfTable(table: string): [name: string, read: (value: unknown) => Texts][] {
  const type = table.split('/')[2] ?? '';
  const found = (indexes as Record<string, IndexesOf<never> | undefined>)[type];
  return Object.entries(found ?? {}) as [string, (value: unknown) => Texts][];
}
