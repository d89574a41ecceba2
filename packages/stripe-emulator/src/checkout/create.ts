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
import { refuseOtherCurrency } from '../billing/customer-currency';
import { readDiscounts } from '../billing/discounts';
import { requireHeadOffice } from '../connect/tax-settings';
import type { Space } from '../space';
import { refuseContradictions } from './contradictions';
import { readLines } from './lines';
import { dynamicMethods, refuseMethods } from './method-types';
import { shownOptional } from './optional-items';
import { createSessionSetup } from './setup';
import { refuseTooLittle, sumUpSession, useDiscounts } from './totals';

type Params = Checked<Stripe.Checkout.SessionCreateParams>;

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Creates an open Checkout Session: https://docs.stripe.com/api/checkout/sessions/create */
export function createSession(space: Space, params: Params): CheckoutSession {
  const { mode } = params;
  if (mode === undefined) throw invalidRequest('Missing required param: mode.', 'mode', 'parameter_missing');
  refuseContradictions(params);
  if (space.livemode && !space.account.charges_enabled) {
    throw invalidRequest('Your account cannot currently make live charges.');
  }
  requireBusinessName(space);
  const { lines, optional } = mode === 'setup' ? { lines: [], optional: [] } : readLines(space, params, mode);
  const currency = lines[0]?.currency ?? params.currency ?? null;
  const plan = { ...planOf(space, params, lines), optional };
  const session = newCheckoutSession({
    mode,
    currency,
    url: (id) => `${space.emulator.publicUrl}/c/pay/${id}`,
    plan,
    livemode: space.livemode,
    created: space.now(),
  });
  fill(space, session, params);
  session.optional_items = shownOptional(optional);
  if (mode === 'setup') {
    session.amount_subtotal = null;
    session.amount_total = null;
    session.payment_status = 'no_payment_required';
    session.setup_intent = createSessionSetup(space, session);
  }
  if (mode === 'subscription' && session.customer !== null && currency !== null)
    refuseOtherCurrency(space, session.customer, currency, { atCheckout: true });
  takeDiscounts(space, session, params);
  sumUpSession(space, session);
  refuseTooLittle(session);
  space.put('checkout.session', session);
  space.schedule('session.expire', session.id, session.expires_at);
  return session;
}

/**
 * Checkout's page shows who sells: https://docs.stripe.com/payments/checkout/customization/appearance, in the words of
 * https://github.com/stripe/vscode-stripe/issues/631
 */
function requireBusinessName(space: Space): void {
  const { business_profile, settings } = space.account;
  if (business_profile.name || settings.dashboard.display_name) return;
  throw invalidRequest(
    'In order to use Checkout, you must set an account or business name at https://dashboard.stripe.com/account.',
  );
}

/**
 * What is known of the payer while the session is open: the address of e-mail, of the customer or as it was given. The
 * rest follows when it is completed. https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-customer_details
 */
function knownDetails(space: Space, session: CheckoutSession): CheckoutSession['customer_details'] {
  if (session.customer === null && session.customer_email === null) return null;
  const customer = session.customer === null ? undefined : space.get('customer', session.customer);
  return {
    address: null,
    business_name: null,
    email: customer ? customer.email : session.customer_email,
    individual_name: null,
    name: null,
    phone: null,
    tax_exempt: customer?.tax_exempt ?? 'none',
    tax_ids: null,
  };
}

/** The discounts that the creator gives to everybody who pays this session. */
function takeDiscounts(space: Space, session: CheckoutSession, params: Params): void {
  if (params.discounts === undefined || params.discounts.length === 0) return;
  const target = {
    customer: session.customer,
    currency: session.currency ?? '',
    subtotal: session._emu.lines.reduce((sum, line) => sum + line.amount_subtotal, 0),
  };
  useDiscounts(space, session, readDiscounts(space, params.discounts, target));
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
    discounts: [],
    customerUpdate: {
      address: params.customer_update?.address === 'auto',
      name: params.customer_update?.name === 'auto',
    },
    setupMetadata: mergedMetadata({}, params.setup_intent_data?.metadata, 'setup_intent_data[metadata]'),
    setupDescription: params.setup_intent_data?.description ?? null,
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
    business: null,
    challengedMethod: null,
  };
}

