import { z } from 'zod';
import { isoTime, type Seconds, toDate } from '../../domain/time';
import { coachNow } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { answer, route, type Route } from '../http/route';
import { nextSchema } from '../memberships/view';
import { readAttention } from './attention';
import { readOpenCheckouts, readProductFigures, readRevenue } from './figures';
import { keepLarge } from './kept';
import { readSetup, SETUP_STEPS } from './setup';
import { currency, mode, money, time } from '../http/schemas';

const member = z.object({ id: z.string(), externalId: z.string().nullable(), email: z.string().nullable() });

/** The first few, and how many there are in all. */
const someOf = <S extends z.ZodType>(item: S) => z.object({ total: z.int(), data: z.array(item) });

const membership = z.object({
  membershipId: z.string(),
  member,
  productId: z.string(),
  status: z.string().meta({ example: 'past_due' }),
  reason: z.string().meta({ example: 'grace' }),
  reasonInWords: z.string(),
  next: nextSchema,
});

const unfinished = z.object({
  checkoutId: z.string(),
  member: member.nullable(),
  productId: z.string(),
  status: z.string().meta({ example: 'needs_review' }),
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
});

const overviewSchema = z
  .object({
    mode,
    asOf: time,
    activeMembers: z.int().meta({ description: 'Members who have access to something now' }),
    products: z
      .array(
        z.object({
          productId: z.string(),
          name: z.string(),
          status: z.enum(['active', 'archived']),
          purchases: z.int().meta({ description: 'Checkouts that were completed, ever' }),
          activeMembers: z.int(),
        }),
      )
      .meta({ description: 'What is for sale or was sold; what sold most comes first' }),
    revenue: z
      .array(
        z.object({
          currency,
          months: z.array(
            z.object({
              month: z.string().meta({ example: '2026-11', description: 'UTC' }),
              gross: money,
              refunded: money.meta({ description: 'Of what was paid in this month, whenever it went back' }),
              disputed: money.meta({ description: 'Lost to disputes, likewise' }),
              net: money.meta({ description: "Before Stripe's fees" }),
            }),
          ),
        }),
      )
      .meta({ description: 'The last twelve months, the present one last, for each currency' }),
    attention: z.object({
      prices: someOf(
        z.object({ priceId: z.string(), productId: z.string(), code: z.string(), message: z.string() }),
      ).meta({
        description:
          'Off sale because of what was done in the Stripe Dashboard; retry puts one on sale again',
      }),
      payments: someOf(membership).meta({
        description:
          'Memberships whose payment failed, and installments that ended before the last one was paid, for 30 days',
      }),
      duplicates: someOf(membership).meta({ description: 'Bought twice: perhaps one is to be refunded' }),
      notSoldHere: someOf(membership).meta({
        description: 'Moved in the Stripe Dashboard to something that is not sold here: nothing is given',
      }),
      paidTooLate: someOf(membership).meta({
        description:
          'Paid an open invoice when its period was over too, for 30 days: perhaps it is to be refunded',
      }),
      disputes: someOf(
        z.object({ membershipId: z.string(), member, productId: z.string(), amount: money, currency }),
      ).meta({ description: 'Payments that are disputed and not decided yet' }),
      checkouts: someOf(unfinished).meta({ description: 'Held or unverifiable: look them up in Stripe' }),
      pending: someOf(unfinished).meta({ description: 'Ordered; the money is on its way, perhaps for days' }),
      trials: someOf(membership).meta({
        description: 'In a trial again: an anonymous buyer who turned out to have had one',
      }),
      failed: someOf(unfinished).meta({
        description: 'Ordered, and the money did not come, for 30 days: no access was given',
      }),
    }),
    checkouts: z.object({
      open: z.int(),
      pending: z.int().meta({ description: 'Finished, and the money is on its way' }),
    }),
    setup: z.object({
      connected: z.boolean(),
      chargesEnabled: z.boolean(),
      hasProduct: z.boolean(),
      hasActivePrice: z.boolean(),
      hasOrigin: z.boolean(),
      hasSale: z.boolean(),
      next: z.enum(SETUP_STEPS).nullable().meta({ description: 'Null: nothing is left to set up' }),
    }),
  })
  .meta({ id: 'Overview' });

/** Who has sold more than so much is shown figures that are some seconds old. */
const MANY = 5000;

interface Counted {
  figures: Awaited<ReturnType<typeof readProductFigures>>;
  revenue: Awaited<ReturnType<typeof readRevenue>>;
}

/** The coach's figures at a glance. Reads Postgres only. */
export function overviewRoutes(deps: ApiDeps): Route[] {
  const { db } = deps;
  const kept = keepLarge(
    ({ figures }: Counted) => figures.products.reduce((sum, { purchases }) => sum + purchases, 0) > MANY,
  );
  return [
    route({
      method: 'get',
      path: '/v1/overview',
      tag: 'Overview',
      auth: 'coach',
      summary: 'What was sold, to how many, for how much, and what needs attention',
      description:
        'After some thousand sales the figures of members, purchases and revenue may be ten seconds old.',
      answers: { 200: { description: 'The figures', schema: overviewSchema } },
      async handler({ auth }) {
        const { coachId, mode } = auth;
        const now: Seconds = await coachNow(deps, coachId, mode);
        const [{ figures, revenue }, attention, setup, checkouts] = await Promise.all([
          kept(`${mode}/${coachId}`, async () => {
            const [figures, revenue] = await Promise.all([
              readProductFigures(db, auth, now),
              readRevenue(db, auth, now),
            ]);
            return { figures, revenue };
          }),
          readAttention(db, auth, now),
          readSetup(db, auth),
          readOpenCheckouts(db, auth),
        ]);
        return answer(200, {
          mode,
          asOf: isoTime(toDate(now)),
          ...figures,
          revenue,
          attention,
          checkouts,
          setup,
        });
      },
    }),
  ];
}
