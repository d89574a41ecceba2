import type Stripe from 'stripe';
import { declineFor } from '../billing/declines';
import { cardsOf, createCardMethod, createSepaMethod, IBANS, TEST_CARDS } from '../checkout/cards';
import type { Checked } from '../http/checked';
import { endpoint, type Endpoint } from '../http/endpoint';
import { StripeError, invalidRequest, resourceMissing } from '../http/errors';
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
  pm_card_visa_debit: '4242424242424242',
  pm_card_visa_chargeDeclined: '4000000000000002',
  pm_card_visa_chargeDeclinedInsufficientFunds: '4000000000009995',
  pm_card_visa_chargeDeclinedLostCard: '4000000000009987',
  pm_card_visa_chargeDeclinedStolenCard: '4000000000009979',
  pm_card_chargeDeclinedExpiredCard: '4000000000000069',
  pm_card_chargeDeclinedIncorrectCvc: '4000000000000127',
  pm_card_chargeDeclinedProcessingError: '4000000000000119',
  pm_card_authenticationRequired: '4000002500003155',
  pm_card_threeDSecure2Required: '4000000000003220',
  pm_card_threeDSecureRequired: '4000000000003063',
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

/**
 * Attaches a payment method to a customer. Banks are asked first: of the test cards that are declined, only the one that
 * stands for it ("decline after attaching") can be attached. https://docs.stripe.com/testing#declined-payments
 */
export function attachMethod(space: Space, id: string, customer: string): PaymentMethod {
  const method = resolveMethod(space, id, 'payment_method');
  if (method.customer !== null && method.customer !== customer) {
    throw invalidRequest(
      'The payment method you provided has already been attached to a customer.',
      'payment_method',
    );
  }
  const decline = declineFor(method, space.now(), { offSession: false });
  if (decline) {
    throw new StripeError(402, 'card_error', decline.message, {
      code: decline.code,
      ...(decline.declineCode === undefined ? {} : { decline_code: decline.declineCode }),
    });
  }
  const attached = space.update('payment_method', method.id, (draft) => (draft.customer = customer));
  space.emit('payment_method.attached', attached);
  return attached;
}

interface CardDetails {
  number: string;
  exp_month: number;
  exp_year: number;
}

/** Stripe's tokens for test cards are named as the ready-made payment methods are. */
function createMethod(space: Space, params: Checked<Stripe.PaymentMethodCreateParams>): PaymentMethod {
  const billing = {
    address: null,
    email: params.billing_details?.email || null,
    name: params.billing_details?.name || null,
    phone: params.billing_details?.phone || null,
    tax_id: null,
  };
  const keep = (method: PaymentMethod): PaymentMethod =>
    space.update('payment_method', method.id, (draft) => {
      draft.metadata = mergedMetadata({}, params.metadata);
    });
  if (params.type === 'sepa_debit' && params.sepa_debit) {
    const iban = IBANS.find(({ number }) => number === params.sepa_debit?.iban.replace(/\s/g, ''));
    if (!iban) throw invalidRequest('The IBAN you provided is invalid.', 'sepa_debit[iban]', 'invalid_iban');
    return keep(createSepaMethod(space, iban, billing));
  }
  if (params.type !== 'card' || !params.card) {
    throw invalidRequest(
      'The emulator makes payment methods of the types `card` and `sepa_debit`, with their details.',
      params.type === undefined ? 'type' : params.type,
      'parameter_missing',
    );
  }
  const { card } = params;
  if ('token' in card && card.token !== undefined) {
    return keep(resolveMethod(space, card.token.replace(/^tok_/, 'pm_card_'), 'card[token]'));
  }
  const { number: digits, exp_month: expMonth, exp_year: expYear } = card as Partial<CardDetails>;
  if (digits === undefined || expMonth === undefined || expYear === undefined) {
    throw invalidRequest('Missing required param: card[number].', 'card[number]', 'parameter_missing');
  }
  const known = cardsOf(space.livemode).find(({ number }) => number === digits.replace(/[\s-]/g, ''));
  if (!known) throw invalidRequest('Your card number is incorrect.', 'card[number]', 'incorrect_number');
  return keep(createCardMethod(space, { card: known, expMonth, expYear, billing }));
}

/** https://docs.stripe.com/api/payment_methods */
export const paymentMethodEndpoints: Endpoint[] = [
  endpoint<Stripe.PaymentMethodCreateParams>('post /v1/payment_methods', ({ space, params }) =>
    createMethod(space, params),
  ),
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
    if (before.customer !== null) forgetMethod(space, before.customer, before.id);
    return method;
  }),
];

/** What was charged by default with a method that is gone has none any more, until the next one is named. */
function forgetMethod(space: Space, customer: string, id: string): void {
  const isDefault = space.find('customer', customer)?.invoice_settings.default_payment_method === id;
  if (isDefault)
    space.change('customer', customer, 'customer.updated', (draft) => {
      draft.invoice_settings.default_payment_method = null;
    });
  for (const subscription of space.listBy('subscription', 'customer', customer)) {
    if (subscription.default_payment_method !== id) continue;
    space.change('subscription', subscription.id, 'customer.subscription.updated', (draft) => {
      draft.default_payment_method = null;
    });
  }
}
