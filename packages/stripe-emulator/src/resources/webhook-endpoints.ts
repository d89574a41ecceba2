import type Stripe from 'stripe';
import { endpoint, type Endpoint } from '../http/endpoint';
import { invalidRequest } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { page } from '../http/pagination';
import { randomToken } from '../ids';
import { newWebhookEndpoint } from '../objects/event';
import type { Space } from '../space';

/** https://docs.stripe.com/api/webhook_endpoints. The secret is in the answer to the creation and never again. */
export const webhookEndpointEndpoints: Endpoint[] = [
  endpoint<Stripe.WebhookEndpointCreateParams>(
    'post /v1/webhook_endpoints',
    ({ emulator, space, params }) => {
      checkUrl(params.url);
      checkEvents(params.enabled_events);
      checkCount(space);
      const created = newWebhookEndpoint({
        url: params.url,
        enabledEvents: params.enabled_events,
        application: params.connect ? emulator.settings.clientIds[space.livemode ? 'live' : 'test'] : null,
        apiVersion: params.api_version ?? null,
        secret: `whsec_${randomToken(32)}`,
        livemode: space.livemode,
        created: space.now(),
      });
      created.description = params.description === '' ? null : (params.description ?? null);
      created.metadata = mergedMetadata({}, params.metadata);
      space.put('webhook_endpoint', created);
      return { ...created, secret: created._emu.secret };
    },
  ),
  endpoint<Stripe.WebhookEndpointListParams>('get /v1/webhook_endpoints', ({ space, params, url }) =>
    page(space.list('webhook_endpoint'), params, url),
  ),
  endpoint('get /v1/webhook_endpoints/{webhook_endpoint}', ({ space, path }) =>
    space.get('webhook_endpoint', path.webhook_endpoint ?? ''),
  ),
  endpoint<Stripe.WebhookEndpointUpdateParams>(
    'post /v1/webhook_endpoints/{webhook_endpoint}',
    ({ space, params, path }) => {
      const { id } = space.get('webhook_endpoint', path.webhook_endpoint ?? '');
      if (params.url !== undefined) checkUrl(params.url);
      if (params.enabled_events !== undefined) checkEvents(params.enabled_events);
      return space.update('webhook_endpoint', id, (draft) => {
        if (params.url !== undefined) draft.url = params.url;
        if (params.enabled_events !== undefined) draft.enabled_events = params.enabled_events;
        if (params.description !== undefined)
          draft.description = params.description === '' ? null : params.description;
        if (params.disabled !== undefined) draft.status = params.disabled ? 'disabled' : 'enabled';
        draft.metadata = mergedMetadata(draft.metadata, params.metadata);
      });
    },
  ),
  endpoint('delete /v1/webhook_endpoints/{webhook_endpoint}', ({ space, path }) => {
    const { id } = space.get('webhook_endpoint', path.webhook_endpoint ?? '');
    space.remove('webhook_endpoint', id);
    return { id, object: 'webhook_endpoint', deleted: true };
  }),
];

/** https://docs.stripe.com/webhooks: an account has 16 endpoints at most, in each mode. */
const MOST_ENDPOINTS = 16;

function checkCount(space: Space): void {
  if (space.list('webhook_endpoint').first(MOST_ENDPOINTS).length < MOST_ENDPOINTS) return;
  const mode = space.livemode ? 'live' : 'test';
  throw invalidRequest(`You have reached the maximum of ${MOST_ENDPOINTS} ${mode} webhook endpoints.`);
}

function checkUrl(url: string): void {
  if (!/^https?:\/\/.+/.test(url))
    throw invalidRequest('Invalid URL: URL must start with http:// or https://', 'url', 'url_invalid');
}

function checkEvents(events: string[]): void {
  if (events.length === 0)
    throw invalidRequest('Missing required param: enabled_events.', 'enabled_events', 'parameter_missing');
  if (events.includes('*') && events.length > 1) {
    throw invalidRequest("You cannot combine '*' with other event types.", 'enabled_events');
  }
}
