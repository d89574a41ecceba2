import { z } from 'zod';
import type { Erasure, Member } from '../../db/generated/client';
import { DEFAULT_DELAY_MINUTES, erasureProblem, LONGEST_DELAY_MINUTES } from '../../domain/erasure';
import { ProblemError } from '../../domain/problem';
import { isoTime, isoTimeOrNull, MINUTE, toDate } from '../../domain/time';
import { memberErasureWorkflowId } from '../../messages/ids';
import { liveThingsOf } from '../../store/erasure';
import type { ApiDeps } from '../deps';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { id, nothing, time } from '../http/schemas';
import { wait, whenSettled } from '../http/wait';
import { findMember } from './records';

const TAG = 'Privacy';
/** Milliseconds that a request waits for Temporal; the row is there, so a run comes anyhow. */
const TEMPORAL_TIMEOUT_MS = 5_000;

const erasureSchema = z
  .object({
    memberId: z.string(),
    status: z.enum(['none', 'waiting', 'erasing', 'erased', 'cancelled', 'failed']).meta({
      description:
        '`none`: nobody has asked. `waiting`: it can be cancelled. `failed`: `failureCode` says why; ask again when it is mended',
    }),
    deleteStripeCustomer: z.boolean(),
    endMemberships: z.boolean(),
    requestedAt: time.nullable(),
    startsAt: time.nullable().meta({ description: 'From then on it cannot be taken back' }),
    begunAt: time.nullable(),
    endedAt: time.nullable(),
    failureCode: z.string().nullable(),
    customersDeleted: z.int().meta({ description: 'Customers that Stripe deleted' }),
    customersLeft: z.int().meta({
      description: 'Customers on Stripe accounts that are not connected any more: delete them there',
    }),
    workflowId: z.string().nullable().meta({ description: 'The run, as the Temporal Web UI finds it' }),
  })
  .meta({ id: 'Erasure' });

const view = (row: Erasure) => ({
  memberId: row.memberId,
  status: row.status,
  deleteStripeCustomer: row.deleteStripeCustomer,
  endMemberships: row.endMemberships,
  requestedAt: isoTime(row.requestedAt),
  startsAt: isoTime(row.startsAt),
  begunAt: isoTimeOrNull(row.begunAt),
  endedAt: isoTimeOrNull(row.endedAt),
  failureCode: row.failureCode,
  customersDeleted: row.customersDeleted,
  customersLeft: row.customersLeft,
  workflowId: memberErasureWorkflowId(row.memberId),
});

/** Nobody has asked for it. */
const none = (memberId: string) => ({
  memberId,
  status: 'none' as const,
  deleteStripeCustomer: false,
  endMemberships: false,
  requestedAt: null,
  startsAt: null,
  begunAt: null,
  endedAt: null,
  failureCode: null,
  customersDeleted: 0,
  customersLeft: 0,
  workflowId: null,
});

