import { z } from 'zod';
import type { LiveCopy } from '../../db/generated/client';
import { COPY_ACTIONS } from '../../domain/live-copy';
import { ProblemError } from '../../domain/problem';
import { storeLiveCopy } from '../../store/live-copy/copies';
import type { CopyContext } from '../../store/live-copy/kind';
import { planLiveCopy } from '../../store/live-copy/plan';
import { type Connected, findConnected } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOfAll } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { id, listOf, nothing, page } from '../http/schemas';
import { wait, whenSettled } from '../http/wait';
import { comparedView, copySchema, itemSchema, itemView, previewSchema, viewOf, viewsOf } from './views';

const TAG = 'Going live';
/** Milliseconds that a request waits for Temporal; the row is there, so a run comes anyhow. */
const TEMPORAL_TIMEOUT_MS = 5_000;
/** A place in a list that is numbered from nought. */
const place = z.string().regex(/^(0|[1-9]\d{0,8})$/, 'is not one that a list answered');

/** What is in live mode is written with what live mode gives: a key, or a session that is signed in there. */
function expectLive({ mode }: CoachAuth): void {
  if (mode !== 'live')
    throw new ProblemError('live_mode_only', 'Test mode is copied to live mode, so live mode asks for it.');
}

/** Copying what is in test mode to live mode, as one run that can be watched, cancelled and repeated. */
export function liveCopyRoutes(deps: ApiDeps): Route[] {
  const { db, clock, workflows, config } = deps;
  const params = z.strictObject({ id: id('cpy') });

  const expectCopy = async ({ coachId, mode }: CoachAuth, copyId: string): Promise<LiveCopy> => {
    const row = await db.liveCopy.findFirst({ where: { id: copyId, coachId, mode } });
    if (row === null) throw new ProblemError('not_found', 'There is no copying with this id.');
    return row;
  };

  const contextOf = async (coachId: string, connection: Connected | null): Promise<CopyContext> => {
    const accountId = connection?.accountId ?? null;
    return { coachId, accountId, receivers: config.receivers, now: await clock.now('live', accountId) };
  };

  /** Its run looks at the row; where Temporal is down, the worker's sweep starts one later. */
  const tellRun = async ({ coachId, mode }: CoachAuth, copyId: string): Promise<void> => {
    const accountId = (await findConnected(db, coachId, mode))?.accountId ?? null;
    await workflows
      .withDeadline(TEMPORAL_TIMEOUT_MS, () =>
        workflows.liveCopyChanged(copyId, { coachId, mode, accountId }),
      )
      .catch((error: unknown) => {
        deps.log.warn(
          { copyId, err: error instanceof Error ? error.name : 'unknown' },
          'A copying waits for its run',
        );
      });
  };

  return [
    route({
      method: 'get',
      path: '/v1/live-copies/preview',
      tag: TAG,
      auth: 'coach',
      summary: 'See what copying test mode to live mode would do',
      description:
        'Everything in test mode beside live mode: what is new, changed, the same, or not possible and why. What was changed in live mode alone stays. Needs a key of live mode.',
      query: z.strictObject({
        limit: page.limit,
        cursor: place.optional().meta({ description: '`nextCursor` of the page before' }),
        action: z.enum(COPY_ACTIONS).optional(),
      }),
      answers: { 200: { description: 'What there is to do', schema: previewSchema } },
      problems: ['live_mode_only'],
      async handler({ auth, query }) {
        expectLive(auth);
        const { coachId, mode } = auth;
        const connection = await findConnected(db, coachId, mode);
        const plan = await planLiveCopy(db, await contextOf(coachId, connection));
        const count = (wanted: string) => plan.filter(({ action }) => action === wanted).length;
        const wanted = plan.filter(({ action }) => query.action === undefined || action === query.action);
        const from = Number(query.cursor ?? 0);
        const to = from + query.limit;
        return answer(200, {
          connected: connection !== null,
          chargesEnabled: connection?.chargesEnabled ?? false,
          new: count('new'),
          change: count('change'),
          same: count('same'),
          impossible: count('impossible'),
          data: wanted.slice(from, to).map(comparedView),
          nextCursor: to < wanted.length ? String(to) : null,
        });
      },
    }),
    route({
      method: 'post',
      path: '/v1/live-copies',
      tag: TAG,
      auth: 'coach',
      summary: 'Copy test mode to live mode',
      description:
        'Products, prices, coupons with their codes, settings, how mails look, and webhook endpoints. Repeat it whenever something has changed in test mode: only that is copied. What was sold in live mode keeps its terms; who used a coupon in test mode stays there. Webhook endpoints get a secret of their own and are switched off until `rotate-secret` has shown it. Needs a key of live mode.',
      body: nothing,
      answers: { 202: { description: 'The copying, begun', schema: copySchema } },
      problems: ['live_mode_only', 'live_copy_in_progress'],
      async handler({ auth, newId }) {
        expectLive(auth);
        const copyId = newId('liveCopy');
        const { coachId, mode } = auth;
        const connection = await findConnected(db, coachId, mode);
        await storeLiveCopy(db, copyId, await contextOf(coachId, connection));
        const copy = await expectCopy(auth, copyId);
        if (copy.endedAt === null) await tellRun(auth, copyId);
        return answer(202, await viewOf(db, copy));
      },
    }),
    route({
      method: 'get',
      path: '/v1/live-copies',
      tag: TAG,
      auth: 'coach',
      summary: 'List the copyings',
      query: z.strictObject(page),
      answers: { 200: { description: 'A page of copyings', schema: listOf(copySchema) } },
      async handler({ auth: { coachId, mode }, query }) {
        const { after, order } = pageArgs(query);
        const rows = await db.liveCopy.findMany({ where: { coachId, mode, ...after }, ...order });
        return answer(200, await pageOfAll(rows, query.limit, (shown) => viewsOf(db, shown)));
      },
    }),
    route({
      method: 'get',
      path: '/v1/live-copies/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'Watch a copying',
      description: 'With `wait`, once it is over.',
      params,
      query: z.strictObject(wait),
      answers: { 200: { description: 'How it stands', schema: copySchema } },
      async handler({ auth, params, query }) {
        const copy = await whenSettled(
          query.wait,
          () => expectCopy(auth, params.id),
          ({ endedAt }) => endedAt !== null,
        );
        return answer(200, await viewOf(db, copy));
      },
    }),
    route({
      method: 'get',
      path: '/v1/live-copies/{id}/items',
      tag: TAG,
      auth: 'coach',
      summary: 'What became of each thing of a copying',
      params,
      query: z.strictObject({
        limit: page.limit,
        cursor: place.optional().meta({ description: '`nextCursor` of the page before' }),
        status: itemSchema.shape.status.optional(),
      }),
      answers: { 200: { description: 'A page of things', schema: listOf(itemSchema) } },
      async handler({ auth, params, query }) {
        const copy = await expectCopy(auth, params.id);
        const rows = await db.liveCopyItem.findMany({
          where: {
            copyId: copy.id,
            ...(query.status === undefined ? {} : { status: query.status }),
            ...(query.cursor === undefined ? {} : { position: { gt: Number(query.cursor) } }),
          },
          orderBy: { position: 'asc' },
          take: query.limit + 1,
        });
        const shown = rows.slice(0, query.limit);
        const last = shown.at(-1);
        const nextCursor = rows.length > query.limit && last !== undefined ? String(last.position) : null;
        return answer(200, { data: shown.map(itemView), nextCursor });
      },
    }),
    route({
      method: 'post',
      path: '/v1/live-copies/{id}/cancel',
      tag: TAG,
      auth: 'coach',
      summary: 'Stop a copying',
      description: 'What was copied stays; nothing else is. Copying again goes on with the rest.',
      params,
      body: nothing,
      answers: { 200: { description: 'The copying, stopping', schema: copySchema } },
      problems: ['live_copy_ended'],
      async handler({ auth, params }) {
        const { count } = await db.liveCopy.updateMany({
          where: { id: params.id, coachId: auth.coachId, mode: auth.mode, endedAt: null },
          data: { cancelRequestedAt: new Date() },
        });
        const copy = await expectCopy(auth, params.id);
        if (count === 0 && copy.status !== 'cancelled')
          throw new ProblemError('live_copy_ended', 'The copying is over.');
        if (count > 0) await tellRun(auth, params.id);
        return answer(200, await viewOf(db, await expectCopy(auth, params.id)));
      },
    }),
  ];
}
