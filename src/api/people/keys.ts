import { z } from 'zod';
import type { ApiDeps } from '../deps';
import { SCOPES } from '../http/permit';
import { answer, route, type Route } from '../http/route';
import { id, nothing, page, text } from '../http/schemas';
import {
  createKey,
  keysAnswer,
  keySchema,
  newKeySchema,
  pageOfKeys,
  revokeKey,
  scope,
} from '../platform/api-keys';

const TAG = 'API keys';

/** A coach's own keys of a mode, made and revoked without the platform. */
export function ownKeyRoutes(deps: ApiDeps): Route[] {
  const { db } = deps;
  return [
    route({
      method: 'post',
      path: '/v1/keys',
      tag: TAG,
      auth: 'coach',
      summary: 'Make an API key for this mode',
      description:
        'Its scope is fixed: full may all that an owner may, the others what a person of that role may. A key for access checks on a web server needs read_only.',
      body: z.strictObject({
        scope,
        name: text(60).optional().meta({ description: 'What to recognise it by', example: 'Shop server' }),
      }),
      answers: { 201: { description: 'The key, shown this once', schema: newKeySchema } },
      async handler({ auth: { coachId, mode }, body, newId }) {
        const of = { coachId, mode, role: SCOPES[body.scope], name: body.name ?? null };
        return answer(201, await createKey(db, newId('apiKey'), of));
      },
    }),
    route({
      method: 'get',
      path: '/v1/keys',
      tag: TAG,
      auth: 'coach',
      summary: 'List the API keys of this mode, with their last use',
      query: z.strictObject(page),
      answers: keysAnswer,
      handler: async ({ auth: { coachId, mode }, query }) =>
        answer(200, await pageOfKeys(db, { coachId, mode }, query)),
    }),
    route({
      method: 'post',
      path: '/v1/keys/{id}/revoke',
      tag: TAG,
      auth: 'coach',
      summary: 'Revoke an API key, at once and for good',
      description: 'Also the one that asks. Console sessions that it opened lose this mode.',
      params: z.strictObject({ id: id('key') }),
      body: nothing,
      answers: { 200: { description: 'The key, revoked', schema: keySchema } },
      handler: async ({ auth: { coachId, mode }, params }) =>
        answer(200, await revokeKey(deps, { id: params.id, coachId, mode })),
    }),
  ];
}
