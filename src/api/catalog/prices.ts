import { z } from 'zod';
import type { Db } from '../../db/client';
import type { Price } from '../../db/generated/client';
import { lockProduct } from '../../store/catalog-lock';
import { type PricingTerms, problemOf } from '../../domain/pricing';
import {
  type CurrencyAmount,
  MOST_CURRENCIES,
  optionsOf,
  problemOfOptions,
} from '../../domain/currency-options';
import { bundlesOf } from '../../store/bundles';
import { offersBesideOf, setOffersBeside } from '../../store/offers-beside';
import { insertPrice, insertRetry, storedTerms } from '../../store/price-creation';
import { ProblemError } from '../../domain/problem';
import type { SalesWindow } from '../../domain/sales-window';
import { type Seconds, toDateOrNull } from '../../domain/time';
import { startProvisioning, syncAtStripe, syncLater } from './sync';
import { coachNow, type Connected, expectConnected, findConnected } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOf } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';

import { readSettings } from '../settings';
import { seatsLeftOf } from './availability';
import { expectOffers, offersBeside, offersThatFit } from './offers-beside';
import { expectAccessAhead, termsFields, termsOf } from './price-terms';
import { currencyAmounts, priceSchema, priceView, TAX_BEHAVIORS } from './price-view';
import { expectProduct } from './products';
import { pricesOn } from './sellable';
import { id, listOf, moment, nothing, page, text } from '../http/schemas';
import { wait, whenSettled } from '../http/wait';

const nickname = text(200).nullable();
const taxBehavior = z.enum(TAX_BEHAVIORS).nullable().meta({
  description:
    'Whether tax is part of the amount, or comes on top; null: as the tax settings of your Stripe account say. It never changes',
});
const TAG = 'Products and prices';

const alsoGives = z.array(id('pdt')).max(20).meta({
  description:
    'Products that it gives besides its own, for as long as that is given, and taken away with it. They are fixed with the price',
});

const currencyOptions = currencyAmounts.max(MOST_CURRENCIES).meta({
  description:
    'Amounts in other currencies, of what is paid once or renews at a fixed amount. The buyer pays in one of them; they are fixed with the price',
});

/**
 * The amounts in other currencies. Those of a price that is replaced are taken over as far as they go with the new one, and
 * never beside another amount, with which they were not meant.
 * @throws ProblemError `invalid_request`
 */
function optionsFrom(
  terms: PricingTerms,
  wanted: readonly CurrencyAmount[] | undefined,
  replaced: Price | null,
): readonly CurrencyAmount[] {
  const taken = replaced === null ? [] : optionsOf(replaced);
  const problem = problemOfOptions(terms, wanted ?? taken);
  if (wanted === undefined && (taken.length === 0 || problem !== null)) return [];
  if (
    wanted === undefined &&
    (terms.unitAmount !== replaced?.unitAmount || terms.currency !== replaced.currency)
  )
    throw new ProblemError(
      'invalid_request',
      'With another amount, say the amounts in other currencies too; an empty list is none.',
      { field: 'currencyOptions' },
    );
  if (problem !== null) throw new ProblemError('invalid_request', problem.message, { field: problem.field });
  return wanted ?? taken;
}

/** The products of a bundle, each once. @throws ProblemError `invalid_request` for one that cannot be part of it */
async function bundleOf(
  db: Db,
  { coachId, mode }: CoachAuth,
  { productId, model }: { productId: string; model: Price['model'] },
  wanted: readonly string[],
): Promise<string[]> {
  const ids = [...new Set(wanted)].filter((each) => each !== productId).sort();
  const refused = (message: string) => new ProblemError('invalid_request', message, { field: 'alsoGives' });
  if (ids.length > 0 && model === 'free') throw refused('What is free gives its own product alone.');
  const there = await db.product.count({ where: { id: { in: ids }, coachId, mode, status: 'active' } });
  if (there < ids.length) throw refused('Name active products of yours.');
  return ids;
}

