import { z } from 'zod';
import { answerAccess } from './access-answer';
import { gather } from '../../db/gather';
import { type AccessQuestion, readAccess } from '../../db/hot-reads';
import { coachNow } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { answer, route, type Route } from '../http/route';
import { nextSchema } from '../memberships/view';
import { noProduct } from '../catalog/products';
import { id, text, time } from '../http/schemas';

const accessSchema = z
  .object({
    access: z.boolean(),
    reason: z.string().meta({ example: 'paid', description: 'Why, a stable code' }),
    explanation: z.string().meta({ example: 'Paid for the present period.' }),
    until: time
      .nullable()
      .meta({ description: 'When access ends as things stand; null without an end, or without access' }),
    next: nextSchema.meta({ description: 'What happens next by itself: the earliest of `upcoming`' }),
    upcoming: z
      .array(
        nextSchema.unwrap().extend({
          grantId: z.string(),
          cause: z.enum(['membership', 'gift', 'free']),
          membershipId: z.string().nullable(),
        }),
      )
      .meta({ description: 'What comes of each cause of access by itself, the earliest first' }),
    grants: z.array(
      z.object({
        id: z.string(),
        cause: z.enum(['membership', 'gift', 'free']),
        membershipId: z.string().nullable(),
        startsAt: time,
        until: time.nullable(),
        state: z.enum(['live', 'not_started', 'over', 'suspended', 'revoked']),
      }),
    ),
    memberId: z.string().nullable().meta({ description: 'Null for somebody who never bought anything' }),
    productId: z.string(),
    asOf: time.meta({ description: 'The time of the answer' }),
  })
  .meta({ id: 'Access' });

/** Checks of one statement, and statements at once. */
const TOGETHER = { most: 32, atOnce: 2 };

/** May this member see this product? Reads Postgres only: it works while Temporal or Stripe are down. */
export function accessRoutes(deps: ApiDeps): Route[] {
  const { pool } = deps;
  const read = gather((questions: readonly AccessQuestion[]) => readAccess(pool, questions), TOGETHER);
  return [
    route({
      method: 'get',
      path: '/v1/access',
      tag: 'Members and access',
      auth: 'coach',
      summary: 'Does a member have access to a product, why, until when, and what happens next?',
      description: 'Somebody unknown has no access: the answer is `access: false`, not an error.',
      query: z.strictObject({
        member: text(200).meta({
          description: "Our id for the member, or the coach's own",
          example: 'user-42',
        }),
        product: id('pdt'),
      }),
      answers: { 200: { description: 'The answer', schema: accessSchema } },
      problems: ['not_found'],
      async handler({ auth, query }) {
        const { coachId, mode } = auth;
        const productId = query.product;
        const [{ memberId, hasProduct, isPending, grants }, now] = await Promise.all([
          read({ coachId, mode, member: query.member, productId }),
          coachNow(deps, coachId, mode),
        ]);
        const found = answerAccess(grants, isPending, now);
        if (!found.access && !hasProduct) throw noProduct();
        return answer(200, { ...found, memberId, productId });
      },
    }),
  ];
}