/** Erasing a member, as a run that can be watched, and taken back until it begins. */
export function erasureRoutes(deps: ApiDeps): Route[] {
  const { db, workflows } = deps;
  const params = z.strictObject({ id: id('mbr') });

  const expectMember = async (auth: CoachAuth, memberId: string): Promise<Member> => {
    const member = await findMember(db, auth, memberId);
    if (member === null) throw new ProblemError('not_found', 'There is no member with this id.');
    return member;
  };
  const expectErasure = async (memberId: string): Promise<Erasure> => {
    const row = await db.erasure.findUnique({ where: { memberId } });
    if (row === null) throw new ProblemError('not_found', 'Nobody has asked to erase this member.');
    return row;
  };
  /** @throws ProblemError for what has to come first */
  const expectErasable = async (
    { coachId, mode, id: memberId }: Member,
    endMemberships: boolean,
  ): Promise<void> => {
    const live = await liveThingsOf(db, { coachId, mode, memberId });
    const membershipIds = [...live.charged, ...live.owned];
    const problem = erasureProblem({
      pendingCheckouts: live.pending.length,
      liveMemberships: membershipIds.length,
      endMemberships,
    });
    if (problem === 'checkout_in_progress')
      throw new ProblemError(problem, 'A payment of the member is still on its way.', {
        checkoutIds: live.pending,
      });
    if (problem !== null)
      throw new ProblemError(problem, 'The member still has a membership.', { membershipIds });
  };
  /** Its run looks at the row; where Temporal is down, the worker's sweep starts one later. */
  const tellRun = async ({ coachId, mode }: CoachAuth, memberId: string): Promise<void> => {
    await workflows
      .withDeadline(TEMPORAL_TIMEOUT_MS, () =>
        workflows.memberErasureChanged(memberId, { coachId, mode, memberId }),
      )
      .catch((error: unknown) => {
        deps.log.warn(
          { memberId, err: error instanceof Error ? error.name : 'unknown' },
          'An erasure waits for its run',
        );
      });
  };

  return [
    route({
      method: 'post',
      path: '/v1/members/{id}/erase',
      tag: TAG,
      auth: 'coach',
      summary: 'Erase a member',
      description:
        "Takes away all that names the member: address, your id, the bodies of Stripe's events, what their browser brought. Amounts, dates and Stripe's ids stay for your books, under an id that says nothing. Asking again changes nothing once it has begun. A member who still has a membership is erased only with `endMemberships`, because it ends their access, and what they have paid for, for good.",
      params,
      body: z.strictObject({
        endMemberships: z.boolean().default(false).meta({
          description:
            'Cancel subscriptions at once, and take away what the member owns. Nothing is paid back by this',
        }),
        deleteStripeCustomer: z.boolean().default(false).meta({
          description:
            "Also delete the member's customers in your Stripe account. Stripe then cancels all their subscriptions at once, also those that you sold elsewhere, and it cannot be undone",
        }),
        delayMinutes: z.int().min(0).max(LONGEST_DELAY_MINUTES).default(DEFAULT_DELAY_MINUTES).meta({
          description: 'How long it can be taken back; 15 minutes unless told, 30 days at most',
        }),
      }),
      answers: { 202: { description: 'The erasure', schema: erasureSchema } },
      problems: ['not_found', 'member_has_memberships', 'checkout_in_progress'],
      async handler({ auth, params: { id: asked }, body }) {
        const member = await expectMember(auth, asked);
        const { id: memberId, coachId, mode } = member;
        const before = await db.erasure.findUnique({ where: { memberId } });
        if (before?.status === 'erasing' || before?.status === 'erased') return answer(202, view(before));
        if (member.erasedAt === null) await expectErasable(member, body.endMemberships);
        const now = await deps.clock.now(mode, null);
        const { delayMinutes, ...wanted } = body;
        const again = {
          ...wanted,
          requestedBy: auth.keyId,
          requestedAt: toDate(now),
          startsAt: toDate(now + delayMinutes * MINUTE),
        };
        await db.erasure.createMany({
          data: { coachId, mode, memberId, ...again },
          skipDuplicates: true,
        });
        // Asked for again with something else, while it waits or after it did not come about.
        await db.erasure.updateMany({
          where: { memberId, status: { in: ['waiting', 'cancelled', 'failed'] } },
          data: {
            ...again,
            status: 'waiting',
            endedAt: null,
            failureCode: null,
            ...(before === null || before.status === 'waiting' ? {} : { attempt: { increment: 1 } }),
          },
        });
        await tellRun(auth, memberId);
        return answer(202, view(await expectErasure(memberId)));
      },
    }),
    route({
      method: 'get',
      path: '/v1/members/{id}/erasure',
      tag: TAG,
      auth: 'coach',
      summary: 'Watch an erasure',
      description: 'With `wait`, once it is over.',
      params,
      query: z.strictObject(wait),
      answers: { 200: { description: 'How it stands', schema: erasureSchema } },
      async handler({ auth, params, query }) {
        const { id: memberId } = await expectMember(auth, params.id);
        const row = await whenSettled(
          query.wait,
          () => db.erasure.findUnique({ where: { memberId } }),
          (erasure) => erasure === null || !['waiting', 'erasing'].includes(erasure.status),
        );
        return answer(200, row === null ? none(memberId) : view(row));
      },
    }),
    route({
      method: 'post',
      path: '/v1/members/{id}/erase/cancel',
      tag: TAG,
      auth: 'coach',
      summary: 'Take an erasure back that has not begun',
      params,
      body: nothing,
      answers: { 200: { description: 'The erasure, cancelled', schema: erasureSchema } },
      problems: ['not_found', 'erasure_begun'],
      async handler({ auth, params }) {
        const { id: memberId, mode } = await expectMember(auth, params.id);
        const { count } = await db.erasure.updateMany({
          where: { memberId, status: 'waiting' },
          data: { status: 'cancelled', endedAt: toDate(await deps.clock.now(mode, null)) },
        });
        const row = await expectErasure(memberId);
        if (row.status === 'erasing' || row.status === 'erased')
          throw new ProblemError('erasure_begun', 'The member is being erased, or is erased already.');
        if (count === 1) await tellRun(auth, memberId);
        return answer(200, view(row));
      },
    }),
  ];
}
