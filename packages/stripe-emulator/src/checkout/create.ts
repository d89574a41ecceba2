import type Stripe from 'stripe';
import { invalidRequest } from '../http/errors';
import type { Checked } from '../http/checked';
import { mergedMetadata } from '../http/metadata';
import {
  newCheckoutSession,
  type CheckoutSession,
  type SessionLine,
  type SessionPlan,
} from '../objects/checkout-session';
import type { Space } from '../space';
import { readLines } from './lines';

type Params = Checked<Stripe.Checkout.SessionCreateParams>;

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Creates an open Checkout Session: https://docs.stripe.com/api/checkout/sessions/create */
export function createSession(space: Space, params: Params): CheckoutSession {
  const { mode } = params;
  if (mode === undefined) throw invalidRequest('Missing required param: mode.', 'mode', 'parameter_missing');
  if (mode === 'setup') throw invalidRequest('The emulator does not have the mode `setup`.', 'mode');
  refuseContradictions(params);
  if (space.livemode && !space.account.charges_enabled) {
    throw invalidRequest('Your account cannot currently make live charges.');
  }
  const lines = readLines(space, params, mode);
  const currency = lines[0]?.price?.currency ?? params.currency ?? 'usd';
  const plan = planOf(space, params, lines);
  const session = newCheckoutSession({
    mode,
    currency,
    url: (id) => `${space.emulator.publicUrl}/c/pay/${id}`,
    plan,
    livemode: space.livemode,
    created: space.now(),
  });
  if (plan.trialEnd !== null || plan.trialDays !== null) {
    const due = lines.filter((line) => line.price?.type === 'one_time');
    session.amount_subtotal = due.reduce((sum, line) => sum + line.amount_subtotal, 0);
    session.amount_total = session.amount_subtotal;
  }
  fill(space, session, params);
  space.put('checkout.session', session);
  space.schedule('session.expire', session.id, session.expires_at);
  return session;
}

function refuseContradictions(params: Params): void {
  const { mode } = params;
  if (params.ui_mode !== undefined && params.ui_mode !== 'hosted_page') {
    throw invalidRequest('The emulator has hosted pages only.', 'ui_mode');
  }
  if (params.success_url === undefined) {
    throw invalidRequest('Missing required param: success_url.', 'success_url', 'parameter_missing');
  }
  for (const name of ['success_url', 'cancel_url'] as const) {
    const url = params[name];
    if (url !== undefined && (!/^[a-z][a-z0-9+.-]*:\/\/.+/i.test(url) || /^(javascript|data):/i.test(url))) {
      throw invalidRequest('Not a valid URL', name, 'url_invalid');
    }
  }
  if (params.customer !== undefined && params.customer_email !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: customer, customer_email.',
      'customer',
    );
  }
  if (params.customer_email !== undefined && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(params.customer_email)) {
    throw invalidRequest(
      `Invalid email address: ${params.customer_email}`,
      'customer_email',
      'email_invalid',
    );
  }
  if (mode === 'subscription') {
    if (params.customer_creation !== undefined) {
      throw invalidRequest('`customer_creation` can only be used in `payment` mode.', 'customer_creation');
    }
    if (params.payment_intent_data !== undefined) {
      throw invalidRequest(
        'You can not pass `payment_intent_data` in `subscription` mode.',
        'payment_intent_data',
      );
    }
  } else if (params.subscription_data !== undefined) {
    throw invalidRequest('You can not pass `subscription_data` in `payment` mode.', 'subscription_data');
  }
  if (params.customer !== undefined && params.customer_creation !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: customer, customer_creation.',
      'customer_creation',
    );
  }
}

function planOf(space: Space, params: Params, lines: SessionLine[]): SessionPlan {
  const intent = params.payment_intent_data;
  const subscription = params.subscription_data;
  if (subscription?.trial_period_days !== undefined && subscription.trial_end !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: subscription_data[trial_end], subscription_data[trial_period_days].',
      'subscription_data[trial_end]',
    );
  }
  if (
    subscription?.trial_period_days !== undefined &&
    (subscription.trial_period_days < 1 || subscription.trial_period_days > 730)
  ) {
    throw invalidRequest(
      'The trial period must be between 1 and 730 days.',
      'subscription_data[trial_period_days]',
    );
  }
  if (subscription?.trial_end !== undefined && subscription.trial_end < space.now() + 48 * HOUR) {
    throw invalidRequest(
      'The `trial_end` date has to be at least 2 days in the future.',
      'subscription_data[trial_end]',
    );
  }
  return {
    lines,
    paymentIntentMetadata: mergedMetadata({}, intent?.metadata, 'payment_intent_data[metadata]'),
    paymentIntentDescription: intent?.description ?? null,
    paymentIntentReceiptEmail: intent?.receipt_email ?? null,
    setupFutureUsage: intent?.setup_future_usage ?? null,
    subscriptionMetadata: mergedMetadata({}, subscription?.metadata, 'subscription_data[metadata]'),
    subscriptionDescription: subscription?.description ?? null,
    trialDays: subscription?.trial_period_days ?? null,
    trialEnd: subscription?.trial_end ?? null,
    missingPaymentMethod:
      subscription?.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
    billingMode: subscription?.billing_mode?.type ?? 'flexible',
    pendingIntent: null,
    challengedMethod: null,
  };
}

function fill(space: Space, session: CheckoutSession, params: Params): void {
  const now = session.created;
  session.allow_promotion_codes = params.allow_promotion_codes ?? null;
  session.billing_address_collection = params.billing_address_collection ?? null;
  session.cancel_url = params.cancel_url ?? null;
  session.client_reference_id = params.client_reference_id ?? null;
  session.customer =
    params.customer === undefined ? null : space.get('customer', params.customer, 'customer').id;
  session.customer_email = params.customer_email ?? null;
  if (session.mode === 'payment') {
    session.customer_creation = params.customer_creation ?? (session.customer ? null : 'if_required');
    session.invoice_creation = {
      enabled: false,
      invoice_data: {
        account_tax_ids: null,
        custom_fields: null,
        description: null,
        footer: null,
        issuer: null,
        metadata: {},
        rendering_options: null,
      },
    };
  } else {
    session.customer_creation = session.customer ? null : 'always';
  }
  if (params.adaptive_pricing?.enabled !== undefined)
    session.adaptive_pricing = { enabled: params.adaptive_pricing.enabled };
  session.locale = params.locale ?? null;
  session.metadata = mergedMetadata({}, params.metadata);
  session.payment_method_collection =
    params.payment_method_collection ?? (session.mode === 'subscription' ? 'always' : 'if_required');
  session.payment_method_types =
    params.payment_method_types ?? (session.currency === 'eur' ? ['card', 'sepa_debit'] : ['card']);
  session.submit_type = params.submit_type ?? null;
  session.success_url = params.success_url ?? null;
  if (params.phone_number_collection)
    session.phone_number_collection = { enabled: params.phone_number_collection.enabled };
  if (params.expires_at === undefined) return;
  if (params.expires_at < now + 30 * MINUTE - 5) {
    throw invalidRequest(
      'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.',
      'expires_at',
    );
  }
  if (params.expires_at > now + 24 * HOUR + 5) {
    throw invalidRequest(
      'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.',
      'expires_at',
    );
  }
  session.expires_at = params.expires_at;
}
