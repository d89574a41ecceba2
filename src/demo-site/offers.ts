import { idempotencyKey, type SessionClient, type Price, type Product } from '@session/sdk';

/** Something that members can buy on the site, and the ways to pay for it. */
export interface Offer {
  product: Product;
  prices: Price[];
}

const EVERY_MONTH = { interval: 'month', intervalCount: 1 } as const;

/** What the demo coach sells. Amounts in minor units; the currency is the Stripe account's own. */
const SAMPLES = [
  {
    name: 'Twelve weeks of morning yoga',
    description: 'A programme of twelve weeks, three mornings a week. Paid at once or month by month.',
    prices: [
      { unitAmount: 24_000, accessDays: 84 },
      {
        model: 'installments' as const,
        unitAmount: 8_500,
        recurring: EVERY_MONTH,
        installments: 3,
        accessDays: 84,
      },
    ],
  },
  {
    name: 'The monthly circle',
    description: 'A live class every Tuesday and the whole library. Cancel whenever you like.',
    prices: [{ unitAmount: 2_900, recurring: EVERY_MONTH, trialDays: 14 }],
  },
];

/** All active products with all their prices, the oldest first. */
export async function readCatalog(session: SessionClient): Promise<Offer[]> {
  const products = await session.get('/v1/products', {
    params: { query: { status: 'active', limit: 100 } },
  });
  const catalog = await Promise.all(
    products.data.map(async (product) => ({
      product,
      prices: (
        await session.get('/v1/products/{id}/prices', {
          params: { path: { id: product.id }, query: { limit: 100 } },
        })
      ).data
        .filter(({ status }) => status !== 'archived')
        .reverse(),
    })),
  );
  return catalog.reverse();
}

/** What of a catalog can be bought now. */
export function offersIn(catalog: readonly Offer[]): Offer[] {
  return catalog.flatMap(({ product, prices }) => {
    const active = prices.filter(({ status }) => status === 'active');
    return active.length === 0 ? [] : [{ product, prices: active }];
  });
}

/**
 * Gives a coach who has nothing to sell yet two offers to try everything with.
 * @param attempt makes a repetition of the same attempt find what the first one made.
 */
export async function createSampleOffers(session: SessionClient, attempt: string): Promise<void> {
  const { data } = await session.get('/v1/products', { params: { query: { limit: 1 } } });
  if (data.length > 0) return;
  for (const [index, { name, description, prices }] of SAMPLES.entries()) {
    const key = `sample-${index}-${attempt}`;
    const product = await session.post('/v1/products', {
      params: idempotencyKey(`${key}-product`),
      body: { name, description },
    });
    for (const [way, price] of prices.entries())
      await session.post('/v1/products/{id}/prices', {
        params: { path: { id: product.id }, ...idempotencyKey(`${key}-price-${way}`) },
        body: price,
      });
  }
}
