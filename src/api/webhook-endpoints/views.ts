import { z } from 'zod';
import type { WebhookDelivery, WebhookEndpoint, WebhookTry } from '../../db/generated/client';
import { FACT_TYPES } from '../../domain/facts';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import { mode, time } from '../http/schemas';

const KINDS = [...new Set(FACT_TYPES.map((type) => `${type.split('.')[0] ?? ''}.*`))];

/** What an endpoint listens to: types, or all of a kind. */
export const listenedType = z.enum([...FACT_TYPES, ...KINDS] as [string, ...string[]]);

export const endpointSchema = z
  .object({
    id: z.string().meta({ example: 'whe_3kTMd0fWbJ9xQeN4vYzA' }),
    mode,
    url: z.string(),
    description: z.string().nullable(),
    types: z.array(z.string()).meta({ description: 'What it listens to; empty: everything' }),
    status: z.enum(['enabled', 'disabled']),
    disabledReason: z.enum(['coach', 'failing', 'gone', 'copied']).nullable().meta({
      description:
        '`coach`: by a request. `failing`: every try of three days failed. `gone`: it answered 410. `copied`: from test mode, with a secret that nobody has seen yet; `rotate-secret` shows one and switches it on. Null while it is enabled',
    }),
    failingSince: time
      .nullable()
      .meta({ description: 'Since when no try has succeeded; null: the last has' }),
    oldSecretValidUntil: time
      .nullable()
      .meta({ description: 'Until then messages are signed with the secret before the present one as well' }),
    createdAt: time,
  })
  .meta({ id: 'WebhookEndpoint' });

export const newEndpointSchema = endpointSchema
  .extend({
    secret: z.string().meta({
      description:
        'The secret, shown this once: `whsec_` and a key in Base64, as the libraries of Standard Webhooks take it',
    }),
  })
  .meta({ id: 'NewWebhookEndpoint' });

export const deliverySchema = z
  .object({
    eventId: z.string().meta({ description: 'What it is sent as: `webhook-id`' }),
    type: z.string(),
    status: z.enum(['waiting', 'sending', 'delivered', 'failed']),
    tries: z.int().meta({ description: 'Of ten, since it was last asked for' }),
    nextTryAt: time.nullable(),
    createdAt: time,
    endedAt: time.nullable(),
    log: z
      .array(
        z.object({
          at: time,
          status: z.int().nullable().meta({ description: 'What the receiver answered; null: nothing' }),
          error: z.string().nullable().meta({
            description:
              'Why there was no answer: `timeout`, `connection_failed`, `tls_failed`, `name_not_found`, `address_not_allowed`, or `secret_unreadable`: nothing was sent, as this installation cannot read the secret; rotate it',
          }),
          latencyMs: z.int(),
          answer: z.string().nullable().meta({ description: 'The first kilobyte of the answer' }),
        }),
      )
      .meta({ description: 'Every try, the newest first' }),
  })
  .meta({ id: 'WebhookDelivery' });

export function endpointView(row: WebhookEndpoint): z.input<typeof endpointSchema> {
  const isOldValid = row.oldExpiresAt !== null && row.oldExpiresAt > new Date();
  return {
    id: row.id,
    mode: row.mode,
    url: row.url,
    description: row.description,
    types: row.types,
    status: row.status,
    // Written here, in src/store/webhook-deliveries.ts and in src/store/live-copy only.
    disabledReason: row.disabledReason as z.input<typeof endpointSchema>['disabledReason'],
    failingSince: isoTimeOrNull(row.failingSince),
    oldSecretValidUntil: isOldValid ? isoTimeOrNull(row.oldExpiresAt) : null,
    createdAt: isoTime(row.createdAt),
  };
}

/** What of a delivery is read to be shown. */
export const WITH_LOG = {
  fact: { select: { type: true } },
  log: { orderBy: { at: 'desc' } },
} as const;

export function deliveryView(
  row: WebhookDelivery & { fact: { type: string }; log: WebhookTry[] },
): z.input<typeof deliverySchema> {
  return {
    eventId: row.factId,
    type: row.fact.type,
    status: row.status,
    tries: row.tries,
    nextTryAt: isoTimeOrNull(row.nextTryAt),
    createdAt: isoTime(row.createdAt),
    endedAt: isoTimeOrNull(row.endedAt),
    log: row.log.map(({ at, status, error, latencyMs, answer }) => ({
      at: isoTime(at),
      status,
      error,
      latencyMs,
      answer,
    })),
  };
}
