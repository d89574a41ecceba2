import type Stripe from 'stripe';
import { rigFor } from './support/setup';

type Id = { id: string };
type Steps = (stripe: Stripe) => Promise<unknown>;

// What the triggers of Stripe's command line do, with the least parameters (https://docs.stripe.com/cli/trigger). The README
// says which of them do not run here, and why.
const usd = { amount: 2000, currency: 'usd' };
const byCard = { ...usd, payment_method_types: ['card'], confirm: true };
const pay = (s: Stripe, payment_method: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  s.paymentIntents.create({ ...byCard, payment_method, ...more });
const declined = (work: Promise<unknown>) => expect(work).rejects.toMatchObject({ type: 'StripeCardError' });
const product = (s: Stripe) => s.products.create({ name: 'myproduct' });
const price = async (s: Stripe, recurring?: Stripe.PriceCreateParams.Recurring) =>
  s.prices.create({
    product: (await product(s)).id,
    unit_amount: 1500,
    currency: 'usd',
    ...(recurring ? { recurring } : {}),
  });
const customer = (s: Stripe) => s.customers.create({ description: 'one' });
const subscription = async (s: Stripe) => {
  const method = 'pm_card_visa';
  const { id } = await s.customers.create({
    payment_method: method,
    invoice_settings: { default_payment_method: method },
  });
  const monthly = await price(s, { interval: 'month' });
  return s.subscriptions.create({ customer: id, items: [{ price: monthly.id }] });
};
const onTrial = async (s: Stripe, more: Partial<Stripe.SubscriptionCreateParams>) => {
  const monthly = await price(s, { interval: 'month' });
  const { id } = await customer(s);
  return s.subscriptions.create({ customer: id, items: [{ price: monthly.id }], ...more });
};
const item = async (s: Stripe) => s.invoiceItems.create({ customer: (await customer(s)).id, ...usd });
const invoice = async (s: Stripe, more: Partial<Stripe.InvoiceCreateParams> = {}) => {
  const { id } = await s.customers.create({ email: 'bob@example.com' });
  await s.invoiceItems.create({ customer: id, ...usd });
  return s.invoices.create({ customer: id, pending_invoice_items_behavior: 'include', ...more }) as Promise<
    Stripe.Invoice & Id
  >;
};
const paidBy = async (s: Stripe, card: string) => {
  const draft = await invoice(s);
  const method = await s.paymentMethods.attach(card, { customer: String(draft.customer) });
  return s.invoices.pay(draft.id, { payment_method: method.id });
};
const clock = (s: Stripe) => s.testHelpers.testClocks.create({ frozen_time: 1_577_836_800 });
const advance = async (s: Stripe) =>
  s.testHelpers.testClocks.advance((await clock(s)).id, { frozen_time: 1_580_515_200 });
const portal = (s: Stripe) =>
  s.billingPortal.configurations.create({
    business_profile: {
      privacy_policy_url: 'https://example.com/privacy',
      terms_of_service_url: 'https://example.com/terms',
    },
    features: { invoice_history: { enabled: true } },
  });
const disputed = async (s: Stripe) => {
  const { id } = await pay(s, 'pm_card_createDisputeInquiry');
  const { data } = await s.disputes.list({ payment_intent: id });
  return data[0]?.id ?? '';
};
const setup = (s: Stripe, payment_method: string) =>
  s.setupIntents.create({ confirm: true, payment_method, payment_method_types: ['card'] });
const foo = { metadata: { foo: 'bar' } };

const TRIGGERS: Record<string, Steps> = {
  'account.updated': async (s) => s.accounts.update((await s.accounts.create({ type: 'standard' })).id, foo),
  'billing_portal.configuration.created': portal,
  'billing_portal.configuration.updated': async (s) =>
    s.billingPortal.configurations.update((await portal(s)).id, foo),
  'billing_portal.session.created': async (s) => {
    await portal(s);
    return s.billingPortal.sessions.create({
      customer: (await customer(s)).id,
      return_url: 'https://example.com',
    });
  },
  'charge.captured': async (s) =>
    s.paymentIntents.capture((await pay(s, 'pm_card_visa', { capture_method: 'manual' })).id),
  'charge.dispute.closed': async (s) => s.disputes.close(await disputed(s)),
  'charge.dispute.created': disputed,
  'charge.dispute.updated': async (s) => s.disputes.update(await disputed(s), foo),
  'charge.failed': (s) => declined(pay(s, 'pm_card_visa_chargeDeclined')),
  'charge.refunded': async (s) => s.refunds.create({ payment_intent: (await pay(s, 'pm_card_visa')).id }),
  'charge.succeeded': (s) => pay(s, 'pm_card_visa'),
  'charge.refund.updated': async (s) => {
    const { id } = await s.refunds.create({ payment_intent: (await pay(s, 'pm_card_visa')).id });
    return s.refunds.update(id, { metadata: { order_id: '6735' } });
  },
  'checkout.session.expired': async (s) => {
    const { id } = await s.checkout.sessions.create({
      mode: 'payment',
      success_url: 'https://example.com',
      line_items: [{ price: (await price(s)).id, quantity: 2 }],
    });
    return s.checkout.sessions.expire(id);
  },
  'coupon.created': (s) => s.coupons.create({ percent_off: 20 }),
  'coupon.deleted': async (s) => s.coupons.del((await s.coupons.create({ percent_off: 20 })).id),
  'coupon.updated': async (s) => s.coupons.update((await s.coupons.create({ percent_off: 20 })).id, foo),
  'customer.created': customer,
  'customer.deleted': async (s) => s.customers.del((await customer(s)).id),
  'customer.updated': async (s) => s.customers.update((await customer(s)).id, foo),
  'customer.subscription.created': subscription,
  'customer.subscription.deleted': async (s) => s.subscriptions.cancel((await subscription(s)).id),
  'customer.subscription.paused': async (s) => {
    const { id } = await onTrial(s, {
      trial_period_days: 7,
      trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
    });
    const ended = await s.subscriptions.update(id, { trial_end: 'now' });
    expect(ended.status).toBe('paused');
  },
  'customer.subscription.trial_will_end': (s) => onTrial(s, { trial_period_days: 1 }),
  'customer.subscription.updated': async (s) => s.subscriptions.update((await subscription(s)).id, foo),
  'invoice.created': (s) => invoice(s),
  'invoice.deleted': async (s) => s.invoices.del((await invoice(s)).id),
  'invoice.finalized': async (s) => s.invoices.finalizeInvoice((await invoice(s)).id),
  'invoice.marked_uncollectible': async (s) => {
    const { id } = await invoice(s);
    await s.invoices.finalizeInvoice(id);
    return s.invoices.markUncollectible(id);
  },
  'invoice.paid': (s) => paidBy(s, 'pm_card_visa'),
  'invoice.payment_action_required': (s) => declined(paidBy(s, 'pm_card_authenticationRequired')),
  'invoice.payment_failed': (s) => declined(paidBy(s, 'pm_card_chargeCustomerFail')),
  'invoice.payment_succeeded': subscription,
  'invoice.sent': async (s) => {
    const { id } = await invoice(s, { collection_method: 'send_invoice', days_until_due: 7 });
    return s.invoices.sendInvoice(id);
  },
  'invoice.updated': async (s) => s.invoices.update((await invoice(s)).id, foo),
  'invoice.voided': async (s) => {
    const { id } = await invoice(s);
    await s.invoices.finalizeInvoice(id);
    return s.invoices.voidInvoice(id);
  },
  'invoiceitem.created': item,
  'invoiceitem.deleted': async (s) => s.invoiceItems.del((await item(s)).id),
  'payment_intent.amount_capturable_updated': (s) => pay(s, 'pm_card_visa', { capture_method: 'manual' }),
  'payment_intent.canceled': async (s) => s.paymentIntents.cancel((await s.paymentIntents.create(usd)).id),
  'payment_intent.created': (s) => s.paymentIntents.create(usd),
  'payment_intent.payment_failed': (s) => declined(pay(s, 'pm_card_chargeDeclined')),
  'payment_intent.processing': async (s) => {
    const method = await s.paymentMethods.create({
      type: 'sepa_debit',
      sepa_debit: { iban: 'AT321904300235473204' },
      billing_details: { name: 'Bob', email: 'bob@example.com' },
    });
    return pay(s, method.id, { currency: 'eur', payment_method_types: ['sepa_debit'] });
  },
  'payment_intent.requires_action': (s) => pay(s, 'pm_card_authenticationRequired'),
  'payment_intent.succeeded': (s) => pay(s, 'pm_card_visa'),
  'payment_method.attached': async (s) =>
    s.paymentMethods.attach('pm_card_visa', { customer: (await customer(s)).id }),
  'payment_method.detached': async (s) => {
    const { id } = await s.paymentMethods.attach('pm_card_visa', { customer: (await customer(s)).id });
    return s.paymentMethods.detach(id);
  },
  'payment_method.updated': async (s) => {
    const intent = await s.setupIntents.create({
      customer: (await customer(s)).id,
      payment_method: 'pm_card_visa',
      payment_method_types: ['card'],
      confirm: true,
    });
    return s.paymentMethods.update(String(intent.payment_method), foo);
  },
  'price.created': (s) => price(s),
  'price.updated': async (s) => s.prices.update((await price(s)).id, foo),
  'product.created': product,
  'product.deleted': async (s) => s.products.del((await product(s)).id),
  'product.updated': async (s) => s.products.update((await product(s)).id, foo),
  'setup_intent.canceled': async (s) =>
    s.setupIntents.cancel((await s.setupIntents.create({ payment_method_types: ['card'] })).id),
  'setup_intent.created': (s) => s.setupIntents.create({ payment_method_types: ['card'] }),
  'setup_intent.requires_action': (s) => setup(s, 'pm_card_authenticationRequired'),
  'setup_intent.setup_failed': (s) => declined(setup(s, 'pm_card_chargeDeclined')),
  'setup_intent.succeeded': (s) => setup(s, 'pm_card_visa'),
  'test_helpers.test_clock.advancing': advance,
  'test_helpers.test_clock.created': clock,
  'test_helpers.test_clock.deleted': async (s) => s.testHelpers.testClocks.del((await clock(s)).id),
  'test_helpers.test_clock.ready': advance,
};

const rig = rigFor('file');
beforeEach(() => rig.control('POST', '/reset'));

it.each(Object.entries(TRIGGERS))('the trigger %s emits its event', async (type, steps) => {
  await steps(rig.test);
  const { events } = await rig.control<{ events: unknown[] }>('GET', `/events?type=${type}`);
  expect(events.length).toBeGreaterThan(0);
});
