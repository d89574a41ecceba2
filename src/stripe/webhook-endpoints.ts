import type Stripe from 'stripe';
import {
  type EndpointFacts,
  type EndpointJudgement,
  judgeEndpoints,
  type WantedEndpoint,
  type WebhookScope,
} from '../domain/webhook-endpoints';
import { EVENT_TYPES } from './event-types';
import { STRIPE_API_VERSION } from './client';
import { expectObject } from './errors';

/** Where Stripe delivers, below the API's public address. */
export const WEBHOOK_PATH = '/webhooks/stripe';

/** Marks what was created here. */
const MANAGED_BY = { managed_by: 'session-payments' };

/** The endpoint that a scope needs: exactly the events that the table of resolvers has. */
export function wantedEndpoint(scope: WebhookScope, publicUrl: string): WantedEndpoint {
  return { scope, url: `${publicUrl}${WEBHOOK_PATH}`, events: EVENT_TYPES, apiVersion: STRIPE_API_VERSION };
}

/** Every endpoint of the platform in the client's mode. https://docs.stripe.com/api/webhook_endpoints/list */
export async function listEndpoints(
  stripe: Stripe,
  options: Stripe.RequestOptions = {},
): Promise<EndpointFacts[]> {
  const found: EndpointFacts[] = [];
  for await (const endpoint of stripe.webhookEndpoints.list({ limit: 100 }, options))
    found.push(endpointFacts(endpoint));
  return found;
}

function endpointFacts(endpoint: Stripe.WebhookEndpoint): EndpointFacts {
  return {
    id: endpoint.id,
    url: endpoint.url,
    // Nothing else tells the scope: an endpoint for connected accounts belongs to the Connect application.
    scope: endpoint.application === null ? 'platform' : 'connect',
    enabled: endpoint.status === 'enabled',
    events: endpoint.enabled_events,
    apiVersion: endpoint.api_version,
    managed: endpoint.metadata['managed_by'] === MANAGED_BY.managed_by,
  };
}

/** What was found and done about one endpoint. */
export interface SetUpEndpoint extends Omit<EndpointJudgement, 'endpoint'> {
  scope: WebhookScope;
  url: string;
  id: string | null;
  outcome: 'right' | 'repaired' | 'created' | 'wrong' | 'missing';
  /** Of an endpoint that was just created: Stripe shows it this once. */
  secret: string | null;
}

/**
 * Creates the endpoint or repairs it; with `check` it is only judged. Repeating it changes nothing. A version cannot be
 * changed, so another endpoint is created beside, and the old one stays until its secret is out of use: what both send
 * is stored once. No idempotency key: a run looks first, and a key would bring back one that was deleted meanwhile.
 */
export async function setUpEndpoint(
  stripe: Stripe,
  wanted: WantedEndpoint,
  found: readonly EndpointFacts[],
  { check }: { check: boolean },
): Promise<SetUpEndpoint> {
  const { endpoint, ...judgement } = judgeEndpoints(wanted, found);
  const { faults } = judgement;
  const told = { ...judgement, scope: wanted.scope, url: wanted.url, id: endpoint?.id ?? null, secret: null };
  if (endpoint !== null && faults.length === 0) return { ...told, outcome: 'right' };
  if (check) return { ...told, outcome: endpoint === null ? 'missing' : 'wrong' };
  if (endpoint === null || faults.includes('wrong_api_version'))
    return { ...told, ...(await create(stripe, wanted)) };
  await repair(stripe, wanted, endpoint);
  return { ...told, outcome: 'repaired' };
}

async function create(stripe: Stripe, { scope, url, events, apiVersion }: WantedEndpoint) {
  const created = await stripe.webhookEndpoints.create({
    url,
    connect: scope === 'connect',
    enabled_events: events as Stripe.WebhookEndpointCreateParams.EnabledEvent[],
    api_version: apiVersion as Stripe.WebhookEndpointCreateParams.ApiVersion,
    description: 'Session Payments',
    metadata: MANAGED_BY,
  });
  const { id, secret } = expectObject(created, 'webhook_endpoint');
  if (secret === undefined) throw new Error(`The endpoint ${id} was created without a secret.`);
  return { outcome: 'created' as const, id, secret };
}

async function repair(
  stripe: Stripe,
  { url, events }: WantedEndpoint,
  endpoint: EndpointFacts,
): Promise<void> {
  const updated = await stripe.webhookEndpoints.update(endpoint.id, {
    url,
    enabled_events: events as Stripe.WebhookEndpointUpdateParams.EnabledEvent[],
    disabled: false,
    metadata: MANAGED_BY,
  });
  expectObject(updated, 'webhook_endpoint');
}
