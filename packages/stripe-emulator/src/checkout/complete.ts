import { declineFor } from '../billing/declines';
import { attemptPayment, createIntent, type AttemptOptions, type AttemptOutcome } from '../billing/intents';
import { attemptSetup, type SetupOutcome } from '../billing/setups';
import { refuseOtherCurrency } from '../billing/customer-currency';
import { redeem } from '../billing/discounts';
import { invoicePurchase } from '../billing/purchase-invoice';
import { openPayment } from '../billing/invoices';
import { collectFirst, startSubscription } from '../billing/subscriptions';
import { StripeError } from '../http/errors';
import type { Business, CheckoutSession } from '../objects/checkout-session';
import type { BillingDetails } from '../objects/common';
import { newCustomer } from '../objects/customer';
import type { PaymentMethod } from '../objects/payment-method';
import type { Subscription } from '../objects/subscription';
import type { Space } from '../space';

/** What came of a payer's click on the hosted page. */
export type SubmitOutcome = { kind: 'complete' } | { kind: 'challenge' } | { kind: 'error'; message: string };

const ON_SESSION: AttemptOptions = { offSession: false };

/**
 * The payer submits the form. Success completes the session; a decline leaves it open for another try; a card that asks
 * for 3-D Secure leads to the challenge. `method` is null when nothing is due and no method is collected.
 */
export function submit(
  space: Space,
  id: string,
  method: PaymentMethod | null,
  payer: BillingDetails,
  options: AttemptOptions = ON_SESSION,
): SubmitOutcome {
  const session = space.get('checkout.session', id);
  if (session.mode === 'setup') return submitSetup(space, session, method, payer, options);
  if (session.mode === 'payment') return submitPayment(space, session, method, payer, options);
  return submitSubscription(space, session, method, payer, options);
}

/** The payer has passed or failed the 3-D Secure challenge. */
export function finishChallenge(space: Space, id: string, passed: boolean): SubmitOutcome {
  const session = space.get('checkout.session', id);
  const methodId = session._emu.challengedMethod;
  const method = methodId ? space.find('payment_method', methodId) : undefined;
  if (!method) return { kind: 'error', message: 'There is no payment to authenticate. Please try again.' };
  space.update('checkout.session', id, (draft) => (draft._emu.challengedMethod = null));
  const options = passed
    ? { ...ON_SESSION, authenticated: true }
    : { ...ON_SESSION, authenticationFailed: true };
  return submit(space, id, method, method.billing_details, options);
}

/** A card for later: https://docs.stripe.com/payments/checkout/save-and-reuse */
function submitSetup(
  space: Space,
  session: CheckoutSession,
  method: PaymentMethod | null,
  payer: BillingDetails,
  options: AttemptOptions,
): SubmitOutcome {
  if (!method || !session.setup_intent) return { kind: 'error', message: 'Choose a payment method.' };
  const wantsCustomer = session.customer === null && session.customer_creation === 'always';
  const customer =
    wantsCustomer && willPass(space, method, options) ? createCustomer(space, payer) : session.customer;
  space.update('setup_intent', session.setup_intent, (draft) => (draft.customer = customer));
  const failed = stillOpen(
    space,
    session,
    method,
    attemptSetup(space, session.setup_intent, method, options),
  );
  if (failed) return failed;
  completeSession(space, session.id, { payer, customer, status: 'no_payment_required' });
  return { kind: 'complete' };
}

function submitPayment(
  space: Space,
  session: CheckoutSession,
  method: PaymentMethod | null,
  payer: BillingDetails,
  options: AttemptOptions,
): SubmitOutcome {
  const due = session.amount_total ?? 0;
  const wantsCustomer = session.customer === null && session.customer_creation === 'always';
  if (due === 0 || method === null) {
    const customer = wantsCustomer ? createCustomer(space, payer, session._emu.business) : session.customer;
    completeSession(space, session.id, { payer, customer, status: 'no_payment_required' });
    return { kind: 'complete' };
  }
  const ready = willPass(space, method, options);
  const customer =
    ready && wantsCustomer ? createCustomer(space, payer, session._emu.business) : session.customer;
  const intentId = session.payment_intent ?? createSessionIntent(space, session, customer);
  space.update('payment_intent', intentId, (draft) => {
    draft.amount = due;
    draft.customer = customer;
  });
  space.update('checkout.session', session.id, (draft) => (draft.payment_intent = intentId));
  if (ready && customer && session._emu.setupFutureUsage) attach(space, method, customer);
  const outcome = attemptPayment(space, intentId, method, options);
  const failed = stillOpen(space, session, method, outcome);
  if (failed) return failed;
  const isPaid = outcome.kind !== 'processing';
  const invoice = isPaid && customer !== null ? invoicePurchase(space, session.id, customer, intentId) : null;
  completeSession(space, session.id, {
    payer,
    customer,
    status: isPaid ? 'paid' : 'unpaid',
    ...(invoice === null ? {} : { invoice: invoice.id }),
  });
  return { kind: 'complete' };
}

