import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import type { Db } from '../../db/client';
import type { Price } from '../../db/generated/client';
import { optionsOf, paidIn } from '../../domain/currency-options';
import { PROBLEMS, ProblemError } from '../../domain/problem';
import { PRICING_MODELS, startAhead } from '../../domain/pricing';
import { priceInWords } from '../../domain/pricing-words';
import { isoTimeOrNull } from '../../domain/time';
import { currencyAmounts, salesOf, shownSales, shownTerms } from './price-view';
import { seatsLeftOf } from './availability';
import { coachNow } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { toProblemError } from '../http/problem';
import { answer, route, type Route } from '../http/route';
import { currency, id, mode, text } from '../http/schemas';
import type { Offer } from './offered-price';
import { isWithoutTrial } from './offered-trial';
import { createMemberTokens } from '../buy/member-token';
import { expectOffered, expectSellable } from './sellable';

/** How many replacements of a price are followed to the present one. */
const LONGEST_CHAIN = 20;
/** Seconds for which browsers and caches keep an answer: a seat may go at any moment. */
const FRESH = 15;

/** A price by its id in a public address; null for anything else. */
export function findOffer(db: Db, priceId: string): Promise<Offer | null> {
  return /^amt_[A-Za-z0-9]{1,64}$/.test(priceId)
    ? db.price.findUnique({
        where: { id: priceId },
        include: {
          product: { include: { coach: true } },
          alsoGives: { include: { product: true }, orderBy: { product: { name: 'asc' } } },
        },
      })
    : Promise.resolve(null);
}

/** The price that is sold now in place of an archived one. */
export async function findSuccessor(db: Db, offer: Offer): Promise<string | null> {
  let present: Price = offer;
  for (let i = 0; i < LONGEST_CHAIN && present.status === 'archived'; i++) {
    const next: Price | null = await db.price.findFirst({
      where: {
        replacesPriceId: present.id,
        coachId: present.coachId,
        mode: present.mode,
        status: { not: 'failed' },
      },
      orderBy: { createdAt: 'desc' },
    });
    if (next === null) return null;
    present = next;
  }
  return present.status === 'archived' || present.id === offer.id ? null : present.id;
}

const availability = z.enum(['available', 'sold_out', 'unavailable']);

const offerSchema = z
  .object({
    priceId: z
      .string()
      .meta({ description: 'Of the price that is sold now: perhaps the one that replaced it' }),
    mode,
    coach: z.object({ name: z.string() }),
    product: z.object({
      name: z.string(),
      description: z.string().nullable(),
      features: z.array(z.string()),
    }),
    alsoGives: z
      .array(z.object({ name: z.string(), description: z.string().nullable() }))
      .meta({ description: 'Products that it gives as well' }),
    model: z.enum(PRICING_MODELS),
    unitAmount: z.int().meta({ description: 'Minor units; 0 where the buyer chooses, or it is free' }),
    currency,
    currencyOptions: currencyAmounts.meta({ description: 'What one unit costs in other currencies' }),
    recurring: z.object({ interval: z.string(), intervalCount: z.int() }).nullable(),
    trialDays: z
      .int()
      .nullable()
      .meta({ description: 'Null: none, or the member that the token names has had it' }),
    setupFee: z.int().nullable(),
    ...shownTerms,
    promotionCodes: z.boolean(),
    ...shownSales,
    inWords: z.object({
      amount: z.string().meta({ example: '€49.00' }),
      rhythm: z.string().meta({ example: 'every month' }),
      details: z.array(z.string()).meta({ example: ['The first 14 days are free.'] }),
    }),
    availability: availability.meta({
      description:
        '`sold_out`: a seat may come back. `unavailable`: not sold, or not at the moment, perhaps by `salesStartAt` or `salesEndAt`',
    }),
    seatsLeft: z.int().nullable().meta({ description: 'Null: seats are not limited' }),
    buyUrl: z.string(),
  })
  .meta({ id: 'Offer' });

/**
 * What anybody may know about a price, for a button on a coach's site. Never anything about a member, except to the one
 * whom a token of the coach's names: no trial is promised to whoever has had it.
 */
