import { z } from 'zod';
import { ProblemError } from '../../domain/problem';
import type { Mode } from '../../domain/mode';
import { isoTime, toDate } from '../../domain/time';
import {
  checkoutWorkflowId,
  connectionWorkflowId,
  membershipWorkflowId,
  withdrawalWorkflowId,
} from '../../messages/ids';
import { latestAccountOf } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { answer, route, type Route } from '../http/route';
import { id, mode, text, time } from '../http/schemas';

const TAG = 'Local stack';
/** Ten years; more is a typing mistake. */
const FARTHEST = 10 * 366 * 86_400;
/** Workflows told in one go. */
const BATCH = 50;
const NEVER_CONNECTED = 'The coach never connected a Stripe account in this mode.';

/** What tests and the demo need to move time. Exists only against an emulator (`LOCAL_CLOCK`). */
export function localRoutes({ db, clock, workflows, config }: ApiDeps): Route[] {
  if (!config.localClock) return [];

  /** The ids of everything that waits for a moment on the account's clock. */
  async function runsOf(owned: { coachId: string; mode: Mode; accountId: string }): Promise<string[]> {
    const { coachId, mode } = owned;
    const [checkouts, memberships, withdrawals] = await Promise.all([
      db.checkout.findMany({
        where: { ...owned, status: { in: ['opening', 'open', 'pending'] } },
        select: { id: true },
      }),
      db.membership.findMany({ where: { ...owned, status: { not: 'ended' } }, select: { id: true } }),
      db.withdrawal.findMany({ where: { coachId, mode, endedAt: null }, select: { id: true } }),
    ]);
    return [
      connectionWorkflowId(owned.mode, owned.coachId),
      ...checkouts.map((row) => checkoutWorkflowId(row.id)),
      ...memberships.map((row) => membershipWorkflowId(row.id)),
      ...withdrawals.map((row) => withdrawalWorkflowId(row.id)),
    ];
  }

  return [
    route({
      method: 'get',
      path: '/local/clock',
      tag: TAG,
      auth: 'platform',
      summary: "The clock of a coach's Stripe account, and what is due on it",
      query: z.strictObject({ coachId: id('coach'), mode }),
      answers: {
        200: {
          description: 'The clock',
          schema: z.object({
            accountId: z.string(),
            now: time,
            overdue: z.int().meta({ description: 'Deadlines that have passed without a look' }),
            nextDeadlineAt: time.nullable(),
          }),
        },
      },
      problems: ['clock_not_movable'],
      async handler({ query: { coachId, mode } }) {
        const accountId = await latestAccountOf(db, coachId, mode);
        if (accountId === null) throw new ProblemError('clock_not_movable', NEVER_CONNECTED);
        const now = toDate(await clock.now(mode, accountId));
        const owned = { coachId, mode, accountId, endedAt: null };
        const overdue = { ...owned, nextDeadlineAt: { lte: now } };
        const ahead = {
          where: { ...owned, nextDeadlineAt: { gt: now } },
          _min: { nextDeadlineAt: true },
        } as const;
        const [counts, nexts] = await Promise.all([
          Promise.all([
            db.connection.count({ where: overdue }),
            db.checkout.count({ where: overdue }),
            db.membership.count({ where: overdue }),
          ]),
          Promise.all([
            db.connection.aggregate(ahead),
            db.checkout.aggregate(ahead),
            db.membership.aggregate(ahead),
          ]),
        ]);
        const times = nexts.flatMap(({ _min: { nextDeadlineAt: at } }) =>
          at === null ? [] : [at.getTime()],
        );
        return answer(200, {
          accountId,
          now: isoTime(now),
          overdue: counts.reduce((sum, count) => sum + count, 0),
          nextDeadlineAt: times.length === 0 ? null : isoTime(new Date(Math.min(...times))),
        });
      },
    }),
    route({
      method: 'post',
      path: '/local/clock',
      tag: TAG,
      auth: 'platform',
      summary: "Move the clock of a coach's Stripe account, forward only",
      description:
        "The emulator's clock of the account moves along. The runs look at the time as soon as they are told.",
      body: z.strictObject({
        coachId: id('coach'),
        mode,
        offsetSeconds: z
          .int()
          .min(0)
          .max(FARTHEST)
          .meta({ description: 'How far ahead of the system it is then' }),
        tellRuns: z.boolean().default(true).meta({ description: 'False: they are told by a later call' }),
      }),
      answers: {
        200: {
          description: 'The clock now',
          schema: z.object({
            accountId: z.string(),
            now: time,
            told: z.int().meta({ description: 'Runs that were told' }),
          }),
        },
      },
      problems: ['clock_not_movable'],
      async handler({ body: { coachId, mode, offsetSeconds, tellRuns } }) {
        const accountId = await latestAccountOf(db, coachId, mode);
        if (accountId === null) throw new ProblemError('clock_not_movable', NEVER_CONNECTED);
        await clock.moveTo(mode, accountId, offsetSeconds);
        const ids = tellRuns ? await runsOf({ coachId, mode, accountId }) : [];
        for (let i = 0; i < ids.length; i += BATCH)
          await workflows.withDeadline(10_000, () => workflows.signalClockMoved(ids.slice(i, i + BATCH)));
        return answer(200, {
          accountId,
          now: isoTime(toDate(await clock.now(mode, accountId))),
          told: ids.length,
        });
      },
    }),
    route({
      method: 'get',
      path: '/local/inbox',
      tag: TAG,
      auth: 'platform',
      summary: 'How many events are not done yet',
      query: z.strictObject({ waiting: z.string().optional(), accountId: text(100).optional() }),
      answers: {
        200: { description: 'The counts', schema: z.object({ waiting: z.int(), parked: z.int() }) },
      },
      async handler({ query }) {
        const account = query.accountId === undefined ? {} : { accountId: query.accountId };
        const [waiting, parked] = await Promise.all([
          db.inbox.count({ where: { ...account, status: 'waiting' } }),
          db.inbox.count({ where: { ...account, status: 'parked' } }),
        ]);
        return answer(200, { waiting, parked });
      },
    }),
  ];
}
