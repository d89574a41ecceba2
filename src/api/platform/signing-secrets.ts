import { z } from 'zod';
import type { Db } from '../../db/client';
import { decrypt, encrypt } from '../../db/encryption';
import type { SigningSecret } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import { newToken } from '../../domain/ids';
import type { Mode } from '../../domain/mode';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import { lockCoach } from '../../store/coach-lock';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOf } from '../http/paging';
import { answer, route, type Route } from '../http/route';
import { id, listOf, mode, nothing, page, time } from '../http/schemas';

const HOUR = 3600 * 1000;

const secretSchema = z
  .object({
    id: z.string().meta({ description: 'What tokens name as `kid` in their header' }),
    mode,
    createdAt: time,
    validUntil: time
      .nullable()
      .meta({ description: 'Tokens that it signed are taken until then; null: it is the one in use' }),
  })
  .meta({ id: 'SigningSecret' });

const newSecretSchema = secretSchema
  .extend({
    secret: z.string().meta({
      description:
        'The secret itself, shown this once: the key of HS256 is this text as it stands, as UTF-8, prefix and all',
    }),
  })
  .meta({ id: 'NewSigningSecret' });

const view = (row: SigningSecret) => ({
  id: row.id,
  mode: row.mode,
  createdAt: isoTime(row.createdAt),
  validUntil: isoTimeOrNull(row.expiresAt),
});

/** What a secret is encrypted under: it cannot be opened as another row's. */
const contextOf = (secretId: string) => `signing-secret/${secretId}`;

/** 256 random bits behind a prefix that secret scanners find. */
const newSecret = (of: Mode) => `ses_sign_${of}_${newToken()}`;

/** The signing secrets of a coach in a mode, by id; null for one that is not theirs, or has ended. */
export function createSigningSecrets(db: Db, encryptionKey: Buffer) {
  return ({ coachId, mode: of }: { coachId: string; mode: Mode }) =>
    async (secretId: string): Promise<string | null> => {
      const row = await db.signingSecret.findFirst({
        where: {
          id: secretId,
          coachId,
          mode: of,
          OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }],
        },
      });
      return row === null ? null : decrypt(encryptionKey, row.sealed, contextOf(row.id));
    };
}

/** What a coach's server signs links for its members with. An API key opens the API and signs nothing. */
export function signingSecretRoutes({ db, config }: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/signing-secrets',
      tag: 'Signing secrets',
      auth: 'coach',
      summary: 'Make a signing secret; the one in use is replaced',
      description:
        'A server signs with it, as a JSON Web Token (HS256), who is buying: see `member` of /buy/{priceId}. The secret that was in use is taken for some hours more, so that a server can be given the new one meanwhile.',
      body: z.strictObject({
        keepOldHours: z
          .int()
          .min(0)
          .max(7 * 24)
          .default(24)
          .meta({ description: 'Hours that the old one is still taken; 0: it ends at once' }),
      }),
      answers: { 201: { description: 'The secret, shown this once', schema: newSecretSchema } },
      async handler({ auth: { coachId, mode: of }, body, newId }) {
        const secretId = newId('signingSecret');
        const secret = newSecret(of);
        const sealed = encrypt(config.encryptionKey, secret, contextOf(secretId));
        const others = { coachId, mode: of, expiresAt: null, id: { not: secretId } };
        const expiresAt = new Date(Date.now() + body.keepOldHours * HOUR);
        const row = await db.$transaction(async (tx) => {
          // One rotation after the other, or two secrets would both be in use.
          await lockCoach(tx, coachId);
          await tx.signingSecret.updateMany({ where: others, data: { expiresAt } });
          // A repetition after a crash finds a secret that nobody ever saw: it gets a new one.
          return tx.signingSecret.upsert({
            where: { id: secretId },
            create: { id: secretId, coachId, mode: of, sealed },
            update: { sealed },
          });
        });
        return answer(201, { ...view(row), secret });
      },
    }),
    route({
      method: 'get',
      path: '/v1/signing-secrets',
      tag: 'Signing secrets',
      auth: 'coach',
      summary: 'List the signing secrets',
      query: z.strictObject(page),
      answers: {
        200: { description: 'A page of them, without the secrets themselves', schema: listOf(secretSchema) },
      },
      async handler({ auth: { coachId, mode: of }, query }) {
        const { after, order } = pageArgs(query);
        const rows = await db.signingSecret.findMany({ where: { coachId, mode: of, ...after }, ...order });
        return answer(200, pageOf(rows, query.limit, view));
      },
    }),
    route({
      method: 'post',
      path: '/v1/signing-secrets/{id}/expire',
      tag: 'Signing secrets',
      auth: 'coach',
      summary: 'End a signing secret at once',
      description: 'For one that became known. Links that it signed are not taken any more.',
      params: z.strictObject({ id: id('sgn') }),
      body: nothing,
      answers: { 200: { description: 'The secret, ended', schema: secretSchema } },
      async handler({ auth: { coachId, mode: of }, params }) {
        const now = new Date();
        const own = { id: params.id, coachId, mode: of };
        await db.signingSecret.updateMany({
          where: { ...own, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
          data: { expiresAt: now },
        });
        const row = await db.signingSecret.findFirst({ where: own });
        if (row === null) throw new ProblemError('not_found', 'There is no signing secret with this id.');
        return answer(200, view(row));
      },
    }),
  ];
}
