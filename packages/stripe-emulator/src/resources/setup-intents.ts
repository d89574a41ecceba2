import type Stripe from 'stripe';
import { redirectTo } from '../billing/payments';
import { attemptSetup, cancelSetup, createSetup } from '../billing/setups';
import { endpoint, type Endpoint } from '../http/endpoint';
import { invalidRequest, StripeError } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { inRange, page } from '../http/pagination';
import { publicForm, type JsonObject } from '../json';
import type { SetupIntent } from '../objects/setup-intent';
import type { Space } from '../space';
import { resolveMethod } from './payment-methods';

/** https://docs.stripe.com/api/setup_intents */
export const setupIntentEndpoints: Endpoint[] = [
  endpoint<Stripe.SetupIntentCreateParams>('post /v1/setup_intents', ({ space, params }) => {
    const customer =
      params.customer === undefined ? null : space.get('customer', params.customer, 'customer').id;
    const method =
      params.payment_method === undefined
        ? undefined
        : resolveMethod(space, params.payment_method, 'payment_method');
    const intent = createSetup(space, (draft) => {
      draft.customer = customer;
      draft.description = params.description ?? null;
      draft.metadata = mergedMetadata({}, params.metadata);
      draft.usage = params.usage ?? 'off_session';
      draft.payment_method = method?.id ?? null;
      if (method) draft.status = 'requires_confirmation';
      if (params.payment_method_types) draft.payment_method_types = params.payment_method_types;
      else
        draft.automatic_payment_methods = {
          allow_redirects: params.automatic_payment_methods?.allow_redirects ?? 'always',
          enabled: params.automatic_payment_methods?.enabled ?? true,
        };
    });
    if (!params.confirm) return intent;
    return confirm(space, intent.id, params.return_url);
  }),
  endpoint<Stripe.SetupIntentListParams>('get /v1/setup_intents', ({ space, params, url }) => {
    const intents = space
      .listFor('setup_intent', { customer: params.customer })
      .filter(
        (intent) =>
          (params.customer === undefined || intent.customer === params.customer) &&
          (params.payment_method === undefined || intent.payment_method === params.payment_method) &&
          inRange(intent.created, params.created),
      );
    return page(intents, params, url);
  }),
  endpoint('get /v1/setup_intents/{intent}', ({ space, path }) =>
    space.get('setup_intent', path.intent ?? '', 'intent'),
  ),
  endpoint<Stripe.SetupIntentUpdateParams>('post /v1/setup_intents/{intent}', ({ space, params, path }) => {
    const { id } = space.get('setup_intent', path.intent ?? '', 'intent');
    const method =
      params.payment_method === undefined
        ? undefined
        : resolveMethod(space, params.payment_method, 'payment_method');
    const customer =
      params.customer === undefined ? undefined : space.get('customer', params.customer, 'customer');
    return space.update('setup_intent', id, (draft) => {
      draft.metadata = mergedMetadata(draft.metadata, params.metadata);
      if (params.description !== undefined) draft.description = params.description;
      if (customer) draft.customer = customer.id;
      if (params.payment_method_types) draft.payment_method_types = params.payment_method_types;
      if (method && draft.status === 'requires_payment_method') draft.status = 'requires_confirmation';
      if (method) draft.payment_method = method.id;
    });
  }),
  endpoint<Stripe.SetupIntentConfirmParams>(
    'post /v1/setup_intents/{intent}/confirm',
    ({ space, params, path }) => {
      const { id } = space.get('setup_intent', path.intent ?? '', 'intent');
      refuseSessions(space, id, 'confirm');
      if (params.payment_method !== undefined) {
        const method = resolveMethod(space, params.payment_method, 'payment_method');
        space.update('setup_intent', id, (draft) => (draft.payment_method = method.id));
      }
      return confirm(space, id, params.return_url);
    },
  ),
  endpoint<Stripe.SetupIntentCancelParams>(
    'post /v1/setup_intents/{intent}/cancel',
    ({ space, params, path }) => {
      const { id } = space.get('setup_intent', path.intent ?? '', 'intent');
      refuseSessions(space, id, 'cancel');
      return cancelSetup(space, id, params.cancellation_reason ?? 'requested_by_customer');
    },
  ),
];

/** The intent of a Checkout Session is the page's alone. */
function refuseSessions(space: Space, id: string, verb: string): void {
  if (space.get('setup_intent', id)._emu.session === null) return;
  throw invalidRequest(
    `You cannot ${verb} a SetupIntent that belongs to a Checkout Session. Expire the Checkout Session instead.`,
    'intent',
  );
}

function confirm(space: Space, id: string, returnUrl: string | undefined): SetupIntent {
  const intent = space.get('setup_intent', id);
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    throw invalidRequest(
      `You cannot confirm this SetupIntent because it has a status of ${intent.status}.`,
      undefined,
      'setup_intent_unexpected_state',
    );
  }
  if (intent.payment_method === null) {
    throw invalidRequest(
      'You cannot confirm this SetupIntent because it is missing a payment method. Update the SetupIntent with a payment method first.',
      'payment_method',
      'setup_intent_unexpected_state',
    );
  }
  if (intent.automatic_payment_methods?.allow_redirects === 'always' && returnUrl === undefined) {
    throw invalidRequest(
      'This SetupIntent accepts payment methods that may redirect; give a `return_url`, or set automatic_payment_methods[allow_redirects] to `never`.',
      'return_url',
    );
  }
  const method = space.get('payment_method', intent.payment_method, 'payment_method');
  const outcome = attemptSetup(space, id, method, { offSession: false });
  if (outcome.kind === 'failed') {
    const { error } = outcome;
    throw new StripeError(
      402,
      'card_error',
      error.message,
      {
        code: error.code,
        ...(error.decline_code ? { decline_code: error.decline_code } : {}),
        payment_method: publicForm(method) as JsonObject,
        setup_intent: publicForm(space.get('setup_intent', id)) as JsonObject,
      },
      true,
    );
  }
  if (outcome.kind === 'requires_action' && returnUrl !== undefined) {
    return space.update('setup_intent', id, (draft) => {
      draft.next_action = redirectTo(space, id, returnUrl);
    });
  }
  return space.get('setup_intent', id);
}
