import { z } from 'zod';
import { encrypt } from '../../db/encryption';
import type { WebhookEndpoint } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import { receiverFault } from '../../domain/receiver-address';
import { lockCoach } from '../../store/coach-lock';
import { MOST_WEBHOOK_ENDPOINTS, webhookSecretContext } from '../../store/webhook-endpoints';
import { newWebhookSecret } from '../../webhooks-out/sign';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOf } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { id, listOf, nothing, page, text, receiverAddress } from '../http/schemas';
import { endpointSchema, endpointView, listenedType, newEndpointSchema } from './views';

export const TAG = 'Webhooks';
const HOUR_MS = 3600 * 1000;

const types = z
  .array(listenedType)
  .max(100)
  .meta({ description: 'What it listens to, `membership.*` for all of a kind; empty: everything' });
export const endpointParams = z.strictObject({ id: id('whe') });

/** The endpoint of a coach in a mode. @throws ProblemError `not_found` */
export async function expectEndpoint(
  { db }: Pick<ApiDeps, 'db'>,
  { coachId, mode }: CoachAuth,
  endpointId: string,
): Promise<WebhookEndpoint> {
  const row = await db.webhookEndpoint.findUnique({
    where: { coachId_mode_id: { coachId, mode, id: endpointId } },
  });
  if (row === null) throw new ProblemError('not_found', 'There is no webhook endpoint with this id.');
  return row;
}

