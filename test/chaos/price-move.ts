import type { Price } from '../../src/session-client/types';
import { isRecurring } from './offers';
import { patiently } from './patience';
import type { Shop } from './shop';

interface Move {
  id: string;
  status: 'running' | 'cancelling' | 'done' | 'incomplete' | 'cancelled';
  failed: number;
}

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
  const body = { unitAmount: DEARER, recurring: { interval: 'day', intervalCount: 30 } };
  const key = `chaos-move-${price.id}`;
  const made = await patiently('the dearer price', () =>
    session.post<Price>(`/v1/products/${product.id}/prices`, body, `${key}-price`),
  );
  await patiently('the dearer price to be on sale', async () => {
    const { status } = await session.get<Price>(`/v1/prices/${made.id}`);
    if (status !== 'active') throw new Error(`It is ${status}.`);
  });
  shop.replaced.set(made.id, price.id);
  const move = await patiently('the move', () =>
    session.post<Move>(`/v1/prices/${price.id}/move-members`, { toPriceId: made.id }, key),
  );
  const ended = await patiently('the move to end', async () => {
    const found = await session.get<Move>(`/v1/price-moves/${move.id}`);
    if (found.status === 'running') throw new Error('It goes on.');
    return found;
  });
  if (ended.status !== 'done' || ended.failed > 0)
    throw new Error(`The move is ${ended.status}, and ${ended.failed} could not be moved.`);
}
