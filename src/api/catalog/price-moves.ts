import { z } from 'zod';
import type { Tx } from '../../db/client';
import { isUniqueViolation } from '../../db/errors';
import type { PriceMove, PriceMoveItem } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import { problemOfChange } from '../../domain/price-change';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import type { Owner } from '../../messages/start-options';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOf } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { priceFacts } from '../memberships/price-change';
import { id, listOf, nothing, page, time } from '../http/schemas';
import { latestAccountOf } from '../connection/connected-account';

const TAG = 'Moving members';
/** Milliseconds that a request waits for Temporal; the row is there, so a run comes anyhow. */
const TEMPORAL_TIMEOUT_MS = 5_000;

const moveSchema = z
  .object({
    id: z.string().meta({ example: 'pmv_3kTMd0fWbJ9xQeN4vYzA' }),
    productId: z.string(),
    fromPriceId: z.string(),
    toPriceId: z.string(),
    prorate: z.boolean(),
    status: z.enum(['running', 'cancelling', 'done', 'incomplete', 'cancelled']).meta({
      description:
        '`incomplete`: everybody was looked at, and some could not be moved; `retry` tries them again',
    }),
    attempt: z.int().meta({ description: 'How often it was run' }),
    total: z.int(),
    moved: z.int(),
    skipped: z.int().meta({ description: 'Left where they are by the rules' }),
    failed: z.int(),
    waiting: z.int().meta({ description: 'Not looked at yet' }),
    workflowId: z.string().meta({ description: 'The run, as the Temporal Web UI finds it' }),
    createdAt: time,
    endedAt: time.nullable(),
  })
  .meta({ id: 'PriceMove' });

const itemSchema = z
  .object({
    membershipId: z.string(),
    memberId: z.string(),
    status: z.enum(['waiting', 'moved', 'skipped', 'failed']),
    reason: z.string().nullable().meta({ example: 'membership_paused', description: 'A stable code' }),
    message: z.string().nullable(),
    endedAt: time.nullable(),
  })
  .meta({ id: 'PriceMoveMember' });

const itemView = ({ membership, ...item }: PriceMoveItem & { membership: { memberId: string } }) => ({
  membershipId: item.membershipId,
  memberId: membership.memberId,
  status: item.status,
  reason: item.reason,
  message: item.message,
  endedAt: isoTimeOrNull(item.endedAt),
});

