import type Stripe from 'stripe';
import { createIntent } from '../billing/intents';
import { cancelPayment, capturePayment, confirmPayment, type ConfirmOptions } from '../billing/payments';
import { refuseIntentMethods } from '../checkout/method-types';
import { endpoint, type Endpoint } from '../http/endpoint';
import { invalidRequest } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { inRange, page } from '../http/pagination';
import { leastCharge, leastInWords } from '../money';
import type { PaymentIntent } from '../objects/payment-intent';
import type { Space } from '../space';
import { resolveMethod } from './payment-methods';
import { orNull } from './values';

/** What creating, changing and confirming have in common. */
interface Facts {
  amount?: number;
  currency?: string;
  customer?: string;
  description?: string;
  payment_method?: string;
  payment_method_types?: string[];
  receipt_email?: string;
  setup_future_usage?: '' | 'off_session' | 'on_session';
  capture_method?: 'automatic' | 'automatic_async' | 'manual';
  statement_descriptor?: string;
  statement_descriptor_suffix?: string;
  transfer_group?: string;
}

/** https://docs.stripe.com/api/payment_intents */
export const paymentIntentEndpoints: Endpoint[] = [
  endpoint<Stripe.PaymentIntentCreateParams>('post /v1/payment_intents', ({ space, params }) => {
    if (params.off_session && !params.confirm) {
      throw invalidRequest('`off_session` can only be used when `confirm` is true.', 'off_session');
    }
    if (params.payment_method_types && params.automatic_payment_methods) {
      throw invalidRequest(
        'You may only specify one of these parameters: automatic_payment_methods, payment_method_types.',
        'automatic_payment_methods',
      );
    }
    checkAmount(params.amount, params.currency);
    refuseIntentMethods(space, params.payment_method_types ?? [], params.currency);
    const facts = read(space, params as Facts);
    const input = { amount: params.amount, currency: params.currency.toLowerCase() };
    const intent = createIntent(space, input, (draft) => {
      facts(draft);
      draft.metadata = mergedMetadata({}, params.metadata);
      draft.confirmation_method = params.confirmation_method ?? 'automatic';
      if (params.payment_method_types) return;
      draft.automatic_payment_methods = {
        allow_redirects: params.automatic_payment_methods?.allow_redirects ?? 'always',
        enabled: params.automatic_payment_methods?.enabled ?? true,
      };
    });
    if (!params.confirm) return intent;
    return confirmPayment(space, intent.id, optionsOf(params));
  }),
  endpoint('get /v1/payment_intents/{intent}', ({ space, path }) =>
    space.get('payment_intent', path.intent ?? '', 'intent'),
  ),
  endpoint<Stripe.PaymentIntentListParams>('get /v1/payment_intents', ({ space, params, url }) => {
    const intents = space
      .listFor('payment_intent', { customer: params.customer })
      .filter(
        (intent) =>
          (params.customer === undefined || intent.customer === params.customer) &&
          inRange(intent.created, params.created),
      );
    return page(intents, params, url);
  }),
  endpoint<Stripe.PaymentIntentUpdateParams>(
    'post /v1/payment_intents/{intent}',
    ({ space, params, path }) => {
      const intent = space.get('payment_intent', path.intent ?? '', 'intent');
      const open = ['requires_payment_method', 'requires_confirmation', 'requires_action'];
      if (!open.includes(intent.status) && (params.amount !== undefined || params.payment_method)) {
        throw invalidRequest(
          `This PaymentIntent's amount and payment method could not be updated because it has a status of ${intent.status}.`,
          params.amount === undefined ? 'payment_method' : 'amount',
          'payment_intent_unexpected_state',
        );
      }
      if (params.amount !== undefined) checkAmount(params.amount, params.currency ?? intent.currency);
      refuseIntentMethods(
        space,
        params.payment_method_types ?? intent.payment_method_types,
        params.currency ?? intent.currency,
      );
      const facts = read(space, params as Facts);
      return space.update('payment_intent', intent.id, (draft) => {
        facts(draft);
        draft.metadata = mergedMetadata(draft.metadata, params.metadata);
      });
    },
  ),
  endpoint<Stripe.PaymentIntentConfirmParams>(
    'post /v1/payment_intents/{intent}/confirm',
    ({ space, params, path }) => {
      const intent = space.get('payment_intent', path.intent ?? '', 'intent');
      if (intent._emu.session) {
        throw invalidRequest(
          'You cannot confirm a PaymentIntent that belongs to a Checkout Session. Expire the Checkout Session instead.',
          'intent',
        );
      }
      const facts = read(space, params as Facts);
      space.update('payment_intent', intent.id, facts);
      return confirmPayment(space, intent.id, optionsOf(params));
    },
  ),
  endpoint<Stripe.PaymentIntentCaptureParams>(
    'post /v1/payment_intents/{intent}/capture',
    ({ space, params, path }) => {
      const { id } = space.get('payment_intent', path.intent ?? '', 'intent');
      const intent = capturePayment(space, id, params.amount_to_capture);
      if (params.metadata === undefined) return intent;
      return space.update('payment_intent', id, (draft) => {
        draft.metadata = mergedMetadata(draft.metadata, params.metadata);
      });
    },
  ),
  endpoint<Stripe.PaymentIntentCancelParams>(
    'post /v1/payment_intents/{intent}/cancel',
    ({ space, params, path }) => {
      const { id } = space.get('payment_intent', path.intent ?? '', 'intent');
      return cancelPayment(space, id, params.cancellation_reason ?? null);
    },
  ),
];

