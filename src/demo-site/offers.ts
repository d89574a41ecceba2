import type { SessionClient } from '../session-client/client';
import type { Page, Price, Product } from '../session-client/types';

/** Something that members can buy on the site. */
export interface Offer {
  product: Product;
  price: Price;
}

/** What the demo coach sells. Amounts in minor units; the currency is the Stripe account's own. */
const SAMPLES = [
  {
    name: 'Twelve weeks of morning yoga',
    description: 'A course of twelve weeks, three mornings a week. Paid once, yours for ever.',
    unitAmount: 24_000,
    recurring: null,
  },
  {
    name: 'The monthly circle',
    description: 'A live class every Tuesday and the whole library. Renews every month until you cancel.',
    unitAmount: 2_900,
    recurring: { interval: 'month', intervalCount: 1 },
  },
];

/** All active products with all their prices, the oldest first. */
export async function readCatalog(session: SessionClient): Promise<{ product: Product; prices: Price[] }[]> {
  const products = await session.get<Page<Product>>('/v1/products?status=active&limit=100');
  const catalog = await Promise.all(
    products.data.map(async (product) => ({
      product,
      prices: (await session.get<Page<Price>>(`/v1/products/${product.id}/prices?limit=100`)).data
        .filter(({ status }) => status !== 'archived')
        .reverse(),
    })),
  );
  return catalog.reverse();
}

/** What can be bought now. */
export async function readOffers(session: SessionClient): Promise<Offer[]> {
  const catalog = await readCatalog(session);
  return catalog.flatMap(({ product, prices }) =>
    prices.filter(({ status }) => status === 'active').map((price) => ({ product, price })),
  );
}

/**
 * Gives a coach who has nothing to sell yet two offers to try everything with.
 * @param attempt makes a repetition of the same attempt find what the first one made.
 */
export async function createSampleOffers(session: SessionClient, attempt: string): Promise<void> {
  const { data } = await session.get<Page<Product>>('/v1/products?limit=1');
  if (data.length > 0) return;
  for (const [index, { name, description, unitAmount, recurring }] of SAMPLES.entries()) {
    const key = `sample-${index}-${attempt}`;
    const product = await session.post<Product>('/v1/products', { name, description }, `${key}-product`);
    await session.post(`/v1/products/${product.id}/prices`, { unitAmount, recurring }, `${key}-price`);
  }
}
