import type Stripe from 'stripe';
import type { Config } from '../config/config';
import { createStripeClients, STRIPE_API_VERSION } from '../stripe/client';
import { MODES, WEBHOOK_SCOPES } from './product-environment';
import type { RegisteredEndpoint, Secrets } from './secrets';

/** Stripe's word for every kind of event. */
const EVERY_EVENT = '*';

/** The endpoint that we registered earlier, at its present address; `undefined` if the emulator does not know it. */
async function moved(
  stripe: Stripe,
  known: RegisteredEndpoint,
  url: string,
): Promise<RegisteredEndpoint | undefined> {
  for await (const endpoint of stripe.webhookEndpoints.list({ limit: 100 })) {
    if (endpoint.id !== known.id) continue;
    if (endpoint.url !== url) await stripe.webhookEndpoints.update(endpoint.id, { url });
    return known;
  }
  return undefined;
}

/**
 * Registers the API's webhook address at the emulator, as a platform does once in Stripe's Dashboard: one endpoint for
 * connected accounts and one for the platform itself, in each mode. On later starts the same ones are kept.
 * https://docs.stripe.com/connect/webhooks
 */
export async function registerWebhookEndpoints(
  config: Config['stripe'],
  publicUrl: string,
  secrets: Secrets,
): Promise<void> {
  const url = `${publicUrl}/webhooks/stripe`;
  const clients = createStripeClients(config);
  for (const mode of MODES) {
    const stripe = clients.of(mode);
    for (const scope of WEBHOOK_SCOPES) {
      const known = secrets.webhookEndpoint(mode, scope);
      if (known && (await moved(stripe, known, url))) continue;
      const { id, secret } = await stripe.webhookEndpoints.create({
        url,
        connect: scope === 'connect',
        enabled_events: [EVERY_EVENT],
        api_version: STRIPE_API_VERSION,
      });
      if (secret === undefined) throw new Error(`The endpoint ${id} was created without a secret.`);
      secrets.keepWebhookEndpoint(mode, scope, { id, secret });
    }
  }
}
