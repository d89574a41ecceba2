/**
 * What a webhook endpoint of the platform has to be like, and how the ones that Stripe has differ from it. The same
 * judgement is what `npm run stripe:setup` repairs by and what the diagnosis tells.
 * https://docs.stripe.com/connect/webhooks
 */

/** `connect`: hears of the connected accounts. `platform`: hears of the platform's own account only. */
export const WEBHOOK_SCOPES = ['connect', 'platform'] as const;
export type WebhookScope = (typeof WEBHOOK_SCOPES)[number];

/** An endpoint as Stripe has it. */
export interface EndpointFacts {
  id: string;
  url: string;
  scope: WebhookScope;
  enabled: boolean;
  /** `*` stands for every kind of event. */
  events: string[];
  /** Null: the platform account's default version. */
  apiVersion: string | null;
  /** Created by `npm run stripe:setup` or `npm start`, so it may be moved to another address. */
  managed: boolean;
}

/** An endpoint as it has to be. */
export interface WantedEndpoint {
  url: string;
  scope: WebhookScope;
  events: string[];
  apiVersion: string;
}

export type EndpointFault = 'disabled' | 'wrong_address' | 'wrong_events' | 'wrong_api_version';

export interface EndpointJudgement {
  /** The endpoint that is meant for us; null when there is none. */
  endpoint: EndpointFacts | null;
  faults: EndpointFault[];
  /** Types that are needed and not sent. */
  missingEvents: string[];
  /** Others that send to the same address in the same scope: an earlier one, say, whose secret is still in use. */
  duplicates: EndpointFacts[];
}

/**
 * Finds the endpoint that is meant for us: one at our address, else one that was created here and has moved. Of several
 * the one with the fewest faults is taken. Endpoints of other scopes are none: a scope cannot be changed.
 */
export function judgeEndpoints(wanted: WantedEndpoint, found: readonly EndpointFacts[]): EndpointJudgement {
  const inScope = found.filter(({ scope }) => scope === wanted.scope);
  const here = inScope.filter(({ url }) => isSameAddress(url, wanted.url));
  const candidates = here.length > 0 ? here : inScope.filter(({ managed }) => managed);
  const [best, ...others] = candidates
    .map((endpoint) => ({ endpoint, faults: faultsOf(wanted, endpoint) }))
    .sort((a, b) => a.faults.length - b.faults.length);
  return {
    endpoint: best?.endpoint ?? null,
    faults: best?.faults ?? [],
    missingEvents: best === undefined ? [] : missingEvents(wanted, best.endpoint),
    duplicates: here.length > 1 ? others.map(({ endpoint }) => endpoint) : [],
  };
}

/** What is not as it has to be. The events have to be exactly the ones that are needed: each other one is work for nothing. */
export function faultsOf(wanted: WantedEndpoint, endpoint: EndpointFacts): EndpointFault[] {
  const faults: EndpointFault[] = [];
  if (!isSameAddress(endpoint.url, wanted.url)) faults.push('wrong_address');
  if (!endpoint.enabled) faults.push('disabled');
  if (!isSameSet(endpoint.events, wanted.events)) faults.push('wrong_events');
  if (endpoint.apiVersion !== wanted.apiVersion) faults.push('wrong_api_version');
  return faults;
}

/** The types that are needed and that the endpoint does not send. */
export function missingEvents(wanted: Pick<WantedEndpoint, 'events'>, endpoint: EndpointFacts): string[] {
  if (endpoint.events.includes('*')) return [];
  return wanted.events.filter((type) => !endpoint.events.includes(type));
}

/** The same address, however it is spelled. */
export function isSameAddress(one: string, other: string): boolean {
  const spelled = (url: string) => (URL.canParse(url) ? new URL(url).href.replace(/\/+$/, '') : url);
  return spelled(one) === spelled(other);
}

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  const set = new Set(some);
  return set.size === new Set(others).size && others.every((one) => set.has(one));
}