const sales = {
  salesStartAt: moment
    .nullable()
    .optional()
    .meta({ description: 'Sold from then on; null: from its beginning' }),
  salesEndAt: moment.nullable().optional().meta({
    description:
      'Not sold any more from then on; null: without an end. Pages of Stripe that are open then are closed; who has paid before has bought',
  }),
};

/** What is named of it, in place of what was. @throws ProblemError `invalid_request` where sales would end before they begin */
function salesFrom(
  body: { salesStartAt?: Seconds | null | undefined; salesEndAt?: Seconds | null | undefined },
  present: SalesWindow = { salesStartAt: null, salesEndAt: null },
): SalesWindow {
  const pick = (given: Seconds | null | undefined, was: Date | null) =>
    given === undefined ? was : toDateOrNull(given);
  const chosen = {
    salesStartAt: pick(body.salesStartAt, present.salesStartAt),
    salesEndAt: pick(body.salesEndAt, present.salesEndAt),
  };
  const { salesStartAt: from, salesEndAt: to } = chosen;
  if (from !== null && to !== null && to <= from)
    throw new ProblemError('invalid_request', 'Sales would end before they begin.', { field: 'salesEndAt' });
  return chosen;
}

/** What is free has no tax. @throws ProblemError `invalid_request` */
function taxOf(model: Price['model'], chosen: string | null, isAsked: boolean): string | null {
  if (model !== 'free' || chosen === null) return chosen;
  if (!isAsked) return null;
  throw new ProblemError('invalid_request', 'What is free has no tax.', { field: 'taxBehavior' });
}

