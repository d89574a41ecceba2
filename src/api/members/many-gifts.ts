import { z } from 'zod';
import { idFromSeed } from '../../domain/ids';
import { toSeconds } from '../../domain/time';
import { expectProduct } from '../catalog/products';
import { coachNow } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { answer, route, type Route } from '../http/route';
import { id, moment, text } from '../http/schemas';
import { expectFuture, giveGift } from './gift';
import { findPresentMember } from './records';

/** Members of one request: each is a transaction of its own. */
const MOST = 100;

const resultSchema = z
  .object({
    memberId: z.string(),
    outcome: z.enum(['given', 'already', 'not_found']).meta({
      description:
        '`given`: now. `already`: they have a gift of this product that lasts as long, and nothing was done. `not_found`: there is no such member, or they were erased',
    }),
    grantId: z.string().nullable().meta({ description: 'The gift that they have' }),
  })
  .meta({ id: 'GiftResult' });

/** The same gift for several members. */
export function manyGiftRoutes(deps: ApiDeps): Route[] {
  const { db } = deps;
  return [
    route({
      method: 'post',
      path: '/v1/grants/many',
      tag: 'Members and access',
      auth: 'coach',
      summary: 'Give several members access as a gift',
      description:
        'One after the other, each with a result of their own. Asked for again, it gives nothing twice: who has such a gift that lasts as long is left as they are.',
      body: z.strictObject({
        memberIds: z.array(id('mbr')).min(1, 'must not be empty').max(MOST, `must be at most ${MOST}`),
        productId: id('pdt'),
        until: moment.nullable().default(null).meta({ description: 'Null: without an end' }),
        note: text(500).nullable().default(null),
      }),
      answers: {
        200: {
          description: 'What became of each, in the order of the request',
          schema: z.object({ data: z.array(resultSchema) }),
        },
      },
      problems: ['not_found'],
      async handler({ auth, body, requestId }) {
        const { coachId, mode } = auth;
        const { productId, until, note } = body;
        await expectProduct(db, auth, productId);
        const now = await coachNow(deps, coachId, mode);
        expectFuture(until, now);
        const data: z.input<typeof resultSchema>[] = [];
        for (const memberId of new Set(body.memberIds)) {
          const member = await findPresentMember(db, auth, memberId);
          if (member === null) {
            data.push({ memberId, outcome: 'not_found', grantId: null });
            continue;
          }
          const grantId = idFromSeed('grant', `${requestId}\n${member.id}`);
          const key = { coachId, mode, memberId: member.id, productId };
          const given = await giveGift(db, auth, { grantId, key, until, note, now }, async (tx) => {
            const gifts = await tx.grant.findMany({
              where: { ...key, cause: 'gift', revoked: false, suspended: false },
              orderBy: { createdAt: 'asc' },
            });
            const same = gifts.find(
              (gift) =>
                toSeconds(gift.startsAt) <= now &&
                (gift.until === null || (until !== null && toSeconds(gift.until) >= until)),
            );
            return same?.id ?? null;
          });
          data.push({ memberId, outcome: given === grantId ? 'given' : 'already', grantId: given });
        }
        return answer(200, { data });
      },
    }),
  ];
}