export function offerRoutes(deps: ApiDeps): Route[] {
  const { db, config } = deps;
  const memberOfToken = createMemberTokens(deps);

  const availabilityOf = async (
    offer: Offer,
    seatsLeft: number | null,
  ): Promise<z.output<typeof availability>> => {
    try {
      const price = await expectOffered(deps, { ...offer, priceId: offer.id });
      if (price.model !== 'free') await expectSellable(deps, price);
      return seatsLeft === 0 ? 'sold_out' : 'available';
    } catch (error) {
      const problem = toProblemError(error);
      // That we cannot tell at the moment says nothing about the offer.
      if (problem === null || PROBLEMS[problem.code].status >= 500) throw error;
      return 'unavailable';
    }
  };

  const isHad = async (offer: Offer, token: string | undefined): Promise<boolean> => {
    if (token === undefined) return false;
    try {
      return await isWithoutTrial(db, offer, { member: await memberOfToken(offer, token) });
    } catch (error) {
      if (toProblemError(error)?.code.startsWith('member_token') === true) return false;
      throw error;
    }
  };

  return [
    route({
      method: 'get',
      path: '/buy/{priceId}/offer',
      tag: 'Pages',
      auth: 'none',
      summary: 'What is for sale: price and availability',
      description: `Public facts only, for a button on any site: no key, any origin, cached for ${FRESH} seconds. With the member's token nothing is cached, and a trial that the member has had is not promised; a token that is not valid changes nothing. An archived price answers with the one that replaced it.`,
      params: z.strictObject({ priceId: id('amt') }),
      query: z.strictObject({
        member: text(4000).optional(),
        currency: currency.optional().meta({ description: 'In which it is shown, where the price has it' }),
      }),
      answers: { 200: { description: 'The offer', schema: offerSchema } },
      problems: ['not_found'],
      async handler({ params, query }) {
        const asked = await findOffer(db, params.priceId);
        const successor = asked?.status === 'archived' ? await findSuccessor(db, asked) : null;
        const sold = successor === null ? asked : await findOffer(db, successor);
        if (sold === null) throw new ProblemError('not_found', 'There is no price with this id.');
        const offer = paidIn(sold, query.currency ?? sold.currency);
        const seatsLeft = (await seatsLeftOf(db, [offer]))(offer);
        const now = await coachNow(deps, offer.coachId, offer.mode);
        const { name, description, features, coach } = offer.product;
        const trialDays = (await isHad(offer, query.member)) ? null : offer.trialDays;
        const { model, unitAmount, setupFee, installments, accessDays, promotionCodes } = offer;
        const { minAmount, maxAmount, suggestedAmount, interval, intervalCount } = offer;
        return answer(200, {
          priceId: offer.id,
          mode: offer.mode,
          coach: { name: coach.name },
          product: { name, description, features },
          alsoGives: offer.alsoGives.map(({ product }) => ({
            name: product.name,
            description: product.description,
          })),
          model,
          unitAmount,
          currency: offer.currency,
          currencyOptions: optionsOf(offer),
          recurring: interval === null ? null : { interval, intervalCount: intervalCount ?? 1 },
          trialDays,
          setupFee,
          installments,
          minAmount,
          maxAmount,
          suggestedAmount,
          accessDays,
          accessStartsAt: isoTimeOrNull(offer.accessStartsAt),
          promotionCodes,
          ...salesOf(offer),
          inWords: priceInWords({ ...offer, trialDays, beginsAt: startAhead(offer.accessStartsAt, now) }),
          availability: await availabilityOf(offer, seatsLeft),
          seatsLeft,
          buyUrl: `${config.api.publicUrl}/buy/${offer.id}${offer === sold ? '' : `?currency=${offer.currency}`}`,
        });
      },
    }),
  ];
}

const anyOrigin: RequestHandler = (req, res, next) => {
  res.setHeader('Access-Control-Allow-Origin', '*');
  res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  const isPublic = req.query['member'] === undefined;
  res.setHeader('Cache-Control', isPublic ? `public, max-age=${FRESH}` : 'no-store');
  next();
};

/** Lets pages of any site read the offer. Goes before the routes. */
export function offerHeaders(): Router {
  const router = Router();
  router.get('/buy/:priceId/offer', anyOrigin);
  return router;
}