function submitSubscription(
  space: Space,
  session: CheckoutSession,
  method: PaymentMethod | null,
  payer: BillingDetails,
  options: AttemptOptions,
): SubmitOutcome {
  const due = session.amount_total ?? 0;
  const conflict = currencyConflict(space, session);
  if (conflict !== undefined) return { kind: 'error', message: conflict };
  if (method && due === 0) {
    const failed = setUp(space, session, method, options);
    if (failed) return failed;
  } else if (method && !willPass(space, method, options)) {
    const intentId = session._emu.pendingIntent ?? createPendingIntent(space, session);
    const failed = stillOpen(space, session, method, attemptPayment(space, intentId, method, options));
    if (failed) return failed;
  }
  const customer = session.customer ?? createCustomer(space, payer, session._emu.business);
  if (method) attach(space, method, customer);
  const { subscription, invoice } = startSubscription(
    space,
    startInput(space, session, customer, method),
    session._emu.pendingIntent ?? undefined,
  );
  const outcome = collectFirst(space, invoice, options, method ?? undefined);
  if (outcome.kind === 'processing') {
    const payment = openPayment(space, invoice.id);
    if (payment) {
      space.update(
        'payment_intent',
        payment.payment.payment_intent,
        (draft) => (draft._emu.session = session.id),
      );
    }
  }
  completeSession(space, session.id, {
    payer,
    customer,
    status: due === 0 ? 'no_payment_required' : outcome.kind === 'processing' ? 'unpaid' : 'paid',
    subscription: subscription.id,
    invoice: invoice.id,
  });
  return { kind: 'complete' };
}

/**
 * Nothing is charged yet: the payer is asked for authentication now, so that the charges to come need none. Of Stripe's setup
 * intent nothing is told. https://docs.stripe.com/billing/subscriptions/deferred-payment
 */
function setUp(
  space: Space,
  session: CheckoutSession,
  method: PaymentMethod,
  options: AttemptOptions,
): SubmitOutcome | undefined {
  const asks = method._emu.behavior === 'requires_authentication';
  if (options.authenticationFailed)
    return { kind: 'error', message: 'We are unable to authenticate your payment method.' };
  if (asks && !options.authenticated) return stillOpen(space, session, method, { kind: 'requires_action' });
  const decline = declineFor(method, space.now(), options);
  if (decline) return { kind: 'error', message: decline.message };
  if (asks) space.update('payment_method', method.id, (draft) => (draft._emu.behavior = 'succeeds'));
  return undefined;
}

/** The customer may have begun to pay in another currency since the session was made. */
function currencyConflict(space: Space, { customer, currency }: CheckoutSession): string | undefined {
  try {
    if (customer !== null && currency !== null) refuseOtherCurrency(space, customer, currency);
    return undefined;
  } catch (error) {
    if (error instanceof StripeError) return error.message;
    throw error;
  }
}

function startInput(space: Space, session: CheckoutSession, customer: string, method: PaymentMethod | null) {
  const plan = session._emu;
  const now = space.now();
  const priced = plan.lines.flatMap((line) =>
    line.price ? [{ price: line.price, quantity: line.quantity ?? 1 }] : [],
  );
  return {
    customer,
    ...(session.currency === null ? {} : { currency: session.currency }),
    items: priced.filter(({ price }) => price.type === 'recurring'),
    extras: priced.filter(({ price }) => price.type === 'one_time'),
    billingMode: plan.billingMode,
    discounts: plan.discounts.map((discount) => ({ discount })),
    trialEnd: plan.trialEnd ?? (plan.trialDays === null ? null : now + plan.trialDays * 86_400),
    fill: (draft: Subscription) => {
      draft.metadata = plan.subscriptionMetadata;
      draft.description = plan.subscriptionDescription;
      draft.default_payment_method = method?.id ?? null;
      draft.trial_settings.end_behavior.missing_payment_method = plan.missingPaymentMethod;
      draft.payment_settings.payment_method_types = null;
      if (session.automatic_tax.enabled) {
        draft.automatic_tax = { disabled_reason: null, enabled: true, liability: { type: 'self' } };
      }
    },
  };
}

