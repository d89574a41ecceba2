import type Stripe from 'stripe';
import { createCardMethod, TEST_CARDS } from '../checkout/cards';
import { endpoint, type Endpoint } from '../http/endpoint';
import { invalidRequest, resourceMissing } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { page } from '../http/pagination';
import type { PaymentMethod } from '../objects/payment-method';
import type { Space } from '../space';

/** Stripe's ready-made test payment methods, by the card that they stand for: https://docs.stripe.com/testing?testing-method=payment-methods */
const READY_MADE: Record<string, string> = {
  pm_card_visa: '4242424242424242',
  pm_card_mastercard: '5555555555554444',
  pm_card_amex: '378282246310005',
  pm_card_chargeCustomerFail: '4000000000000341',
  pm_card_chargeDeclined: '4000000000000002',
  pm_card_chargeDeclinedInsufficientFunds: '4000000000009995',
  pm_card_createDispute: '4000000000000259',
  pm_card_createDisputeProductNotReceived: '4000000000002685',
  pm_card_createDisputeInquiry: '4000000000001976',
  pm_card_authenticationRequired: '4000002500003155',
};

/** A payment method by id; in test mode also one of Stripe's ready-made ones, which is copied. */
export function resolveMethod(space: Space, id: string, param: string): PaymentMethod {
  const found = space.find('payment_method', id);
  if (found) return found;
  const card = TEST_CARDS.find(({ number }) => number === READY_MADE[id]);
  if (!card || space.livemode) throw resourceMissing('payment_method', id, param);
  const billing = { address: null, email: null, name: null, phone: null, tax_id: null };
  const year = new Date(space.now() * 1000).getUTCFullYear() + 8;
  return createCardMethod(space, { card, expMonth: 12, expYear: year, billing });
}

/** Attaches a payment method to a customer. */
export function attachMethod(space: Space, id: string, customer: string): PaymentMethod {
  const method = resolveMethod(space, id, 'payment_method');
  if (method.customer !== null && method.customer !== customer) {
    throw invalidRequest(
      'The payment method you provided has already been attached to a customer.',
      'payment_method',
    );
  }
  const attached = space.update('payment_method', method.id, (draft) => (draft.customer = customer));
  space.emit('payment_method.attached', attached);
  return attached;
}

/** https://docs.stripe.com/api/payment_methods */
export const paymentMethodEndpoints: Endpoint[] = [
  endpoint('get /v1/payment_methods/{payment_method}', ({ space, path }) =>
    space.get('payment_method', path.payment_method ?? '', 'payment_method'),
  ),
  endpoint<Stripe.PaymentMethodListParams>('get /v1/payment_methods', ({ space, params, url }) => {
    const methods = space
      .listFor('payment_method', { customer: params.customer })
      .filter(
        (method) =>
          (params.customer === undefined ? method.customer !== null : method.customer === params.customer) &&
          (params.type === undefined || method.type === params.type),
      );
    return page(methods, params, url);
  }),
  endpoint<Stripe.PaymentMethodUpdateParams>(
    'post /v1/payment_methods/{payment_method}',
    ({ space, params, path }) => {
      const { id } = space.get('payment_method', path.payment_method ?? '', 'payment_method');
      return space.change('payment_method', id, 'payment_method.updated', (draft) => {
        draft.metadata = mergedMetadata(draft.metadata, params.metadata);
        if (draft.card && params.card?.exp_month !== undefined) draft.card.exp_month = params.card.exp_month;
        if (draft.card && params.card?.exp_year !== undefined) draft.card.exp_year = params.card.exp_year;
      });
    },
  ),
  endpoint<Stripe.PaymentMethodAttachParams>(
    'post /v1/payment_methods/{payment_method}/attach',
    ({ space, params, path }) => {
      if (params.customer === undefined) {
        throw invalidRequest('Missing required param: customer.', 'customer', 'parameter_missing');
      }
      const customer = space.get('customer', params.customer, 'customer');
      return attachMethod(space, path.payment_method ?? '', customer.id);
    },
  ),
  endpoint('post /v1/payment_methods/{payment_method}/detach', ({ space, path }) => {
    const before = space.get('payment_method', path.payment_method ?? '', 'payment_method');
    const method = space.update('payment_method', before.id, (draft) => (draft.customer = null));
    space.emitChange('payment_method.detached', before, method);
    return method;
  }),
];
