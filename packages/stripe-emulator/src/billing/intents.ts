import type { PaymentError } from '../objects/common';
import {
  newBalanceTransaction,
  newCharge,
  paymentMethodDetails,
  type Charge,
  type ChargeOutcome,
} from '../objects/charge';
import { newPaymentIntent, type PaymentIntent } from '../objects/payment-intent';
import type { PaymentMethod } from '../objects/payment-method';
import { publicForm } from '../json';
import type { Space } from '../space';
import { adviceFor, declineFor, type Decline } from './declines';
import { scheduleDispute } from './disputes';

/** How long a SEPA debit takes until it has succeeded or failed: seconds. */
export const DELAYED_SETTLEMENT_SECONDS = 3 * 86_400;

const APPROVED: ChargeOutcome = {
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: 'approved_by_network',
  reason: null,
  risk_level: 'normal',
  risk_score: 20,
  seller_message: 'Payment complete.',
  type: 'authorized',
};

export type AttemptOutcome =
  | { kind: 'succeeded' }
  | { kind: 'processing' }
  | { kind: 'requires_action' }
  | { kind: 'failed'; error: PaymentError };

export interface AttemptOptions {
  /** The payer is not there: the bank cannot ask them anything. */
  offSession: boolean;
  /** The payer has passed the 3-D Secure challenge. */
  authenticated?: boolean;
  /** The payer has failed the 3-D Secure challenge. */
  authenticationFailed?: boolean;
}

/** Creates a payment intent and announces it. */
export function createIntent(
  space: Space,
  input: { amount: number; currency: string },
  fill: (intent: PaymentIntent) => void,
): PaymentIntent {
  const intent = newPaymentIntent({ ...input, livemode: space.livemode, created: space.now() });
  fill(intent);
  space.put('payment_intent', intent);
  space.emit('payment_intent.created', intent);
  return intent;
}

/** Tries to take the money of an intent from a payment method; leaves charge, intent and events as Stripe would. */
export function attemptPayment(
  space: Space,
  intentId: string,
  method: PaymentMethod,
  options: AttemptOptions,
): AttemptOutcome {
  if (options.authenticationFailed) return failAuthentication(space, intentId, method);
  if (method._emu.behavior === 'requires_authentication' && !options.authenticated && !options.offSession) {
    return requireAction(space, intentId, method);
  }
  const decline = declineFor(method, space.now(), options);
  if (decline) return recordDecline(space, intentId, method, decline);
  if (method.type === 'sepa_debit') return startDelayed(space, intentId, method);
  const charge = buildCharge(space, intentId, method, options.authenticated ?? false);
  if (space.get('payment_intent', intentId).capture_method === 'manual') authorize(space, intentId, charge);
  else recordSuccess(space, intentId, charge);
  scheduleDispute(space, charge.id, method._emu.behavior);
  if (method._emu.behavior === 'requires_authentication' && options.authenticated) {
    // Set up for later off-session use: renewals then pass without a challenge.
    space.update('payment_method', method.id, (draft) => (draft._emu.behavior = 'succeeds'));
  }
  return { kind: 'succeeded' };
}

/** Ends a delayed payment: the bank has answered. */
export function settleDelayed(space: Space, intentId: string, succeeded: boolean): AttemptOutcome {
  const intent = space.get('payment_intent', intentId);
  const charge = intent.latest_charge ? space.find('charge', intent.latest_charge) : undefined;
  if (intent.status !== 'processing' || !charge) return { kind: 'processing' };
  space.unschedule('payment.settle', intentId);
  if (succeeded) {
    recordSuccess(space, intentId, charge);
    return { kind: 'succeeded' };
  }
  const decline: Decline = {
    code: 'payment_intent_payment_attempt_failed',
    declineCode: undefined,
    message: 'The customer’s bank could not process the debit: the account has insufficient funds.',
    networkCode: null,
  };
  const method = charge.payment_method ? space.find('payment_method', charge.payment_method) : undefined;
  const error = paymentError(decline, charge, method);
  const failed = space.update('charge', charge.id, (draft) => markFailed(draft, decline));
  space.emit('charge.failed', failed);
  failIntent(space, intentId, error);
  return { kind: 'failed', error };
}

function buildCharge(space: Space, intentId: string, method: PaymentMethod, authenticated: boolean): Charge {
  const intent = space.get('payment_intent', intentId);
  const charge = newCharge({
    amount: intent.amount,
    currency: intent.currency,
    billingDetails: method.billing_details,
    livemode: space.livemode,
    created: space.now(),
  });
  charge.customer = intent.customer;
  charge.description = intent.description;
  charge.metadata = intent.metadata;
  charge.payment_intent = intent.id;
  charge.payment_method = method.id;
  charge.payment_method_details = paymentMethodDetails(method, authenticated);
  charge.receipt_email = intent.receipt_email;
  return charge;
}

/** The bank holds the money until it is captured: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method */
function authorize(space: Space, intentId: string, charge: Charge): void {
  const held: Charge = { ...charge, outcome: APPROVED, paid: true, status: 'succeeded' };
  space.put('charge', held);
  space.emit('charge.succeeded', held);
  const intent = space.update('payment_intent', intentId, (draft) => {
    draft.status = 'requires_capture';
    draft.amount_capturable = draft.amount;
    draft.latest_charge = held.id;
    draft.payment_method = held.payment_method;
    draft.last_payment_error = null;
    draft.next_action = null;
  });
  space.emit('payment_intent.amount_capturable_updated', intent);
}

