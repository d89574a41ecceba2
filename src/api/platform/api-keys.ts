import { z } from 'zod';
import type { Db } from '../../db/client';
import type { ApiKey } from '../../db/generated/client';
import type { Mode } from '../../domain/mode';
import { ProblemError } from '../../domain/problem';
import { hashToken } from '../../domain/ids';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import { lockCoach } from '../../store/coach-lock';
import { endWhatLinksOpened } from '../console/sessions';
import { newApiKey } from './api-key-secret';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOf } from '../http/paging';
import { SCOPES, type Scope, scopeOf } from '../http/permit';
import { answer, route, type Route } from '../http/route';
import { id, listOf, mode, nothing, page, time } from '../http/schemas';

/** What a key is good for: all, or what a person of that role may do. */
export const scope = z.enum(Object.keys(SCOPES) as [Scope, ...Scope[]]);

export const keySchema = z
  .object({
    id: z.string(),
    coachId: z.string(),
    mode,
    scope: scope.meta({ description: 'What it may do; it never changes' }),
    name: z.string().nullable().meta({ description: 'What the coach calls it' }),
    lastFour: z.string().meta({ description: 'The last four characters, to recognise it by' }),
    createdAt: time,
    lastUsedAt: time.nullable(),
    revokedAt: time.nullable(),
  })
  .meta({ id: 'ApiKey' });

export const newKeySchema = keySchema
  .extend({ key: z.string().meta({ description: 'The key itself: shown this once, never stored' }) })
  .meta({ id: 'NewApiKey' });

export const keyView = (key: ApiKey) => ({
  id: key.id,
  coachId: key.coachId,
  mode: key.mode,
  scope: scopeOf(key.role),
  name: key.name,
  lastFour: key.lastFour,
  createdAt: isoTime(key.createdAt),
  lastUsedAt: isoTimeOrNull(key.lastUsedAt),
  revokedAt: isoTimeOrNull(key.revokedAt),
});

/** What a list of keys answers. */
export const keysAnswer = {
  200: { description: 'A page of keys, without the keys themselves', schema: listOf(keySchema) },
};

/** A page of the keys of a coach, or of one mode of theirs, newest first. */
export async function pageOfKeys(
  db: Db,
  of: { coachId: string; mode?: Mode },
  query: { limit: number; cursor?: string | undefined },
) {
  const { after, order } = pageArgs(query);
  const rows = await db.apiKey.findMany({ where: { ...of, ...after }, ...order });
  return pageOf(rows, query.limit, keyView);
}

/** Makes a key, and answers it with its secret, which is shown this once. */
export async function createKey(
  db: Db,
  id: string,
  of: Pick<ApiKey, 'coachId' | 'mode' | 'role' | 'name'>,
): Promise<ReturnType<typeof keyView> & { key: string }> {
  const secret = newApiKey(of.mode);
  const stored = { hash: hashToken(secret), lastFour: secret.slice(-4) };
  // A repetition after a crash finds a key that nobody ever saw: it gets a new secret.
  const key = await db.apiKey.upsert({
    where: { id },
    create: { id, ...of, ...stored },
    update: stored,
  });
  return { ...keyView(key), key: secret };
}

/** Revokes a key, and ends what it opened. @throws ProblemError `not_found` */
export async function revokeKey(
  { db, keys }: Pick<ApiDeps, 'db' | 'keys'>,
  which: { id: string; coachId?: string; mode?: Mode },
): Promise<ReturnType<typeof keyView>> {
  const found = await db.apiKey.findFirst({ where: which });
  if (found !== null && found.revokedAt === null)
    await db.$transaction(async (tx) => {
      await lockCoach(tx, found.coachId);
      await tx.apiKey.updateMany({
        where: { id: found.id, revokedAt: null },
        data: { revokedAt: new Date() },
      });
      await endWhatLinksOpened(tx, found.coachId, found.mode);
    });
  keys.forget(which.id);
  const key = await db.apiKey.findFirst({ where: which });
  if (key === null) throw new ProblemError('not_found', 'There is no API key with this id.');
  return keyView(key);
}

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
      body: z.strictObject({ mode, scope: scope.default('full') }),
      answers: { 201: { description: 'The key, shown this once', schema: newKeySchema } },
      problems: ['mode_off'],
      async handler({ params, body, newId }) {
        await expectCoach(params.id);
        if (config.stripe.modes[body.mode] === undefined)
          throw new ProblemError('mode_off', `Payments in ${body.mode} mode are switched off here.`, {
            field: 'mode',
          });
        const of = { coachId: params.id, mode: body.mode, role: SCOPES[body.scope], name: null };
        return answer(201, await createKey(db, newId('apiKey'), of));
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
      answers: keysAnswer,
      async handler({ params, query }) {
        await expectCoach(params.id);
        return answer(200, await pageOfKeys(db, { coachId: params.id }, query));
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
        return answer(200, await revokeKey({ db, keys }, { id: params.id }));
      },
    }),
  ];
}