/** Tax is calculated, and is zero: the emulator has no tax registrations. https://docs.stripe.com/tax/checkout */
function taxAutomatically(space: Space, session: CheckoutSession): void {
  requireHeadOffice(space);
  const customer = session.customer === null ? undefined : space.get('customer', session.customer);
  if (customer && customer.address === null && !session._emu.customerUpdate.address) {
    throw invalidRequest(
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.",
      'automatic_tax',
      'customer_tax_location_invalid',
    );
  }
  session.automatic_tax = {
    enabled: true,
    liability: { type: 'self' },
    provider: 'stripe',
    status: customer?.address ? 'complete' : 'requires_location_inputs',
  };
}

/** With which methods the session can be paid: those that are named, or all that fit. */
function methodTypes(space: Space, { mode, currency }: CheckoutSession, params: Params): string[] {
  const { payment_method_types: named, excluded_payment_method_types: excluded } = params;
  if (named === undefined) return dynamicMethods(space, mode, currency, excluded);
  if (excluded !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: payment_method_types, excluded_payment_method_types.',
      'excluded_payment_method_types',
    );
  }
  refuseMethods(space, named, mode, currency);
  return named;
}

function fill(space: Space, session: CheckoutSession, params: Params): void {
  const now = session.created;
  session.allow_promotion_codes = params.allow_promotion_codes ?? null;
  session.billing_address_collection = params.billing_address_collection ?? null;
  session.cancel_url = params.cancel_url ?? null;
  session.client_reference_id = params.client_reference_id ?? null;
  // https://docs.stripe.com/payments/checkout/customization/policies#custom-text
  if (params.custom_text?.submit) session.custom_text.submit = { message: params.custom_text.submit.message };
  session.customer =
    params.customer === undefined ? null : space.get('customer', params.customer, 'customer').id;
  session.customer_email = params.customer_email ?? null;
  session.customer_details = knownDetails(space, session);
  if (session.mode === 'payment') {
    session.customer_creation = params.customer_creation ?? (session.customer ? null : 'if_required');
    const asked = params.invoice_creation?.enabled ? params.invoice_creation.invoice_data : undefined;
    session.invoice_creation = {
      enabled: params.invoice_creation?.enabled ?? false,
      invoice_data: {
        account_tax_ids: null,
        custom_fields: null,
        description: asked?.description ?? null,
        footer: asked?.footer ?? null,
        issuer: null,
        metadata: mergedMetadata({}, asked?.metadata, 'invoice_creation[invoice_data][metadata]'),
        rendering_options: null,
      },
    };
  } else {
    session.customer_creation =
      session.mode === 'setup' ? (params.customer_creation ?? null) : session.customer ? null : 'always';
  }
  const recovery = params.after_expiration?.recovery;
  if (recovery) {
    session.after_expiration = {
      recovery: {
        allow_promotion_codes: recovery.allow_promotion_codes ?? false,
        enabled: recovery.enabled,
        expires_at: null,
        url: null,
      },
    };
  }
  if (params.automatic_tax?.enabled) taxAutomatically(space, session);
  if (params.adaptive_pricing?.enabled !== undefined)
    session.adaptive_pricing = { enabled: params.adaptive_pricing.enabled };
  session.locale = params.locale ?? null;
  session.metadata = mergedMetadata({}, params.metadata);
  session.payment_method_collection =
    params.payment_method_collection ?? (session.mode === 'subscription' ? 'always' : 'if_required');
  session.payment_method_types = methodTypes(space, session, params);
  session.submit_type = params.submit_type ?? null;
  if (params.tax_id_collection) {
    const { enabled, required = 'never' } = params.tax_id_collection;
    session.tax_id_collection = { enabled, required };
  }
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
