import type Stripe from 'stripe';
import { endpoint, type Endpoint } from '../http/endpoint';
import { invalidRequest } from '../http/errors';
import type { Checked } from '../http/checked';
import { mergedMetadata } from '../http/metadata';
import { inRange, page } from '../http/pagination';
import { endSubscription } from '../billing/cancellation';
import type { Address } from '../objects/common';
import { newCustomer, type Customer } from '../objects/customer';
import type { Space } from '../space';
import { attachMethod, resolveMethod } from './payment-methods';
import { orNull } from './values';

const DEFAULT_METHOD = 'invoice_settings[default_payment_method]';

/** https://docs.stripe.com/api/customers */
export const customerEndpoints: Endpoint[] = [
  endpoint<Stripe.CustomerCreateParams>('post /v1/customers', ({ space, params }) => {
    const customer = newCustomer({ livemode: space.livemode, created: space.now() });
    if (params.test_clock !== undefined) {
      customer.test_clock = space.get('test_helpers.test_clock', params.test_clock, 'test_clock').id;
    }
    // A ready-made test card becomes a payment method of the customer's own; both parameters mean that one.
    const method = params.payment_method
      ? resolveMethod(space, params.payment_method, 'payment_method')
      : undefined;
    const wanted = params.invoice_settings?.default_payment_method;
    if (wanted && wanted !== params.payment_method) throw notAttached(wanted);
    fill(customer, params);
    if (wanted && method) customer.invoice_settings.default_payment_method = method.id;
    space.put('customer', customer);
    space.emit('customer.created', customer);
    if (method) attachMethod(space, method.id, customer.id);
    return space.get('customer', customer.id);
  }),
  endpoint<Stripe.CustomerListParams>('get /v1/customers', ({ space, params, url }) => {
    const customers = space
      .listFor('customer', { email: params.email })
      .filter(
        (customer) =>
          (params.email === undefined || customer.email === params.email) &&
          inRange(customer.created, params.created),
      );
    return page(customers, params, url);
  }),
  // A deleted customer can still be looked up: https://docs.stripe.com/api/customers/delete
  endpoint('get /v1/customers/{customer}', ({ emulator, space, path }) => {
    const id = path.customer ?? '';
    return emulator.db.get(deletedTable(space), id) ?? space.get('customer', id);
  }),
  endpoint<Stripe.CustomerUpdateParams>('post /v1/customers/{customer}', ({ space, params, path }) => {
    const { id } = space.get('customer', path.customer ?? '');
    const method = params.invoice_settings?.default_payment_method;
    if (method && space.get('payment_method', method, DEFAULT_METHOD).customer !== id)
      throw notAttached(method);
    return space.change('customer', id, 'customer.updated', (draft) => fill(draft, params));
  }),
  endpoint('delete /v1/customers/{customer}', ({ space, path }) =>
    deleteCustomer(space, space.get('customer', path.customer ?? '').id),
  ),
  endpoint<Stripe.CustomerListPaymentMethodsParams>(
    'get /v1/customers/{customer}/payment_methods',
    ({ space, params, path, url }) => {
      const { id } = space.get('customer', path.customer ?? '');
      const methods = space
        .listBy('payment_method', 'customer', id)
        .filter((method) => params.type === undefined || method.type === params.type);
      return page(methods, params, url);
    },
  ),
];

/** Deletes a customer; their subscriptions end. */
export function deleteCustomer(space: Space, id: string) {
  const customer = space.get('customer', id);
  for (const subscription of space.listBy('subscription', 'customer', id)) {
    if (!['canceled', 'incomplete_expired'].includes(subscription.status)) {
      endSubscription(space, subscription.id, 'cancellation_requested');
    }
  }
  space.remove('customer', id);
  space.emit('customer.deleted', customer);
  const grave = { id, object: 'customer', deleted: true };
  space.emulator.db.put(deletedTable(space), id, grave);
  return grave;
}

/** What is charged by default has to be the customer's own: https://docs.stripe.com/api/customers/update */
function notAttached(method: string): Error {
  return invalidRequest(
    `The customer does not have a payment method with the ID ${method}. The payment method must be attached to the customer.`,
    DEFAULT_METHOD,
    'resource_missing',
  );
}

function fill(
  customer: Customer,
  params: Checked<Stripe.CustomerCreateParams & Stripe.CustomerUpdateParams>,
): void {
  if (params.address !== undefined) customer.address = addressFrom(params.address);
  if (params.balance !== undefined) customer.balance = params.balance;
  if (params.description !== undefined) customer.description = orNull(params.description);
  if (params.email !== undefined) customer.email = orNull(params.email);
  if (params.name !== undefined) customer.name = orNull(params.name);
  if (params.phone !== undefined) customer.phone = orNull(params.phone);
  if (params.invoice_prefix !== undefined) customer.invoice_prefix = params.invoice_prefix;
  if (params.next_invoice_sequence !== undefined)
    customer.next_invoice_sequence = params.next_invoice_sequence;
  if (params.preferred_locales !== undefined) customer.preferred_locales = params.preferred_locales;
  const method = params.invoice_settings?.default_payment_method;
  if (method !== undefined) customer.invoice_settings.default_payment_method = orNull(method);
  customer.metadata = mergedMetadata(customer.metadata, params.metadata);
}

function deletedTable(space: Space): string {
  return `${space.key}/deleted-customer`;
}

function addressFrom(input: Checked<Stripe.CustomerCreateParams['address']>): Address | null {
  if (!input) return null;
  return {
    city: input.city ?? null,
    country: input.country ?? null,
    line1: input.line1 ?? null,
    line2: input.line2 ?? null,
    postal_code: input.postal_code ?? null,
    state: input.state ?? null,
  };
}