/** Moving all members of a price to another, as one run that can be watched, cancelled and taken up again. */
export function priceMoveRoutes(deps: ApiDeps): Route[] {
  const { db, workflows } = deps;
  const params = z.strictObject({ id: id('pmv') });

  const viewsOf = async (rows: PriceMove[]) => {
    const counts = await db.priceMoveItem.groupBy({
      by: ['moveId', 'status'],
      where: { moveId: { in: rows.map((row) => row.id) } },
      _count: true,
    });
    const counted = (moveId: string, status?: PriceMoveItem['status']) =>
      counts
        .filter((group) => group.moveId === moveId && (status === undefined || group.status === status))
        .reduce((sum, group) => sum + group._count, 0);
    return rows.map((row) => ({
      id: row.id,
      productId: row.productId,
      fromPriceId: row.fromPriceId,
      toPriceId: row.toPriceId,
      prorate: row.prorate,
      status: row.endedAt === null && row.cancelRequestedAt !== null ? ('cancelling' as const) : row.status,
      attempt: row.attempt,
      total: counted(row.id),
      moved: counted(row.id, 'moved'),
      skipped: counted(row.id, 'skipped'),
      failed: counted(row.id, 'failed'),
      waiting: counted(row.id, 'waiting'),
      workflowId: `price-move/${row.id}`,
      createdAt: isoTime(row.createdAt),
      endedAt: isoTimeOrNull(row.endedAt),
    }));
  };
  const viewOf = async (row: PriceMove) => {
    const [view] = await viewsOf([row]);
    if (view === undefined) throw new Error('A row without a view');
    return view;
  };
  const expectMove = async ({ coachId, mode }: CoachAuth, moveId: string): Promise<PriceMove> => {
    const row = await db.priceMove.findFirst({ where: { id: moveId, coachId, mode } });
    if (row === null) throw new ProblemError('not_found', 'There is no move with this id.');
    return row;
  };
  /** Its run looks at the row; where Temporal is down, the worker's sweep starts one later. */
  const tellRun = async ({ coachId, mode }: CoachAuth, moveId: string): Promise<void> => {
    const owner: Owner = { coachId, mode, accountId: await latestAccountOf(db, coachId, mode) };
    await workflows
      .withDeadline(TEMPORAL_TIMEOUT_MS, () => workflows.priceMoveChanged(moveId, owner))
      .catch((error: unknown) => {
        deps.log.warn(
          { moveId, err: error instanceof Error ? error.name : 'unknown' },
          'A move waits for its run',
        );
      });
  };

  return [
    route({
      method: 'post',
      path: '/v1/prices/{id}/move-members',
      tag: TAG,
      auth: 'coach',
      summary: 'Move all members of a price to another price of the product',
      description:
        'Who has the price now is moved, one after the other; who buys it later stays. Members who pay in installments, have cancelled, are paused, or owe a payment are left as they are, each with the reason. Move them back the same way.',
      params: z.strictObject({ id: id('amt') }),
      body: z.strictObject({
        toPriceId: id('amt'),
        prorate: z.boolean().default(false).meta({
          description:
            'Charge or credit the difference of the running period at once; otherwise the new price counts from the next one on',
        }),
      }),
      answers: { 202: { description: 'The move, begun', schema: moveSchema } },
      problems: ['not_found', 'price_not_active', 'price_move_in_progress'],
      async handler({ auth, params: { id: fromPriceId }, body, newId }) {
        const { coachId, mode } = auth;
        const find = (priceId: string) => db.price.findFirst({ where: { id: priceId, coachId, mode } });
        const [from, to] = await Promise.all([find(fromPriceId), find(body.toPriceId)]);
        if (from === null) throw new ProblemError('not_found', 'There is no price with this id.');
        const problem =
          to === null || to.id === from.id
            ? { field: 'priceId', message: 'Name another price of the product.' }
            : problemOfChange(priceFacts(from), priceFacts(to), {
                quantity: 1,
                prorate: body.prorate,
                isQuantityAsked: false,
              });
        if (problem !== null)
          throw new ProblemError(
            problem.field === 'prorate' ? 'invalid_request' : 'price_not_active',
            problem.message,
            { field: problem.field === 'prorate' ? 'prorate' : 'toPriceId' },
          );
        const moveId = newId('priceMove');
        const asked = {
          id: moveId,
          coachId,
          mode,
          productId: from.productId,
          fromPriceId,
          toPriceId: body.toPriceId,
          prorate: body.prorate,
        };
        await db.$transaction((tx) => insert(tx, asked)).catch(unlessRepeated(deps, moveId));
        await tellRun(auth, moveId);
        return answer(202, await viewOf(await expectMove(auth, moveId)));
      },
    }),
    route({
      method: 'get',
      path: '/v1/price-moves',
      tag: TAG,
      auth: 'coach',
      summary: 'List the moves',
      query: z.strictObject({ ...page, price: id('amt').optional(), product: id('pdt').optional() }),
      answers: { 200: { description: 'A page of moves', schema: listOf(moveSchema) } },
      async handler({ auth: { coachId, mode }, query }) {
        const { after, order } = pageArgs(query);
        const rows = await db.priceMove.findMany({
          where: {
            coachId,
            mode,
            ...(query.product === undefined ? {} : { productId: query.product }),
            AND: [
              after,
              query.price === undefined
                ? {}
                : { OR: [{ fromPriceId: query.price }, { toPriceId: query.price }] },
            ],
          },
          ...order,
        });
        const { data, nextCursor } = pageOf(rows, query.limit, (row) => row);
        return answer(200, { data: await viewsOf(data), nextCursor });
      },
    }),
    route({
      method: 'get',
      path: '/v1/price-moves/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'Watch a move',
      params,
      answers: { 200: { description: 'How it stands', schema: moveSchema } },
      handler: async ({ auth, params }) => answer(200, await viewOf(await expectMove(auth, params.id))),
    }),
    route({
      method: 'get',
      path: '/v1/price-moves/{id}/members',
      tag: TAG,
      auth: 'coach',
      summary: 'What became of each member of a move',
      params,
      query: z.strictObject({
        limit: page.limit,
        cursor: id('msp').optional().meta({ description: '`nextCursor` of the page before' }),
        status: itemSchema.shape.status.optional(),
      }),
      answers: { 200: { description: 'A page of members', schema: listOf(itemSchema) } },
      async handler({ auth, params, query }) {
        const move = await expectMove(auth, params.id);
        const rows = await db.priceMoveItem.findMany({
          where: {
            moveId: move.id,
            ...(query.status === undefined ? {} : { status: query.status }),
            ...(query.cursor === undefined ? {} : { membershipId: { gt: query.cursor } }),
          },
          include: { membership: { select: { memberId: true } } },
          orderBy: { membershipId: 'asc' },
          take: query.limit + 1,
        });
        const shown = rows.slice(0, query.limit);
        const nextCursor = rows.length > query.limit ? (shown.at(-1)?.membershipId ?? null) : null;
        return answer(200, { data: shown.map(itemView), nextCursor });
      },
    }),
    route({
      method: 'post',
      path: '/v1/price-moves/{id}/cancel',
      tag: TAG,
      auth: 'coach',
      summary: 'Stop a move',
      description: 'Who was moved stays moved; nobody else is. `retry` goes on with it.',
      params,
      body: nothing,
      answers: { 200: { description: 'The move, stopping', schema: moveSchema } },
      problems: ['price_move_ended'],
      async handler({ auth, params }) {
        const { count } = await db.priceMove.updateMany({
          where: { id: params.id, coachId: auth.coachId, mode: auth.mode, endedAt: null },
          data: { cancelRequestedAt: new Date() },
        });
        const move = await expectMove(auth, params.id);
        if (count === 0 && move.status !== 'cancelled')
          throw new ProblemError('price_move_ended', 'The move is over.');
        if (count > 0) await tellRun(auth, params.id);
        return answer(200, await viewOf(await expectMove(auth, params.id)));
      },
    }),
    route({
      method: 'post',
      path: '/v1/price-moves/{id}/retry',
      tag: TAG,
      auth: 'coach',
      summary: 'Run a move again for everybody who was not moved',
      description: 'Those who failed or were left as they are, and those a cancellation left waiting.',
      params,
      body: nothing,
      answers: { 202: { description: 'The move, begun again', schema: moveSchema } },
      problems: ['price_move_in_progress'],
      async handler({ auth, params }) {
        const { id: moveId } = await expectMove(auth, params.id);
        await db
          .$transaction(async (tx) => {
            const { count } = await tx.priceMove.updateMany({
              where: { id: moveId, endedAt: { not: null } },
              data: {
                status: 'running',
                endedAt: null,
                cancelRequestedAt: null,
                attempt: { increment: 1 },
              },
            });
            // Running already: repeating the request is no mistake.
            if (count === 0) return;
            await tx.priceMoveItem.updateMany({
              where: { moveId, status: { in: ['failed', 'skipped'] } },
              data: { status: 'waiting', reason: null, message: null, endedAt: null },
            });
          })
          .catch(unlessRepeated(deps, null));
        await tellRun(auth, moveId);
        return answer(202, await viewOf(await expectMove(auth, moveId)));
      },
    }),
  ];
}

/** The move and everybody it means, in one transaction: later buyers are not part of it. */
async function insert(
  tx: Tx,
  move: Pick<PriceMove, 'id' | 'coachId' | 'mode' | 'productId' | 'fromPriceId' | 'toPriceId' | 'prorate'>,
): Promise<void> {
  await tx.priceMove.create({ data: move });
  await tx.$executeRaw`
    INSERT INTO price_move_item (coach_id, mode, move_id, membership_id)
    SELECT coach_id, mode, ${move.id}, id FROM membership
    WHERE coach_id = ${move.coachId} AND mode = ${move.mode}::"Mode"
      AND price_id = ${move.fromPriceId} AND ended_at IS NULL`;
}

/** The same request again finds its own move; another move of the product has to be over first. */
function unlessRepeated({ db }: ApiDeps, moveId: string | null) {
  return async (error: unknown): Promise<void> => {
    if (!isUniqueViolation(error)) throw error;
    if (moveId !== null && (await db.priceMove.count({ where: { id: moveId } })) > 0) return;
    throw new ProblemError('price_move_in_progress', 'Members of this product are being moved already.');
  };
}
