import { z } from 'zod';
import { ProblemError } from '../../domain/problem';
import { readDelivery, redeliver, tellTest } from '../../store/webhook-deliveries';
import type { ApiDeps } from '../deps';
import { answer, route, type Route } from '../http/route';
import { id, listOf, moment, nothing, page } from '../http/schemas';
import { endpointParams, expectEndpoint, TAG } from './endpoints';
import { deliverySchema, deliveryView, WITH_LOG } from './views';

const oneDelivery = z.strictObject({ id: id('whe'), eventId: id('fct') });

/** What receivers were told, what they answered, and telling it again. */
export function webhookDeliveryRoutes(deps: ApiDeps): Route[] {
  const { db } = deps;

  async function show(key: { coachId: string; mode: 'test' | 'live'; endpointId: string; factId: string }) {
    const row = await db.webhookDelivery.findUnique({
      where: { coachId_mode_endpointId_factId: key },
      include: WITH_LOG,
    });
    if (row === null)
      throw new ProblemError('not_found', 'This endpoint was not told of an event with this id.');
    return deliveryView(row);
  }

  return [
    route({
      method: 'post',
      path: '/v1/webhook-endpoints/{id}/test',
      tag: TAG,
      auth: 'coach',
      summary: 'Send a webhook endpoint a test event',
      params: endpointParams,
      body: nothing,
      answers: { 201: { description: 'The delivery, under way', schema: deliverySchema } },
      problems: ['webhook_endpoint_disabled'],
      async handler({ auth, params }) {
        const endpoint = await expectEndpoint(deps, auth, params.id);
        if (endpoint.status === 'disabled')
          throw new ProblemError('webhook_endpoint_disabled', 'The endpoint is switched off.');
        const factId = await tellTest(db, endpoint);
        const { coachId, mode } = auth;
        return answer(201, await show({ coachId, mode, endpointId: endpoint.id, factId }));
      },
    }),
    route({
      method: 'get',
      path: '/v1/webhook-endpoints/{id}/deliveries',
      tag: TAG,
      auth: 'coach',
      summary: 'List what a webhook endpoint was told, the newest first',
      params: endpointParams,
      query: z.strictObject({
        limit: page.limit,
        cursor: id('fct').optional().meta({ description: '`nextCursor` of the page before' }),
        status: z.enum(['waiting', 'sending', 'delivered', 'failed']).optional(),
      }),
      answers: { 200: { description: 'A page of deliveries', schema: listOf(deliverySchema) } },
      async handler({ auth, params, query }) {
        const { coachId, mode } = auth;
        const endpoint = await expectEndpoint(deps, auth, params.id);
        const of = { coachId, mode, endpointId: endpoint.id };
        const from =
          query.cursor === undefined ? null : await readDelivery(db, { ...of, factId: query.cursor });
        if (query.cursor !== undefined && from === null)
          throw new ProblemError('invalid_request', 'The cursor names no delivery that is still kept.', {
            field: 'cursor',
          });
        const rows = await db.webhookDelivery.findMany({
          where: {
            ...of,
            ...(query.status === undefined ? {} : { status: query.status }),
            ...(from === null
              ? {}
              : {
                  OR: [
                    { createdAt: { lt: from.createdAt } },
                    { createdAt: from.createdAt, factId: { lt: from.factId } },
                  ],
                }),
          },
          orderBy: [{ createdAt: 'desc' }, { factId: 'desc' }],
          take: query.limit + 1,
          include: WITH_LOG,
        });
        const shown = rows.slice(0, query.limit);
        return answer(200, {
          data: shown.map(deliveryView),
          nextCursor: rows.length > query.limit ? (shown.at(-1)?.factId ?? null) : null,
        });
      },
    }),
    route({
      method: 'get',
      path: '/v1/webhook-endpoints/{id}/deliveries/{eventId}',
      tag: TAG,
      auth: 'coach',
      summary: 'How a webhook endpoint was told of one event',
      params: oneDelivery,
      answers: { 200: { description: 'The delivery', schema: deliverySchema } },
      async handler({ auth: { coachId, mode }, params }) {
        return answer(200, await show({ coachId, mode, endpointId: params.id, factId: params.eventId }));
      },
    }),
    route({
      method: 'post',
      path: '/v1/webhook-endpoints/{id}/deliveries/{eventId}/redeliver',
      tag: TAG,
      auth: 'coach',
      summary: 'Tell a webhook endpoint of one event again',
      description: 'At once, and with ten tries again, whatever has come of it so far.',
      params: oneDelivery,
      body: nothing,
      answers: { 200: { description: 'The delivery, under way', schema: deliverySchema } },
      problems: ['webhook_endpoint_disabled'],
      async handler({ auth, params }) {
        const { coachId, mode } = auth;
        const endpoint = await expectEndpoint(deps, auth, params.id);
        const key = { coachId, mode, endpointId: endpoint.id, factId: params.eventId };
        await show(key);
        if (endpoint.status === 'disabled')
          throw new ProblemError('webhook_endpoint_disabled', 'The endpoint is switched off.');
        await redeliver(db, endpoint, { factId: params.eventId });
        return answer(200, await show(key));
      },
    }),
    route({
      method: 'post',
      path: '/v1/webhook-endpoints/{id}/redeliver',
      tag: TAG,
      auth: 'coach',
      summary: 'Tell a webhook endpoint again of all since a time',
      description:
        'Of every event that it listens to, also of those that it was not told while it was switched off. What it knows already comes under the same `webhook-id`.',
      params: endpointParams,
      body: z.strictObject({
        since: moment,
        failedOnly: z.boolean().default(false).meta({ description: 'Only what was tried and given up' }),
      }),
      answers: {
        200: {
          description: 'How many events are under way',
          schema: z.object({ events: z.int() }).meta({ id: 'WebhookRedelivery' }),
        },
      },
      problems: ['webhook_endpoint_disabled'],
      async handler({ auth, params, body }) {
        const endpoint = await expectEndpoint(deps, auth, params.id);
        if (endpoint.status === 'disabled')
          throw new ProblemError('webhook_endpoint_disabled', 'The endpoint is switched off.');
        return answer(200, { events: await redeliver(db, endpoint, body) });
      },
    }),
  ];
}
