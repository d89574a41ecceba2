import { newId } from '../ids';
import type { Json, JsonObject } from '../json';

export const API_VERSION = '2026-08-26.dahlia';

/** https://docs.stripe.com/api/events/object. `account` is there for connected accounts only. */
export function newEvent(input: {
  /** The account's version at this moment: https://docs.stripe.com/api/events/object#event_object-api_version */
  apiVersion: string;
  type: string;
  account: string | null;
  object: Json;
  previousAttributes: JsonObject | undefined;
  request: { id: string | null; idempotency_key: string | null } | null;
  livemode: boolean;
  created: number;
}) {
  return {
    id: newId('evt'),
    object: 'event' as const,
    ...(input.account ? { account: input.account } : {}),
    api_version: input.apiVersion as string | null,
    created: input.created,
    data: {
      object: input.object,
      ...(input.previousAttributes ? { previous_attributes: input.previousAttributes } : {}),
    },
    livemode: input.livemode,
    pending_webhooks: 0,
    request: input.request ?? { id: null, idempotency_key: null },
    type: input.type,
  };
}

export type StripeEvent = ReturnType<typeof newEvent>;

/**
 * An event as the emulator keeps it, in the newest shape. `deliveries` are the ids of its deliveries; `asCreated` is what
 * it carries in the older version of its creation.
 */
export type StoredEvent = StripeEvent & {
  _emu: { deliveries: string[]; asCreated?: StripeEvent['data'] };
};

export function storeEvent(
  event: StripeEvent,
  deliveries: string[],
  asCreated?: StripeEvent['data'],
): StoredEvent {
  const _emu = { deliveries, ...(asCreated === undefined ? {} : { asCreated }) };
  return { ...event, pending_webhooks: deliveries.length, _emu };
}

/** The event as the API shows it, for ever in the version of its creation: https://docs.stripe.com/api/events */
export function publicEvent({ _emu, ...event }: StoredEvent): StripeEvent {
  return _emu.asCreated === undefined ? event : { ...event, data: _emu.asCreated };
}

/** https://docs.stripe.com/api/webhook_endpoints/object */
export function newWebhookEndpoint(input: {
  url: string;
  enabledEvents: string[];
  /** The Connect application whose accounts it hears of; null for an endpoint of the platform's own events. */
  application: string | null;
  apiVersion: string | null;
  secret: string;
  livemode: boolean;
  created: number;
}) {
  return {
    id: newId('we'),
    object: 'webhook_endpoint' as const,
    api_version: input.apiVersion,
    application: input.application,
    created: input.created,
    description: null as string | null,
    enabled_events: input.enabledEvents,
    livemode: input.livemode,
    metadata: {} as Record<string, string>,
    status: 'enabled' as 'enabled' | 'disabled',
    url: input.url,
    _emu: { connect: input.application !== null, secret: input.secret },
  };
}

export type WebhookEndpoint = ReturnType<typeof newWebhookEndpoint>;
