import { z } from 'zod';
import type { ApiKey } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import { hashToken } from '../../domain/ids';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import { lockCoach } from '../../store/coach-lock';
import { endWhatLinksOpened } from '../console/sessions';
import { newApiKey } from './api-key-secret';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOf } from '../http/paging';
import { answer, route, type Route } from '../http/route';
import { id, listOf, mode, nothing, page, time } from '../http/schemas';

const keySchema = z
  .object({
    id: z.string(),
    coachId: z.string(),
    mode,
    lastFour: z.string().meta({ description: 'The last four characters, to recognise it by' }),
    createdAt: time,
    lastUsedAt: time.nullable(),
    revokedAt: time.nullable(),
  })
  .meta({ id: 'ApiKey' });

const newKeySchema = keySchema
  .extend({ key: z.string().meta({ description: 'The key itself: shown this once, never stored' }) })
  .meta({ id: 'NewApiKey' });

const view = (key: ApiKey) => ({
  id: key.id,
  coachId: key.coachId,
  mode: key.mode,
  lastFour: key.lastFour,
  createdAt: isoTime(key.createdAt),
  lastUsedAt: isoTimeOrNull(key.lastUsedAt),
  revokedAt: isoTimeOrNull(key.revokedAt),
});

/** The keys of coaches' servers. A key fixes the coach and the mode. */
export function apiKeyRoutes({ db, config, keys }: ApiDeps): Route[] {
  const expectCoach = async (coachId: string) => {
    const found = await db.coach.findUnique({ where: { id: coachId } });
    if (found === null) throw new ProblemError('not_found', 'There is no coach with this id.');
  };
  const ofCoach = z.strictObject({ id: id('coach') });
  return [
    route({
      method: 'post',
      path: '/v1/coaches/{id}/api-keys',
      tag: 'Platform',
      auth: 'platform',
      summary: 'Make an API key for a coach in one mode',
      params: ofCoach,
      body: z.strictObject({ mode }),
      answers: { 201: { description: 'The key, shown this once', schema: newKeySchema } },
      problems: ['mode_off'],
      async handler({ params, body, newId }) {
        await expectCoach(params.id);
        if (config.stripe.modes[body.mode] === undefined)
          throw new ProblemError('mode_off', `Payments in ${body.mode} mode are switched off here.`, {
            field: 'mode',
          });
        const secret = newApiKey(body.mode);
        const stored = { hash: hashToken(secret), lastFour: secret.slice(-4) };
        const keyId = newId('apiKey');
        // A repetition after a crash finds a key that nobody ever saw: it gets a new secret.
        const key = await db.apiKey.upsert({
          where: { id: keyId },
          create: { id: keyId, coachId: params.id, mode: body.mode, ...stored },
          update: stored,
        });
        return answer(201, { ...view(key), key: secret });
      },
    }),
    route({
      method: 'get',
      path: '/v1/coaches/{id}/api-keys',
      tag: 'Platform',
      auth: 'platform',
      summary: "List a coach's API keys",
      params: ofCoach,
      query: z.strictObject(page),
      answers: {
        200: { description: 'A page of keys, without the keys themselves', schema: listOf(keySchema) },
      },
      async handler({ params, query }) {
        await expectCoach(params.id);
        const { after, order } = pageArgs(query);
        const rows = await db.apiKey.findMany({ where: { coachId: params.id, ...after }, ...order });
        return answer(200, pageOf(rows, query.limit, view));
      },
    }),
    route({
      method: 'post',
      path: '/v1/api-keys/{id}/revoke',
      tag: 'Platform',
      auth: 'platform',
      summary: 'Revoke an API key, at once and for good',
      description:
        'Console sessions that it opened lose its mode. With the last key of a mode go the sessions that a link opened in it, and its open links.',
      params: z.strictObject({ id: id('key') }),
      body: nothing,
      answers: { 200: { description: 'The key, revoked', schema: keySchema } },
      async handler({ params }) {
        const found = await db.apiKey.findUnique({ where: { id: params.id } });
        if (found !== null && found.revokedAt === null)
          await db.$transaction(async (tx) => {
            await lockCoach(tx, found.coachId);
            await tx.apiKey.updateMany({
              where: { id: params.id, revokedAt: null },
              data: { revokedAt: new Date() },
            });
            await endWhatLinksOpened(tx, found.coachId, found.mode);
          });
        keys.forget(params.id);
        const key = await db.apiKey.findUnique({ where: { id: params.id } });
        if (key === null) throw new ProblemError('not_found', 'There is no API key with this id.');
        return answer(200, view(key));
      },
    }),
  ];
}