function recordSuccess(space: Space, intentId: string, charge: Charge): void {
  const transaction = newBalanceTransaction({
    amount: charge.amount,
    currency: charge.currency,
    source: charge.id,
    type: charge.payment_method_details?.type === 'card' ? 'charge' : 'payment',
    description: charge.description,
    created: space.now(),
  });
  space.put('balance_transaction', transaction);
  const paid: Charge = {
    ...charge,
    amount_captured: charge.amount,
    balance_transaction: transaction.id,
    captured: true,
    outcome: APPROVED,
    paid: true,
    receipt_url: `${space.emulator.publicUrl}/receipts/${charge.id}`,
    status: 'succeeded',
  };
  space.put('charge', paid);
  space.emit('charge.succeeded', paid);
  const intent = space.update('payment_intent', intentId, (draft) => {
    draft.status = 'succeeded';
    draft.amount_received = draft.amount;
    draft.latest_charge = paid.id;
    draft.payment_method = paid.payment_method;
    draft.last_payment_error = null;
    draft.next_action = null;
  });
  space.emit('payment_intent.succeeded', intent);
}

function recordDecline(
  space: Space,
  intentId: string,
  method: PaymentMethod,
  decline: Decline,
): AttemptOutcome {
  const charge = buildCharge(space, intentId, method, false);
  markFailed(charge, decline);
  space.put('charge', charge);
  space.emit('charge.failed', charge);
  const error = paymentError(decline, charge, method);
  space.update('payment_intent', intentId, (draft) => (draft.latest_charge = charge.id));
  failIntent(space, intentId, error);
  return { kind: 'failed', error };
}

function startDelayed(space: Space, intentId: string, method: PaymentMethod): AttemptOutcome {
  const charge = buildCharge(space, intentId, method, false);
  charge.status = 'pending';
  charge.outcome = {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: 'approved_by_network',
    reason: null,
    risk_level: 'not_assessed',
    risk_score: 0,
    seller_message: 'Payment complete.',
    type: 'authorized',
  };
  space.put('charge', charge);
  space.emit('charge.pending', charge);
  const intent = space.update('payment_intent', intentId, (draft) => {
    draft.status = 'processing';
    draft.latest_charge = charge.id;
    draft.payment_method = method.id;
    draft.last_payment_error = null;
    draft.next_action = null;
  });
  space.emit('payment_intent.processing', intent);
  space.schedule('payment.settle', intentId, space.now() + DELAYED_SETTLEMENT_SECONDS);
  return { kind: 'processing' };
}

function requireAction(space: Space, intentId: string, method: PaymentMethod): AttemptOutcome {
  const intent = space.update('payment_intent', intentId, (draft) => {
    draft.status = 'requires_action';
    draft.payment_method = method.id;
    draft.last_payment_error = null;
    draft.next_action = { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect' } };
  });
  space.emit('payment_intent.requires_action', intent);
  return { kind: 'requires_action' };
}

function failAuthentication(space: Space, intentId: string, method: PaymentMethod): AttemptOutcome {
  const error: PaymentError = {
    code: 'payment_intent_authentication_failure',
    doc_url: 'https://docs.stripe.com/error-codes/payment-intent-authentication-failure',
    message:
      'The provided payment method has failed authentication. Please choose a different payment method and try again.',
    payment_method: publicForm(method),
    type: 'invalid_request_error',
  };
  failIntent(space, intentId, error);
  return { kind: 'failed', error };
}

function failIntent(space: Space, intentId: string, error: PaymentError): void {
  const intent = space.update('payment_intent', intentId, (draft) => {
    draft.status = 'requires_payment_method';
    draft.payment_method = null;
    draft.last_payment_error = error;
    draft.next_action = null;
  });
  space.emit('payment_intent.payment_failed', intent);
}

function markFailed(charge: Charge, decline: Decline): void {
  charge.status = 'failed';
  charge.failure_code = decline.code;
  charge.failure_message = decline.message;
  charge.outcome = {
    advice_code: adviceFor(decline),
    network_advice_code: null,
    network_decline_code: decline.networkCode,
    network_status: 'declined_by_network',
    reason: decline.declineCode ?? decline.code,
    risk_level: 'normal',
    risk_score: 20,
    seller_message: 'The bank did not return any further details with this decline.',
    type: 'issuer_declined',
  };
}

function paymentError(decline: Decline, charge: Charge, method: PaymentMethod | undefined): PaymentError {
  const advice = adviceFor(decline);
  return {
    ...(advice === null ? {} : { advice_code: advice }),
    charge: charge.id,
    code: decline.code,
    ...(decline.declineCode ? { decline_code: decline.declineCode } : {}),
    doc_url: `https://docs.stripe.com/error-codes/${decline.code.replace(/_/g, '-')}`,
    message: decline.message,
    ...(method ? { payment_method: publicForm(method) } : {}),
    type: 'card_error',
  };
}