/** Whether this attempt will take the money (now or in some days). */
function willPass(space: Space, method: PaymentMethod, options: AttemptOptions): boolean {
  if (options.authenticationFailed) return false;
  if (method._emu.behavior === 'requires_authentication' && !options.authenticated) return false;
  return declineFor(method, space.now(), options) === undefined;
}

/** The outcome for the page when the session stays open; undefined when it can be completed. */
function stillOpen(
  space: Space,
  session: CheckoutSession,
  method: PaymentMethod,
  outcome: AttemptOutcome | SetupOutcome,
): SubmitOutcome | undefined {
  if (outcome.kind === 'failed') return { kind: 'error', message: outcome.error.message };
  if (outcome.kind !== 'requires_action') return undefined;
  space.update('checkout.session', session.id, (draft) => (draft._emu.challengedMethod = method.id));
  return { kind: 'challenge' };
}

function createSessionIntent(space: Space, session: CheckoutSession, customer: string | null): string {
  const plan = session._emu;
  return createIntent(
    space,
    { amount: session.amount_total ?? 0, currency: session.currency ?? 'usd' },
    (draft) => {
      draft.customer = customer;
      draft.description = plan.paymentIntentDescription;
      draft.metadata = plan.paymentIntentMetadata;
      draft.payment_method_types = session.payment_method_types;
      draft.receipt_email = plan.paymentIntentReceiptEmail;
      draft.setup_future_usage = plan.setupFutureUsage;
      draft._emu.session = session.id;
    },
  ).id;
}

/** The intent of an attempt that came before there is a subscription; its first invoice takes it over. */
function createPendingIntent(space: Space, session: CheckoutSession): string {
  const { id } = createIntent(
    space,
    { amount: session.amount_total ?? 0, currency: session.currency ?? 'usd' },
    (draft) => {
      draft.customer = session.customer;
      draft.description = 'Subscription creation';
      draft.setup_future_usage = 'off_session';
    },
  );
  space.update('checkout.session', session.id, (draft) => (draft._emu.pendingIntent = id));
  return id;
}

/** A business is the customer by its own name. https://docs.stripe.com/tax/checkout/tax-ids */
function createCustomer(space: Space, payer: BillingDetails, business: Business | null = null): string {
  const customer = newCustomer({ livemode: space.livemode, created: space.now() });
  customer.email = payer.email;
  customer.name = business?.name ?? payer.name;
  customer.phone = payer.phone;
  customer.address = payer.address;
  space.put('customer', customer);
  space.emit('customer.created', customer);
  return customer.id;
}

function attach(space: Space, method: PaymentMethod, customer: string): void {
  if (method.customer === customer) return;
  const attached = space.update('payment_method', method.id, (draft) => {
    draft.customer = customer;
    draft.allow_redisplay = 'limited';
  });
  space.emit('payment_method.attached', attached);
}

interface Completion {
  payer: BillingDetails;
  customer: string | null;
  status: CheckoutSession['payment_status'];
  subscription?: string;
  invoice?: string;
}

function completeSession(space: Space, id: string, done: Completion): void {
  space.unschedule('session.expire', id);
  const before = space.get('checkout.session', id);
  updateCustomer(space, before, done.payer);
  if (before.mode === 'payment') {
    for (const discount of before._emu.discounts)
      redeem(space, discount, (draft) => (draft.customer = done.customer));
  }
  const session = space.update('checkout.session', id, (draft) => {
    draft.status = 'complete';
    draft.payment_status = done.status;
    draft.url = null;
    draft.customer = done.customer;
    draft.subscription = done.subscription ?? null;
    draft.invoice = done.invoice ?? null;
    if (draft.automatic_tax.enabled) draft.automatic_tax.status = 'complete';
    draft.customer_details = {
      address: done.payer.address,
      business_name: before._emu.business?.name ?? null,
      email: done.payer.email,
      individual_name: null,
      name: before._emu.business?.name ?? done.payer.name,
      phone: done.payer.phone,
      tax_exempt: 'none',
      tax_ids: before._emu.business?.taxId ? [before._emu.business.taxId] : [],
    };
  });
  space.emit('checkout.session.completed', session);
}

/** Writes what the payer has given into the customer, as far as `customer_update` says so. */
function updateCustomer(space: Space, session: CheckoutSession, payer: BillingDetails): void {
  const { address, name } = session._emu.customerUpdate;
  const called = session._emu.business?.name ?? payer.name;
  if (session.customer === null || (!address && !name)) return;
  space.change('customer', session.customer, 'customer.updated', (draft) => {
    if (address && payer.address) draft.address = payer.address;
    if (name && called) draft.name = called;
  });
}
