import { idempotencyKey } from '@session/sdk';
import { isRecurring } from './offers';
import { patiently } from './patience';
import type { Shop } from './shop';

/** Minor units. */
const DEARER = 5900;
const MOVED = 'monthly';

/**
 * The coach makes the price of one offer dearer and moves everybody who has it; who may not be moved stays. Nobody's
 * access changes.
 * @throws Error where somebody could not be moved
 */
export async function movePrice(shop: Shop): Promise<void> {
  const { session } = shop.business;
  const { product, price } = shop.offers[MOVED];
  if (!isRecurring(MOVED)) throw new Error('Only who pays again can be moved.');
  const body = { unitAmount: DEARER, recurring: { interval: 'day', intervalCount: 30 } } as const;
  const key = `chaos-move-${price.id}`;
  const made = await patiently('the dearer price', () =>
    session.post('/v1/products/{id}/prices', {
      params: { path: { id: product.id }, ...idempotencyKey(`${key}-price`) },
      body,
    }),
  );
  await patiently('the dearer price to be on sale', async () => {
    const { status } = await session.get('/v1/prices/{id}', { params: { path: { id: made.id } } });
    if (status !== 'active') throw new Error(`It is ${status}.`);
  });
  shop.replaced.set(made.id, price.id);
  const move = await patiently('the move', () =>
    session.post('/v1/prices/{id}/move-members', {
      params: { path: { id: price.id }, ...idempotencyKey(key) },
      body: { toPriceId: made.id },
    }),
  );
  const ended = await patiently('the move to end', async () => {
    const found = await session.get('/v1/price-moves/{id}', { params: { path: { id: move.id } } });
    if (found.status === 'running') throw new Error('It goes on.');
    return found;
  });
  if (ended.status !== 'done' || ended.failed > 0)
    throw new Error(`The move is ${ended.status}, and ${ended.failed} could not be moved.`);
}
