import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { newId } from '../ids';
import type { Json, JsonObject } from '../json';

export const API_VERSION = '2026-08-26.dahlia';

/** https://docs.stripe.com/api/events/object. `account` is there for connected accounts only. */
export function newEvent(input: {
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
    api_version: API_VERSION as string | null,
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

/** Journals hold events that were written with it: it may never change. Another one needs a mark in `_emu.data`. */
const dictionary = readFileSync(join(__dirname, '../../spec/event-dictionary-1.txt'));

/**
 * An event as the emulator keeps it: there are very many of them and few are read again, so `data` is compressed.
 * `deliveries` are the ids of its deliveries.
 */
export type StoredEvent = Omit<StripeEvent, 'data'> & { _emu: { data: string; deliveries: string[] } };

export function storeEvent({ data, ...event }: StripeEvent, deliveries: string[]): StoredEvent {
  const packed = deflateRawSync(JSON.stringify(data), { level: 3, dictionary }).toString('base64');
  return { ...event, pending_webhooks: deliveries.length, _emu: { data: packed, deliveries } };
}

/** The event as the API and the deliveries show it. */
export function publicEvent({ _emu, ...event }: StoredEvent): StripeEvent {
  const data = inflateRawSync(Buffer.from(_emu.data, 'base64'), { dictionary }).toString('utf8');
  const { livemode, pending_webhooks, request, type, ...head } = event;
  return {
    ...head,
    data: JSON.parse(data) as StripeEvent['data'],
    livemode,
    pending_webhooks,
    request,
    type,
  };
}

/** https://docs.stripe.com/api/webhook_endpoints/object */
export function newWebhookEndpoint(input: {
  url: string;
  enabledEvents: string[];
  connect: boolean;
  apiVersion: string | null;
  secret: string;
  livemode: boolean;
  created: number;
}) {
  return {
    id: newId('we'),
    object: 'webhook_endpoint' as const,
    api_version: input.apiVersion,
    application: null as string | null,
    created: input.created,
    description: null as string | null,
    enabled_events: input.enabledEvents,
    livemode: input.livemode,
    metadata: {} as Record<string, string>,
    status: 'enabled' as 'enabled' | 'disabled',
    url: input.url,
    _emu: { connect: input.connect, secret: input.secret },
  };
}

export type WebhookEndpoint = ReturnType<typeof newWebhookEndpoint>;
