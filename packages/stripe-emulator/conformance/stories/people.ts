import type Stripe from 'stripe';
import type { Stage } from './stage';

/** A customer who can pay: with a card that is the default for invoices. */
export async function payingCustomer(
  { rig }: Stage,
  options: Stripe.RequestOptions,
  more: Stripe.CustomerCreateParams = {},
): Promise<string> {
  const customer = await rig.test.customers.create({ payment_method: 'pm_card_visa', ...more }, options);
  const methods = await rig.test.customers.listPaymentMethods(customer.id, {}, options);
  const method = methods.data[0]?.id ?? '';
  await rig.test.customers.update(
    customer.id,
    { invoice_settings: { default_payment_method: method } },
    options,
  );
  return customer.id;
}

/** The subscription of a new customer to a new price. */
export async function subscribe(
  stage: Stage,
  options: Stripe.RequestOptions,
  more: Partial<Stripe.SubscriptionCreateParams> = {},
): Promise<Stripe.Subscription> {
  const price = await stage.rig.price(options.stripeAccount ?? '', 3000, { interval: 'month' });
  const customer = more.customer ?? (await payingCustomer(stage, options));
  return stage.rig.test.subscriptions.create({ customer, items: [{ price: price.id }], ...more }, options);
}
