import { invalidRequest, StripeError } from '../http/errors';
import { publicForm, type JsonObject } from '../json';
import { newBalanceTransaction } from '../objects/charge';
import type { PaymentError } from '../objects/common';
import type { PaymentIntent } from '../objects/payment-intent';
import type { PaymentMethod } from '../objects/payment-method';
import type { SetupIntent } from '../objects/setup-intent';
import type { Space } from '../space';
import { attemptPayment, type AttemptOptions } from './intents';
import { collectInvoice } from './invoices';
import { attemptSetup } from './setups';

export interface ConfirmOptions {
  offSession: boolean;
  returnUrl: string | undefined;
  /** A card that asks for 3-D Secure is refused instead. */
  refuseAction: boolean;
}

/** Tries to pay an intent: https://docs.stripe.com/api/payment_intents/confirm. A refusal is a 402 that keeps its effects. */
export function confirmPayment(space: Space, id: string, options: ConfirmOptions): PaymentIntent {
  const intent = space.get('payment_intent', id);
  if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status)) {
    throw unexpectedState(intent, 'confirm');
  }
  if (intent.payment_method === null) {
    throw invalidRequest(
      'You cannot confirm this PaymentIntent because it is missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.',
      undefined,
      'payment_intent_unexpected_state',
    );
  }
  const redirects = intent.automatic_payment_methods;
  if (redirects?.enabled && redirects.allow_redirects !== 'never' && options.returnUrl === undefined) {
    if (!options.offSession) {
      throw invalidRequest(
        'This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don’t want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.',
        'return_url',
      );
    }
  }
  const method = space.get('payment_method', intent.payment_method, 'payment_method');
  checkOwner(intent, method);
  const error = attempt(space, intent, method, { offSession: options.offSession });
  if (error) throw paymentRefused(space, intent.id, method, error);
  const after = space.get('payment_intent', id);
  if (after.status !== 'requires_action') return after;
  if (options.refuseAction) {
    throw new StripeError(
      402,
      'card_error',
      'Your card was declined. This transaction requires authentication.',
      {
        code: 'authentication_required',
        decline_code: 'authentication_required',
        payment_intent: publicForm(after) as JsonObject,
        payment_method: publicForm(method) as JsonObject,
      },
    );
  }
  if (options.returnUrl === undefined) return after;
  return space.update('payment_intent', id, (draft) => {
    draft.next_action = redirectTo(space, id, options.returnUrl ?? null);
  });
}

function checkOwner(intent: PaymentIntent, method: PaymentMethod): void {
  if (method.customer === null || method.customer === intent.customer) return;
  throw invalidRequest(
    intent.customer === null
      ? `The provided PaymentMethod belongs to the Customer ${method.customer}. Please include the Customer in the \`customer\` parameter on the PaymentIntent.`
      : `The provided PaymentMethod does not belong to the Customer ${intent.customer}.`,
    'payment_method',
  );
}

/** The error of a failed attempt; undefined when the money came, is on its way, or the payer has to authenticate. */
function attempt(
  space: Space,
  intent: PaymentIntent,
  method: PaymentMethod,
  options: AttemptOptions,
): PaymentError | undefined {
  const { invoice } = intent._emu;
  const outcome = invoice
    ? collectInvoice(space, invoice, options, method)
    : attemptPayment(space, intent.id, method, options);
  if (outcome.kind === 'failed') return outcome.error;
  const paid = outcome.kind === 'succeeded' || outcome.kind === 'processing';
  if (paid && intent.setup_future_usage && intent.customer && method.customer === null) {
    const attached = space.update('payment_method', method.id, (draft) => (draft.customer = intent.customer));
    space.emit('payment_method.attached', attached);
  }
  return undefined;
}