/** https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
function checkAmount(amount: number, currency: string): void {
  if (!/^[a-z]{3}$/i.test(currency)) {
    throw invalidRequest(
      `Invalid currency: ${currency}. Stripe currently supports these currencies: usd, eur, gbp, …`,
      'currency',
    );
  }
  if (amount < 1) throw invalidRequest('Invalid positive integer', 'amount', 'parameter_invalid_integer');
  if (amount < leastCharge(currency)) {
    throw invalidRequest(`Amount must be at least ${leastInWords(currency)}`, 'amount', 'amount_too_small');
  }
  if (amount > 99_999_999) {
    throw invalidRequest('Amount must be no more than $999,999.99', 'amount', 'amount_too_large');
  }
}

/** Looks up what the parameters name; gives the change that writes it all into an intent. */
function read(space: Space, params: Facts): (draft: PaymentIntent) => void {
  const customer = params.customer && space.get('customer', params.customer, 'customer').id;
  const method = params.payment_method && resolveMethod(space, params.payment_method, 'payment_method').id;
  return (draft) => {
    if (params.amount !== undefined) draft.amount = params.amount;
    if (params.currency !== undefined) draft.currency = params.currency.toLowerCase();
    if (customer) draft.customer = customer;
    if (params.description !== undefined) draft.description = orNull(params.description);
    if (params.payment_method_types) draft.payment_method_types = params.payment_method_types;
    if (params.receipt_email !== undefined) draft.receipt_email = orNull(params.receipt_email);
    if (params.setup_future_usage !== undefined) draft.setup_future_usage = orNull(params.setup_future_usage);
    if (params.capture_method !== undefined) draft.capture_method = params.capture_method;
    if (params.statement_descriptor !== undefined) draft.statement_descriptor = params.statement_descriptor;
    if (params.statement_descriptor_suffix !== undefined)
      draft.statement_descriptor_suffix = params.statement_descriptor_suffix;
    if (params.transfer_group !== undefined) draft.transfer_group = params.transfer_group;
    if (!method) return;
    draft.payment_method = method;
    if (draft.status === 'requires_payment_method') draft.status = 'requires_confirmation';
  };
}

function optionsOf(params: {
  off_session?: boolean | string;
  return_url?: string;
  error_on_requires_action?: boolean;
}): ConfirmOptions {
  return {
    offSession: params.off_session !== undefined && params.off_session !== false,
    returnUrl: params.return_url,
    refuseAction: params.error_on_requires_action ?? false,
  };
}
