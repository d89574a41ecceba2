import type { Config } from '../config/config';
import { WEBHOOK_SCOPES } from '../domain/webhook-endpoints';
import { createStripeClients } from '../stripe/client';
import { listEndpoints, setUpEndpoint, wantedEndpoint } from '../stripe/webhook-endpoints';
import { MODES } from './product-environment';
import type { Secrets } from './secrets';

/**
 * Registers the API's webhook address at the emulator, as `npm run stripe:setup` does at Stripe. An endpoint whose secret
 * we do not know is none of ours.
 */
export async function registerWebhookEndpoints(
  config: Config['stripe'],
  publicUrl: string,
  secrets: Secrets,
): Promise<void> {
  const clients = createStripeClients(config);
  for (const mode of MODES) {
    const stripe = clients.of(mode);
    const found = await listEndpoints(stripe);
    for (const scope of WEBHOOK_SCOPES) {
      const known = found.filter(({ id }) => id === secrets.webhookEndpoint(mode, scope)?.id);
      const wanted = wantedEndpoint(scope, publicUrl);
      const { id, secret } = await setUpEndpoint(stripe, wanted, known, { check: false });
      if (id !== null && secret !== null) secrets.keepWebhookEndpoint(mode, scope, { id, secret });
    }
  }
}