/** Prices of products. Amounts never change: a change makes a new price and archives the old one. */
export function priceRoutes(deps: ApiDeps): Route[] {
  const { db, config } = deps;
  const params = z.strictObject({ id: id('amt') });
  const ofProduct = z.strictObject({ id: id('pdt') });

  const viewer = async ({ coachId, mode }: CoachAuth) => {
    const connection = await findConnected(db, coachId, mode);
    const context = { defaultCurrency: connection?.defaultCurrency ?? null, publicUrl: config.api.publicUrl };
    return async (prices: readonly Price[]) => {
      const ids = prices.map(({ id }) => id);
      const [bundles, offers, seatsLeft, there] = await Promise.all([
        bundlesOf(db, ids),
        offersBesideOf(db, ids),
        seatsLeftOf(db, prices),
        pricesOn(db, connection, prices),
      ]);
      return prices.map((price) =>
        priceView(price, {
          ...context,
          seatsLeft: seatsLeft(price),
          alsoGives: bundles.get(price.id) ?? [],
          offersBeside: offers.get(price.id) ?? [],
          onConnectedAccount: price.model === 'free' || there.has(price.id),
        }),
      );
    };
  };
  const viewOf = async (auth: CoachAuth, price: Price) => {
    const [view] = await (await viewer(auth))([price]);
    if (view === undefined) throw new Error('One price, one view');
    return view;
  };
  /** What is free needs no Stripe account. @throws ProblemError `not_connected` */
  const accountFor = (auth: CoachAuth, model: Price['model']): Promise<Connected | null> =>
    model === 'free' ? Promise.resolve(null) : expectConnected(db, auth.coachId, auth.mode);
  const expectPrice = async ({ coachId, mode }: CoachAuth, priceId: string): Promise<Price> => {
    const price = await db.price.findFirst({ where: { id: priceId, coachId, mode } });
    if (price === null) throw new ProblemError('not_found', 'There is no price with this id.');
    return price;
  };

  return [
    route({
      method: 'post',
      path: '/v1/products/{id}/prices',
      tag: TAG,
      auth: 'coach',
      summary: 'Add a price to a product',
      description:
        'What is free is on sale at once, with or without a Stripe account. Anything else is answered at once with status `provisioning`; the price is created on the connected Stripe account by a workflow. GET it with `wait` to see `active`, or `failed` with the reason.',
      params: ofProduct,
      body: z.strictObject({
        ...termsFields,
        currencyOptions: currencyOptions.optional(),
        taxBehavior: taxBehavior.default(null),
        alsoGives: alsoGives.default([]),
        offersBeside: offersBeside.default([]),
        ...sales,
        nickname: nickname.default(null),
      }),
      answers: {
        201: { description: 'A free price, on sale', schema: priceSchema },
        202: { description: 'The price, being created at Stripe', schema: priceSchema },
      },
      problems: ['not_found', 'not_connected', 'product_archived'],
      async handler({ auth, params, body, newId, log }) {
        await expectProduct(db, auth, params.id);
        const [connected, settings] = await Promise.all([
          findConnected(db, auth.coachId, auth.mode),
          readSettings(db, auth.coachId, auth.mode),
        ]);
        // What is free has a currency only because every price has one.
        const currency =
          body.currency ?? connected?.defaultCurrency ?? (body.model === 'free' ? 'usd' : null);
        if (currency === null && connected !== null)
          throw new ProblemError('invalid_request', 'The Stripe account has no default currency; name one.', {
            field: 'currency',
          });
        expectAccessAhead(body.accessStartsAt, await coachNow(deps, auth.coachId, auth.mode));
        const { promotionCodes } = settings;
        const terms = termsOf(body, null, { currency: currency ?? 'usd', promotionCodes });
        const options = optionsFrom(terms, body.currencyOptions, null);
        const owned = { productId: params.id, model: terms.model };
        const bundle = await bundleOf(db, auth, owned, body.alsoGives);
        const host = { ...terms, productId: params.id, alsoGives: bundle };
        const offered = await expectOffers(db, auth, host, body.offersBeside);
        const connection = await accountFor(auth, terms.model);
        const { price, provisioning } = await db.$transaction((tx) =>
          insertPrice(tx, auth, connection, newId('provisioning'), {
            ...terms,
            id: newId('price'),
            productId: params.id,
            taxBehavior: taxOf(terms.model, body.taxBehavior, true),
            ...salesFrom(body),
            currencyOptions: options,
            alsoGives: bundle,
            offersBeside: offered,
            nickname: body.nickname,
            replacesPriceId: null,
            seatPoolId: null,
          }),
        );
        if (provisioning === null) return answer(201, await viewOf(auth, price));
        await startProvisioning(deps, auth, provisioning, log);
        return answer(202, await viewOf(auth, price));
      },
    }),
    route({
      method: 'get',
      path: '/v1/products/{id}/prices',
      tag: TAG,
      auth: 'coach',
      summary: "List a product's prices",
      params: ofProduct,
      query: z.strictObject({
        ...page,
        status: z.enum(['provisioning', 'active', 'failed', 'archived']).optional(),
      }),
      answers: { 200: { description: 'A page of prices', schema: listOf(priceSchema) } },
      async handler({ auth, params, query }) {
        await expectProduct(db, auth, params.id);
        const { after, order } = pageArgs(query);
        const status = query.status === undefined ? {} : { status: query.status };
        const where = { coachId: auth.coachId, mode: auth.mode, productId: params.id, ...status, ...after };
        const { data, nextCursor } = pageOf(
          await db.price.findMany({ where, ...order }),
          query.limit,
          (price: Price) => price,
        );
        return answer(200, { data: await (await viewer(auth))(data), nextCursor });
      },
    }),
    route({
      method: 'get',
      path: '/v1/prices/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'Read a price',
      description: 'With `wait`, once it is on sale or has failed.',
      params,
      query: z.strictObject(wait),
      answers: { 200: { description: 'The price', schema: priceSchema } },
      async handler({ auth, params, query }) {
        const price = await whenSettled(
          query.wait,
          () => expectPrice(auth, params.id),
          ({ status }) => status !== 'provisioning',
        );
        return answer(200, await viewOf(auth, price));
      },
    }),
    route({
      method: 'patch',
      path: '/v1/prices/{id}',
      tag: TAG,
      auth: 'coach',
      summary:
        'Rename a price, have it take promotion codes, or say when it is sold and what is offered beside',
      description:
        'Only the nickname, `promotionCodes`, when it is sold and what is offered beside can change; for another amount, currency or interval use `replace`. What is left out stays. Pages of Stripe that are open keep what they were opened with.',
      params,
      body: z
        .strictObject({
          nickname: nickname.optional(),
          promotionCodes: z.boolean().optional(),
          offersBeside: offersBeside.optional(),
          ...sales,
        })
        .refine((body) => Object.keys(body).length > 0, 'must change something')
        .meta({ minProperties: 1 }),
      answers: { 200: { description: 'The price now', schema: priceSchema } },
      async handler({ auth, params, body, log }) {
        const present = await expectPrice(auth, params.id);
        const { promotionCodes = present.promotionCodes, nickname = present.nickname } = body;
        const problem = problemOf({ ...storedTerms(present), promotionCodes });
        if (promotionCodes !== present.promotionCodes && problem?.field === 'promotionCodes')
          throw new ProblemError('invalid_request', problem.message, { field: problem.field });
        const bundle = (await bundlesOf(db, [present.id])).get(present.id) ?? [];
        const offered =
          body.offersBeside === undefined
            ? null
            : await expectOffers(db, auth, { ...present, alsoGives: bundle }, body.offersBeside);
        const price = await db.$transaction(async (tx) => {
          const { coachId, mode } = auth;
          const changed = await tx.price.update({
            where: { id: params.id },
            data: { nickname, promotionCodes, ...salesFrom(body, present), revision: { increment: 1 } },
          });
          if (offered !== null) await setOffersBeside(tx, { coachId, mode, priceId: changed.id }, offered);
          return changed;
        });
        await syncAtStripe(deps, auth, { kind: 'price', id: price.id }, log);
        return answer(200, await viewOf(auth, price));
      },
    }),
    route({
      method: 'post',
      path: '/v1/prices/{id}/replace',
      tag: TAG,
      auth: 'coach',
      summary: 'Change a price by making a new one',
      description:
        'What is left out is taken over. Once the new price exists at Stripe the old one is archived, and its purchase page leads to the new one; until then, and if the new one fails, the old one is sold. Memberships that were bought with the old price go on with it, and limited seats that were sold stay sold.',
      params,
      body: z.strictObject({
        ...termsFields,
        currencyOptions: currencyOptions.optional(),
        taxBehavior: taxBehavior.optional(),
        alsoGives: alsoGives.optional(),
        offersBeside: offersBeside.optional(),
        ...sales,
        nickname: nickname.optional(),
      }),
      answers: {
        201: { description: 'The new price, free and on sale', schema: priceSchema },
        202: { description: 'The new price, being created at Stripe', schema: priceSchema },
      },
      problems: [
        'not_found',
        'not_connected',
        'product_archived',
        'price_not_active',
        'price_being_replaced',
      ],
      async handler({ auth, params, body, newId, log }) {
        const present = await expectPrice(auth, params.id);
        expectAccessAhead(body.accessStartsAt, await coachNow(deps, auth.coachId, auth.mode));
        const fallback = { currency: present.currency, promotionCodes: false };
        const terms = termsOf(body, storedTerms(present), fallback);
        const options = optionsFrom(terms, body.currencyOptions, present);
        const { taxBehavior: chosen } = body;
        const tax = taxOf(
          terms.model,
          chosen === undefined ? present.taxBehavior : chosen,
          chosen !== undefined,
        );
        const bundle = await bundleOf(
          db,
          auth,
          { productId: present.productId, model: terms.model },
          body.alsoGives ?? (await bundlesOf(db, [present.id])).get(present.id) ?? [],
        );
        const host = { ...terms, productId: present.productId, alsoGives: bundle };
        const offered =
          body.offersBeside === undefined
            ? await offersThatFit(
                db,
                auth,
                host,
                (await offersBesideOf(db, [present.id])).get(present.id) ?? [],
              )
            : await expectOffers(db, auth, host, body.offersBeside);
        const connection = await accountFor(auth, terms.model);
        const newPriceId = newId('price');
        const { price, provisioning } = await db.$transaction(async (tx) => {
          await lockProduct(tx, present.productId);
          const old = await tx.price.findUniqueOrThrow({ where: { id: params.id } });
          const successors = await tx.price.findMany({
            where: { replacesPriceId: old.id, coachId: auth.coachId, mode: auth.mode },
            select: { id: true, status: true },
          });
          const repeated = successors.some((successor) => successor.id === newPriceId);
          if (old.status === 'archived' && !repeated)
            throw new ProblemError('price_not_active', 'An archived price is not replaced.');
          if (!repeated && successors.some((successor) => successor.status === 'provisioning'))
            throw new ProblemError('price_being_replaced', 'The price is being replaced already.');
          // Its seats are those of the old one: what was sold of them stays sold.
          const sharesSeats = old.seats !== null && terms.seats !== null;
          return insertPrice(tx, auth, connection, newId('provisioning'), {
            id: newPriceId,
            productId: old.productId,
            ...terms,
            taxBehavior: tax,
            ...salesFrom(body, old),
            currencyOptions: options,
            alsoGives: bundle,
            offersBeside: offered,
            nickname: body.nickname === undefined ? old.nickname : body.nickname,
            replacesPriceId: old.id,
            seatPoolId: sharesSeats ? (old.seatPoolId ?? old.id) : null,
          });
        });
        if (provisioning !== null) {
          await startProvisioning(deps, auth, provisioning, log);
          return answer(202, await viewOf(auth, price));
        }
        await syncAtStripe(deps, auth, { kind: 'price', id: params.id }, log);
        return answer(201, await viewOf(auth, price));
      },
    }),
    route({
      method: 'post',
      path: '/v1/prices/{id}/archive',
      tag: TAG,
      auth: 'coach',
      summary: 'Archive a price',
      description: 'Nobody can buy it any more. Memberships that were bought with it go on.',
      params,
      body: nothing,
      answers: { 200: { description: 'The price, archived', schema: priceSchema } },
      async handler({ auth, params, log }) {
        const { productId } = await expectPrice(auth, params.id);
        await db.$transaction(async (tx) => {
          await lockProduct(tx, productId);
          await tx.price.updateMany({
            where: { id: params.id, status: { not: 'archived' } },
            data: { status: 'archived', archivedAt: new Date(), revision: { increment: 1 } },
          });
        });
        await syncAtStripe(deps, auth, { kind: 'price', id: params.id }, log);
        return answer(200, await viewOf(auth, await expectPrice(auth, params.id)));
      },
    }),
    route({
      method: 'post',
      path: '/v1/prices/{id}/retry',
      tag: TAG,
      auth: 'coach',
      summary: 'Try again to create a price at Stripe',
      description:
        'After a failure, on another Stripe account than the one it was created on, or after it or its product was archived or deleted in the Stripe Dashboard: what was archived is put on sale again, what was deleted is made anew.',
      params,
      body: nothing,
      answers: { 202: { description: 'The price, being created at Stripe', schema: priceSchema } },
      problems: ['not_connected', 'price_not_retryable'],
      async handler({ auth, params, newId, log }) {
        await expectPrice(auth, params.id);
        const connection = await expectConnected(db, auth.coachId, auth.mode);
        const { price, provisioning } = await db.$transaction((tx) =>
          insertRetry(tx, auth, connection, newId('provisioning'), params.id),
        );
        if (provisioning === null) await syncLater(deps, auth, { kind: 'price', id: params.id }, log);
        else await startProvisioning(deps, auth, provisioning, log);
        return answer(202, await viewOf(auth, price));
      },
    }),
  ];
}
