import { z } from 'zod';
import type { Membership } from '../../db/generated/client';
import { COMPARISON_STATES, comparisonState, DIFFERENCES, type FoundDifference } from '../../domain/drift';
import { isoTime, isoTimeOrNull, toDate, toSeconds, toSecondsOrNull } from '../../domain/time';
import type { ApiDeps } from '../deps';
import { answer, route, type Route } from '../http/route';
import { time } from '../http/schemas';

const difference = z.object({
  field: z.enum(DIFFERENCES).meta({ description: '`subscription`: Stripe has no such subscription' }),
  here: z.string().nullable(),
  stripe: z.string().nullable(),
});

/** How a membership stands beside what Stripe says. */
export const comparisonSchema = z
  .object({
    at: time.meta({ description: 'When it was last compared' }),
    state: z.enum(COMPARISON_STATES).meta({
      description:
        '`in_order`: nothing differs; `repaired`: something did, and it was looked at since; `differs`: a look is under way, or did not settle it',
    }),
    since: time.nullable().meta({ description: 'Since which comparison it differs; null: it is in order' }),
    found: z
      .object({ at: time, differences: z.array(difference) })
      .nullable()
      .meta({ description: 'What differed last, also when it is in order again; null: nothing ever did' }),
  })
  .nullable()
  .meta({ description: 'The daily comparison with Stripe; null: not compared yet, or bought once' });

type Row = Pick<Membership, 'comparedAt' | 'differsSince' | 'difference' | 'verifiedAt'>;

/** The comparison of a membership as the API shows it. */
export function comparisonView(row: Row): z.output<typeof comparisonSchema> {
  const { comparedAt, differsSince, verifiedAt } = row;
  if (comparedAt === null) return null;
  // Written by src/store/drift.ts alone.
  const found = row.difference as unknown as FoundDifference | null;
  return {
    at: isoTime(comparedAt),
    state: comparisonState({
      comparedAt: toSeconds(comparedAt),
      differsSince: toSecondsOrNull(differsSince),
      verifiedAt: toSeconds(verifiedAt),
    }),
    since: isoTimeOrNull(differsSince),
    found: found === null ? null : { at: isoTime(toDate(found.foundAt)), differences: found.differences },
  };
}

/** How all of a coach's live subscriptions stand beside Stripe. */
export function comparisonRoutes({ db }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/comparison',
      tag: 'Memberships',
      auth: 'coach',
      summary: 'How the memberships stand beside Stripe',
      description:
        'Each live subscription is held against Stripe once a day. What differs is looked at by itself; `GET /v1/memberships?differs=true` lists what differed when it was last compared.',
      answers: {
        200: {
          description: 'The last comparison',
          schema: z
            .object({
              at: time.nullable().meta({ description: 'When the newest was compared; null: none was yet' }),
              inOrder: z.int(),
              differs: z.int().meta({ description: 'When last compared, looked at since or not' }),
              notCompared: z.int().meta({ description: 'Newer than the last comparison' }),
            })
            .meta({ id: 'Comparison' }),
        },
      },
      async handler({ auth: { coachId, mode } }) {
        const ours = { coachId, mode, kind: 'subscription' as const };
        const live = { ...ours, endedAt: null };
        const [inOrder, differs, notCompared, newest] = await Promise.all([
          db.membership.count({ where: { ...live, comparedAt: { not: null }, differsSince: null } }),
          db.membership.count({ where: { ...ours, differsSince: { not: null } } }),
          db.membership.count({ where: { ...live, comparedAt: null } }),
          db.membership.aggregate({ where: ours, _max: { comparedAt: true } }),
        ]);
        const at = isoTimeOrNull(newest._max.comparedAt);
        return answer(200, { at, inOrder, differs, notCompared });
      },
    }),
  ];
}