function paymentRefused(space: Space, id: string, method: PaymentMethod, error: PaymentError): StripeError {
  return new StripeError(
    402,
    'card_error',
    error.message,
    {
      ...(error.advice_code ? { advice_code: error.advice_code } : {}),
      ...(error.charge ? { charge: error.charge } : {}),
      code: error.code,
      ...(error.decline_code ? { decline_code: error.decline_code } : {}),
      payment_intent: publicForm(space.get('payment_intent', id)) as JsonObject,
      payment_method: publicForm(method) as JsonObject,
    },
    true,
  );
}

/** Where the payer authenticates. */
export function redirectTo(space: Space, id: string, returnUrl: string | null) {
  return {
    type: 'redirect_to_url',
    redirect_to_url: { return_url: returnUrl, url: `${space.emulator.publicUrl}/authenticate/${id}` },
  };
}

/** The payer has passed or failed the challenge of an intent that was confirmed by API. */
export function finishAuthentication(
  space: Space,
  intent: PaymentIntent | SetupIntent,
  passed: boolean,
): void {
  const method = intent.payment_method ? space.find('payment_method', intent.payment_method) : undefined;
  if (intent.status !== 'requires_action' || !method) return;
  const options = passed
    ? { offSession: false, authenticated: true }
    : { offSession: false, authenticationFailed: true };
  if (intent.object === 'setup_intent') attemptSetup(space, intent.id, method, options);
  else attempt(space, intent, method, options);
}

/** Takes money that was only authorized: https://docs.stripe.com/api/payment_intents/capture */
export function capturePayment(space: Space, id: string, amount: number | undefined): PaymentIntent {
  const intent = space.get('payment_intent', id);
  const charge = intent.latest_charge ? space.find('charge', intent.latest_charge) : undefined;
  if (intent.status !== 'requires_capture' || !charge) throw unexpectedState(intent, 'capture');
  const captured = amount ?? intent.amount_capturable;
  if (captured < 1 || captured > intent.amount_capturable) {
    throw invalidRequest(
      `The amount to capture has to be between 1 and what was authorized (${intent.amount_capturable}).`,
      'amount_to_capture',
      'amount_too_large',
    );
  }
  const transaction = newBalanceTransaction({
    amount: captured,
    currency: charge.currency,
    source: charge.id,
    type: 'charge',
    description: charge.description,
    created: space.now(),
  });
  space.put('balance_transaction', transaction);
  const paid = space.update('charge', charge.id, (draft) => {
    draft.captured = true;
    draft.amount_captured = captured;
    draft.amount_refunded = draft.amount - captured;
    draft.balance_transaction = transaction.id;
  });
  space.emit('charge.captured', paid);
  const after = space.update('payment_intent', id, (draft) => {
    draft.status = 'succeeded';
    draft.amount_capturable = 0;
    draft.amount_received = captured;
  });
  space.emit('payment_intent.succeeded', after);
  return after;
}

/** Gives a payment up; an authorization is released. */
export function cancelPayment(
  space: Space,
  id: string,
  reason: 'abandoned' | 'duplicate' | 'fraudulent' | 'requested_by_customer' | null,
): PaymentIntent {
  const before = space.get('payment_intent', id);
  if (['succeeded', 'canceled', 'processing'].includes(before.status)) {
    throw unexpectedState(before, 'cancel');
  }
  if (before.status === 'requires_capture' && before.latest_charge) {
    const released = space.update('charge', before.latest_charge, (draft) => {
      draft.refunded = true;
      draft.amount_refunded = draft.amount;
    });
    space.emit('charge.refunded', released);
  }
  const intent = space.update('payment_intent', id, (draft) => {
    draft.status = 'canceled';
    draft.amount_capturable = 0;
    draft.canceled_at = space.now();
    draft.cancellation_reason = reason;
    draft.next_action = null;
  });
  space.emit('payment_intent.canceled', intent);
  return intent;
}

function unexpectedState(intent: PaymentIntent, verb: string): StripeError {
  return new StripeError(
    400,
    'invalid_request_error',
    `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}.`,
    { code: 'payment_intent_unexpected_state', payment_intent: publicForm(intent) as JsonObject },
  );
}
