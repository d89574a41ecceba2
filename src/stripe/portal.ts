import type Stripe from 'stripe';
import { createOnce } from './create-once';
import { expectObject } from './errors';
import { everyPage } from './every-page';
import type { AccountClient } from './account-client';

/** By this a configuration of ours is recognised. The number rises when the features change. */
const MARK = { sessionPayments: 'portal-1' };

/**
 * What members may do in Stripe's portal: cancel at the end of what is paid, change the card, read invoices. Another
 * price or quantity is the coach's to offer. https://docs.stripe.com/customer-management/configure-portal
 */
const FEATURES: Stripe.BillingPortal.ConfigurationCreateParams.Features = {
  subscription_cancel: { enabled: true, mode: 'at_period_end' },
  payment_method_update: { enabled: true },
  invoice_history: { enabled: true },
};

/** Our configuration on an account, made if there is none. @param rowId the connection's, part of the idempotency key. */
export async function ensurePortalConfiguration(client: AccountClient, rowId: string): Promise<string> {
  const { stripe, accountId } = client;
  const lookUp = () => findConfiguration(client);
  const present = await lookUp();
  if (present !== null) return present.id;
  const made = await createOnce({
    rowId,
    step: 'portal',
    create: async (idempotencyKey) =>
      expectObject(
        await stripe.billingPortal.configurations.create(
          { features: FEATURES, metadata: MARK },
          { stripeAccount: accountId, idempotencyKey },
        ),
        'billing_portal.configuration',
      ),
    lookUp,
  });
  return made.id;
}

async function findConfiguration({
  stripe,
  accountId,
}: AccountClient): Promise<Stripe.BillingPortal.Configuration | null> {
  const configurations = await everyPage(
    stripe.billingPortal.configurations.list({ active: true, limit: 100 }, { stripeAccount: accountId }),
  );
  return (
    configurations.find(({ metadata }) => metadata?.['sessionPayments'] === MARK.sessionPayments) ?? null
  );
}

/** A link into the portal, for one customer and a short while. https://docs.stripe.com/api/customer_portal/sessions/create */
export async function createPortalSession(
  { stripe, accountId }: AccountClient,
  session: { customer: string; configuration: string; returnUrl: string; rowId: string; step: string },
): Promise<string> {
  const { customer, configuration, returnUrl, rowId, step } = session;
  const made = await createOnce({
    rowId,
    step,
    create: async (idempotencyKey) =>
      expectObject(
        await stripe.billingPortal.sessions.create(
          { customer, configuration, return_url: returnUrl },
          { stripeAccount: accountId, idempotencyKey },
        ),
        'billing_portal.session',
      ),
    // There is no list of them, and one too many does no harm.
    lookUp: () => Promise.resolve(null),
  });
  return made.url;
}
