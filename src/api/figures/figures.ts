import { z } from 'zod';
import { csvLine } from '../../domain/csv';
import { RANGES } from '../../domain/figures';
import { plainAmount } from '../../domain/money';
import { isoTime, toDate } from '../../domain/time';
import { coachNow } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { CSV, csvFile, Download } from '../http/download';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { currency, id, mode, money, time } from '../http/schemas';
import { keepLarge } from '../overview/kept';
import { readFigures } from './read';

export const TAG = 'Figures';

/** What figures, and the movements behind them, may be narrowed down to. */
export const narrowed = {
  currency: currency.optional(),
  product: id('pdt').optional(),
  price: id('prc').optional(),
};

const query = z.strictObject({
  range: z
    .enum(Object.keys(RANGES) as [keyof typeof RANGES, ...(keyof typeof RANGES)[]])
    .default('1y')
    .meta({ description: 'How far back, in whole months with the present one: `90d` is three of them' }),
  ...narrowed,
});
type Asked = z.output<typeof query>;

const rate = z.number().nullable();

const monthSchema = z.object({
  month: z.string().meta({ example: '2026-11', description: 'UTC' }),
  start: money.meta({ description: 'Monthly recurring revenue at its start' }),
  new: money,
  reactivation: money,
  expansion: money,
  contraction: money.meta({ description: 'Zero or negative' }),
  churn: money.meta({ description: 'Zero or negative' }),
  end: money.meta({ description: 'At its end, or now: the start and all movements' }),
  members: z.object({
    start: z.int(),
    new: z.int(),
    reactivated: z.int(),
    churned: z.int(),
    end: z.int(),
  }),
  churnRate: rate.meta({
    description: 'Members who left ÷ (members at the start + those who came in it); null: nobody was there',
  }),
  revenueChurnRate: rate.meta({ description: 'What contraction and churn took ÷ the start' }),
  averagePerMember: money.nullable(),
  lifetimeValue: money.nullable().meta({
    description: 'Average per member ÷ churn rate; null: nobody has left in the month',
  }),
});

const figuresSchema = z
  .object({
    mode,
    asOf: time,
    timeZone: z.literal('UTC').meta({ description: 'Whose months they are' }),
    estimated: z.boolean().meta({
      description:
        'There are movements from before figures were kept, made of what was known: sold prices without discounts or changes in between',
    }),
    currencies: z.array(
      z.object({
        currency,
        months: z.array(monthSchema).meta({ description: 'The present one last' }),
        trials: z.array(
          z.object({
            month: z.string().meta({ description: 'In which they ended' }),
            ended: z.int(),
            converted: z.int(),
            conversionRate: rate,
          }),
        ),
        prices: z
          .array(z.object({ productId: z.string(), priceId: z.string(), amount: money, members: z.int() }))
          .meta({ description: 'What each price brings a month now, the first 200' }),
      }),
    ),
  })
  .meta({ id: 'Figures' });

const COLUMNS = [
  ...['month', 'time zone', 'currency', 'start', 'new', 'reactivation', 'expansion', 'contraction', 'churn'],
  ...['end', 'members at start', 'new members', 'members back', 'members lost', 'members at end'],
  ...['churn rate', 'revenue churn rate', 'average per member', 'lifetime value'],
  ...['trials ended', 'trials converted'],
];

type Figures = Awaited<ReturnType<typeof readFigures>>;

async function* linesOf({ currencies }: Figures): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for (const { currency: of, months, trials } of currencies) {
    const cell = (value: number | null) => (value === null ? null : { amount: plainAmount(value, of) });
    for (const month of months) {
      const { members, churnRate, revenueChurnRate, averagePerMember, lifetimeValue } = month;
      const trial = trials.find((one) => one.month === month.month);
      yield csvLine([
        ...[month.month, 'UTC', of, cell(month.start), cell(month.new), cell(month.reactivation)],
        ...[cell(month.expansion), cell(month.contraction), cell(month.churn), cell(month.end)],
        ...[members.start, members.new, members.reactivated, members.churned, members.end],
        ...[churnRate, revenueChurnRate, cell(averagePerMember), cell(lifetimeValue)],
        ...[trial?.ended ?? 0, trial?.converted ?? 0],
      ]);
    }
  }
}

/** Who has more movements than this in the range is shown figures that are some seconds old. */
const MANY = 5000;

/** Recurring revenue over time. Reads Postgres only. */
export function figureRoutes(deps: ApiDeps): Route[] {
  const { db } = deps;
  const kept = keepLarge(
    ({ currencies }: Figures) =>
      currencies.reduce((sum, { prices }) => sum + prices.reduce((all, { members }) => all + members, 0), 0) >
      MANY,
  );
  const read = async (auth: CoachAuth, asked: Asked) => {
    const { coachId, mode: of } = auth;
    const now = await coachNow(deps, coachId, of);
    const { range, ...only } = asked;
    return {
      now,
      figures: await kept(JSON.stringify([of, coachId, asked]), () =>
        readFigures(db, auth, only, range, now),
      ),
    };
  };
  const description =
    'Monthly recurring revenue, its movements, churn, lifetime value and trials, each defined in docs/figures.md after Stripe’s own definitions. Months are UTC. After some thousand members they may be ten seconds old.';
  return [
    route({
      method: 'get',
      path: '/v1/figures',
      tag: TAG,
      auth: 'coach',
      summary: 'Recurring revenue and what moved it, month by month',
      description,
      query,
      answers: { 200: { description: 'The figures', schema: figuresSchema } },
      async handler({ auth, query: asked }) {
        const { now, figures } = await read(auth, asked);
        return answer(200, {
          mode: auth.mode,
          asOf: isoTime(toDate(now)),
          timeZone: 'UTC' as const,
          ...figures,
        });
      },
    }),
    route({
      method: 'get',
      path: '/v1/figures.csv',
      tag: TAG,
      auth: 'coach',
      summary: 'The same as a CSV file',
      description: `${description} Amounts have a decimal point.`,
      query,
      answers: { 200: { description: 'The file', schema: csvFile, type: CSV } },
      async handler({ auth, query: asked }) {
        const { now, figures } = await read(auth, asked);
        return answer(
          200,
          new Download(`figures-${isoTime(toDate(now)).slice(0, 10)}.csv`, linesOf(figures)),
        );
      },
    }),
  ];
}
