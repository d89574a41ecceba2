import { z } from 'zod';
import type { Db } from '../../db/client';
import type { Price } from '../../db/generated/client';
import { currenciesOf } from '../../domain/currency-options';
import { problemOfChange } from '../../domain/price-change';
import { ProblemError } from '../../domain/problem';
import type { Owner } from '../../messages/start-options';
import { latestAccountOf } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOfAll } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { id, listOf, nothing, page } from '../http/schemas';
import { wait, whenSettled } from '../http/wait';
import { priceFacts } from '../memberships/price-change';
import { expectMove, restartMove, storeMove } from './price-move-rows';
import { itemSchema, itemView, moveSchema, viewOf, viewsOf } from './price-move-view';

const listed = { ...page, price: id('amt').optional(), product: id('pdt').optional() };
const TAG = 'Moving members';
/** Milliseconds that a request waits for Temporal; the row is there, so a run comes anyhow. */
const TEMPORAL_TIMEOUT_MS = 5_000;

/** Moving all members of a price to another, as one run that can be watched, cancelled and taken up again. */
export function priceMoveRoutes(deps: ApiDeps): Route[] {
  const { db, workflows } = deps;
  const params = z.strictObject({ id: id('pmv') });

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
        const from = await expectMovable(db, auth, { fromPriceId, ...body });
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
        await storeMove(db, asked);
        await tellRun(auth, moveId);
        return answer(202, await viewOf(db, await expectMove(db, auth, moveId)));
      },
    }),
    route({
      method: 'get',
      path: '/v1/price-moves',
      tag: TAG,
      auth: 'coach',
      summary: 'List the moves',
      query: z.strictObject(listed),
      answers: { 200: { description: 'A page of moves', schema: listOf(moveSchema) } },
      handler: async ({ auth, query }) => answer(200, await listMoves(db, auth, query)),
    }),
    route({
      method: 'get',
      path: '/v1/price-moves/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'Watch a move',
      description: 'With `wait`, once it is over.',
      params,
      query: z.strictObject(wait),
      answers: { 200: { description: 'How it stands', schema: moveSchema } },
      async handler({ auth, params, query }) {
        const move = await whenSettled(
          query.wait,
          () => expectMove(db, auth, params.id),
          ({ endedAt }) => endedAt !== null,
        );
        return answer(200, await viewOf(db, move));
      },
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
        const move = await expectMove(db, auth, params.id);
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
        const move = await expectMove(db, auth, params.id);
        if (count === 0 && move.status !== 'cancelled')
          throw new ProblemError('price_move_ended', 'The move is over.');
        if (count > 0) await tellRun(auth, params.id);
        return answer(200, await viewOf(db, await expectMove(db, auth, params.id)));
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
        const { id: moveId } = await expectMove(db, auth, params.id);
        await restartMove(db, moveId);
        await tellRun(auth, moveId);
        return answer(202, await viewOf(db, await expectMove(db, auth, moveId)));
      },
    }),
  ];
}

/**
 * The price that is left.
 * @throws ProblemError `not_found`, or what keeps its members from being moved to the other one
 */
async function expectMovable(
  db: Db,
  { coachId, mode }: CoachAuth,
  asked: { fromPriceId: string; toPriceId: string; prorate: boolean },
): Promise<Price> {
  const find = (id: string) => db.price.findFirst({ where: { id, coachId, mode } });
  const [from, to] = await Promise.all([find(asked.fromPriceId), find(asked.toPriceId)]);
  if (from === null) throw new ProblemError('not_found', 'There is no price with this id.');
  const problem =
    to === null || to.id === from.id
      ? { field: 'priceId', message: 'Name another price of the product.' }
      : problemOfChange(priceFacts(from), priceFacts(to), {
          quantity: 1,
          prorate: asked.prorate,
          isQuantityAsked: false,
          currencies: currenciesOf(from),
        });
  if (problem === null) return from;
  if (problem.field === 'prorate')
    throw new ProblemError('invalid_request', problem.message, { field: 'prorate' });
  throw new ProblemError('price_not_active', problem.message, { field: 'toPriceId' });
}

/** The moves from or to a price, of a product, or all of them, newest first. */
async function listMoves(
  db: Db,
  { coachId, mode }: CoachAuth,
  { price, product, ...query }: z.output<z.ZodObject<typeof listed>>,
) {
  const { after, order } = pageArgs(query);
  const ofPrice = price === undefined ? {} : { OR: [{ fromPriceId: price }, { toPriceId: price }] };
  const ofProduct = product === undefined ? {} : { productId: product };
  const rows = await db.priceMove.findMany({
    where: { coachId, mode, ...ofProduct, AND: [after, ofPrice] },
    ...order,
  });
  return pageOfAll(rows, query.limit, (shown) => viewsOf(db, shown));
}