/** Receivers of events: where they are, what they listen to, and their secrets. */
export function webhookEndpointRoutes(deps: ApiDeps): Route[] {
  const { db, config } = deps;
  const seal = (endpointId: string, secret: string) =>
    encrypt(config.encryptionKey, secret, webhookSecretContext({ id: endpointId }));
  const expectReceiver = (url: string) => {
    const fault = receiverFault(url, config.receivers);
    if (fault !== null) throw new ProblemError('invalid_request', `The address ${fault}.`, { field: 'url' });
  };

  /** Changes an endpoint and shows it. */
  async function change(auth: CoachAuth, endpointId: string, data: Partial<WebhookEndpoint>) {
    const { coachId, mode } = auth;
    await db.webhookEndpoint.updateMany({ where: { coachId, mode, id: endpointId }, data });
    return answer(200, endpointView(await expectEndpoint(deps, auth, endpointId)));
  }

  /** Switches an endpoint to where it may be already. */
  const switching = (
    verb: 'enable' | 'disable',
    data: Pick<WebhookEndpoint, 'status'> & Partial<WebhookEndpoint>,
    words: { summary: string; description?: string },
  ) =>
    route({
      method: 'post',
      path: `/v1/webhook-endpoints/{id}/${verb}`,
      tag: TAG,
      auth: 'coach',
      ...words,
      params: endpointParams,
      body: nothing,
      answers: { 200: { description: 'The endpoint', schema: endpointSchema } },
      async handler({ auth, params }) {
        const row = await expectEndpoint(deps, auth, params.id);
        return row.status === data.status ? answer(200, endpointView(row)) : change(auth, row.id, data);
      },
    });

  return [
    route({
      method: 'post',
      path: '/v1/webhook-endpoints',
      tag: TAG,
      auth: 'coach',
      summary: 'Have events told to an address of yours',
      description:
        'Each event is posted as JSON, signed as [Standard Webhooks](https://www.standardwebhooks.com) says; any of its libraries verifies it. It is tried ten times over three days until a 2xx is answered within 15 seconds; redirects are not followed. The order is not promised: `sequence` is there to sort by, and `webhook-id` to know what came twice.',
      body: z.strictObject({
        url: receiverAddress.meta({ description: '`https`, and on the public internet' }),
        types: types.default([]),
        description: text(200).nullable().default(null),
      }),
      answers: { 201: { description: 'The endpoint, with its secret', schema: newEndpointSchema } },
      problems: ['too_many_webhook_endpoints'],
      async handler({ auth: { coachId, mode }, body, newId }) {
        expectReceiver(body.url);
        const endpointId = newId('webhookEndpoint');
        const secret = newWebhookSecret();
        const sealed = seal(endpointId, secret);
        const row = await db.$transaction(async (tx) => {
          // One after the other, or the limit could be passed.
          await lockCoach(tx, coachId);
          const others = await tx.webhookEndpoint.count({
            where: { coachId, mode, id: { not: endpointId } },
          });
          if (others >= MOST_WEBHOOK_ENDPOINTS)
            throw new ProblemError(
              'too_many_webhook_endpoints',
              `There are ${MOST_WEBHOOK_ENDPOINTS} endpoints already.`,
            );
          // A repetition after a crash finds a secret that nobody ever saw: it gets a new one.
          return tx.webhookEndpoint.upsert({
            where: { coachId_mode_id: { coachId, mode, id: endpointId } },
            create: { id: endpointId, coachId, mode, sealed, ...body },
            update: { sealed },
          });
        });
        return answer(201, { ...endpointView(row), secret });
      },
    }),
    route({
      method: 'get',
      path: '/v1/webhook-endpoints',
      tag: TAG,
      auth: 'coach',
      summary: 'List the webhook endpoints',
      query: z.strictObject(page),
      answers: { 200: { description: 'A page of them', schema: listOf(endpointSchema) } },
      async handler({ auth: { coachId, mode }, query }) {
        const { after, order } = pageArgs(query);
        const rows = await db.webhookEndpoint.findMany({ where: { coachId, mode, ...after }, ...order });
        return answer(200, pageOf(rows, query.limit, endpointView));
      },
    }),
    route({
      method: 'get',
      path: '/v1/webhook-endpoints/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'One webhook endpoint',
      params: endpointParams,
      answers: { 200: { description: 'The endpoint', schema: endpointSchema } },
      async handler({ auth, params }) {
        return answer(200, endpointView(await expectEndpoint(deps, auth, params.id)));
      },
    }),
    route({
      method: 'patch',
      path: '/v1/webhook-endpoints/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'Change where a webhook endpoint is, or what it listens to',
      params: endpointParams,
      body: z.strictObject({
        url: receiverAddress.optional(),
        types: types.optional(),
        description: text(200).nullable().optional(),
      }),
      answers: { 200: { description: 'The endpoint', schema: endpointSchema } },
      async handler({ auth, params, body }) {
        if (body.url !== undefined) expectReceiver(body.url);
        const given = Object.entries(body).filter(([, value]) => value !== undefined);
        return change(auth, params.id, Object.fromEntries(given));
      },
    }),
    route({
      method: 'post',
      path: '/v1/webhook-endpoints/{id}/rotate-secret',
      tag: TAG,
      auth: 'coach',
      summary: 'Give a webhook endpoint a new secret',
      description:
        'Messages are signed with both secrets for a day, unless told, so that the receiver can be given the new one meanwhile. An endpoint that was copied from test mode has a secret that nobody has seen: it is switched on with the new one alone.',
      params: endpointParams,
      body: z.strictObject({
        keepOldHours: z
          .int()
          .min(0)
          .max(7 * 24)
          .default(24)
          .meta({ description: 'Hours that the old one still signs; 0: it ends at once' }),
      }),
      answers: { 200: { description: 'The endpoint, with its new secret', schema: newEndpointSchema } },
      async handler({ auth, params, body }) {
        const row = await expectEndpoint(deps, auth, params.id);
        const secret = newWebhookSecret();
        const { body: shown } = await change(auth, row.id, {
          sealed: seal(row.id, secret),
          ...(row.disabledReason === 'copied'
            ? { status: 'enabled' as const, disabledReason: null }
            : { oldSealed: row.sealed, oldExpiresAt: new Date(Date.now() + body.keepOldHours * HOUR_MS) }),
        });
        return answer(200, { ...shown, secret });
      },
    }),
    switching(
      'disable',
      { status: 'disabled', disabledReason: 'coach' },
      {
        summary: 'Switch a webhook endpoint off',
        description: 'It is told nothing more. What it misses can be delivered when it is on again.',
      },
    ),
    switching(
      'enable',
      { status: 'enabled', disabledReason: null, failingSince: null },
      { summary: 'Switch a webhook endpoint on again' },
    ),
    route({
      method: 'delete',
      path: '/v1/webhook-endpoints/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'Delete a webhook endpoint, and the log of what it was told',
      params: endpointParams,
      answers: { 200: { description: 'The endpoint, as it was', schema: endpointSchema } },
      async handler({ auth, params }) {
        const row = await expectEndpoint(deps, auth, params.id);
        const { coachId, mode } = auth;
        await db.webhookEndpoint.deleteMany({ where: { coachId, mode, id: row.id } });
        return answer(200, endpointView(row));
      },
    }),
  ];
}
