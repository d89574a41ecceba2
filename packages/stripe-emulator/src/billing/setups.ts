import { invalidRequest } from '../http/errors';
import { publicForm } from '../json';
import type { PaymentError } from '../objects/common';
import type { PaymentMethod } from '../objects/payment-method';
import { newSetupIntent, type SetupIntent } from '../objects/setup-intent';
import type { Space } from '../space';
import { declineFor } from './declines';
import type { AttemptOptions } from './intents';

export type SetupOutcome =
  { kind: 'succeeded' } | { kind: 'requires_action' } | { kind: 'failed'; error: PaymentError };

/** Creates a setup intent and announces it: https://docs.stripe.com/api/setup_intents */
export function createSetup(space: Space, fill: (intent: SetupIntent) => void): SetupIntent {
  const intent = newSetupIntent({ livemode: space.livemode, created: space.now() });
  fill(intent);
  space.put('setup_intent', intent);
  space.emit('setup_intent.created', intent);
  return intent;
}

/** Checks a payment method for later use and keeps it for the intent's customer. */
export function attemptSetup(
  space: Space,
  id: string,
  method: PaymentMethod,
  options: AttemptOptions,
): SetupOutcome {
  const asks = method._emu.behavior === 'requires_authentication';
  if (options.authenticationFailed) return fail(space, id, authenticationError(method));
  if (asks && !options.authenticated) {
    const intent = space.update('setup_intent', id, (draft) => {
      draft.status = 'requires_action';
      draft.payment_method = method.id;
      draft.last_setup_error = null;
      draft.next_action = { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect' } };
    });
    space.emit('setup_intent.requires_action', intent);
    return { kind: 'requires_action' };
  }
  // Nothing is charged: a bank only says no to cards that it would never accept.
  const decline = declineFor(method, space.now(), { offSession: false });
  if (decline) {
    return fail(space, id, {
      code: decline.code,
      ...(decline.declineCode ? { decline_code: decline.declineCode } : {}),
      doc_url: `https://docs.stripe.com/error-codes/${decline.code.replace(/_/g, '-')}`,
      message: decline.message,
      payment_method: publicForm(method),
      type: 'card_error',
    });
  }
  if (asks) space.update('payment_method', method.id, (draft) => (draft._emu.behavior = 'succeeds'));
  keep(space, method.id, space.get('setup_intent', id).customer);
  const intent = space.update('setup_intent', id, (draft) => {
    draft.status = 'succeeded';
    draft.payment_method = method.id;
    draft.last_setup_error = null;
    draft.next_action = null;
  });
  space.emit('setup_intent.succeeded', intent);
  return { kind: 'succeeded' };
}

function keep(space: Space, id: string, customer: string | null): void {
  if (customer === null || space.get('payment_method', id).customer === customer) return;
  const attached = space.update('payment_method', id, (draft) => (draft.customer = customer));
  space.emit('payment_method.attached', attached);
}

function fail(space: Space, id: string, error: PaymentError): SetupOutcome {
  const intent = space.update('setup_intent', id, (draft) => {
    draft.status = 'requires_payment_method';
    draft.payment_method = null;
    draft.last_setup_error = error;
    draft.next_action = null;
  });
  space.emit('setup_intent.setup_failed', intent);
  return { kind: 'failed', error };
}

function authenticationError(method: PaymentMethod): PaymentError {
  return {
    code: 'setup_intent_authentication_failure',
    doc_url: 'https://docs.stripe.com/error-codes/setup-intent-authentication-failure',
    message: 'The latest attempt to set up the payment method has failed because authentication failed.',
    payment_method: publicForm(method),
    type: 'invalid_request_error',
  };
}

/** Gives a setup up. */
export function cancelSetup(
  space: Space,
  id: string,
  reason: SetupIntent['cancellation_reason'],
): SetupIntent {
  const before = space.get('setup_intent', id);
  if (before.status === 'succeeded' || before.status === 'canceled') {
    throw invalidRequest(
      `You cannot cancel this SetupIntent because it has a status of ${before.status}.`,
      undefined,
      'setup_intent_unexpected_state',
    );
  }
  const intent = space.update('setup_intent', id, (draft) => {
    draft.status = 'canceled';
    draft.cancellation_reason = reason;
    draft.next_action = null;
  });
  space.emit('setup_intent.canceled', intent);
  return intent;
}
