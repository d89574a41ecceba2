import { invalidRequest } from '../http/errors';
import type { Space } from '../space';

/**
 * The owner deletes a price in their Dashboard, which the API cannot do: one that nobody has used yet. A product without
 * prices is deleted there as by the API. https://docs.stripe.com/products-prices/manage-prices
 */
export function deletePrice(space: Space, id: string): { id: string; object: 'price'; deleted: true } {
  const price = space.get('price', id, 'price');
  if (isUsed(space, id)) {
    throw invalidRequest('This price cannot be deleted because it was used. Archive it instead.', 'price');
  }
  if (space.get('product', price.product).default_price === id) {
    space.change('product', price.product, 'product.updated', (draft) => {
      draft.default_price = null;
    });
  }
  space.remove('price', id);
  space.emit('price.deleted', price);
  return { id, object: 'price', deleted: true };
}

/** Whether anybody subscribed to it, or it stands on an invoice or in a session. */
function isUsed(space: Space, id: string): boolean {
  const isSubscribed = space
    .list('subscription')
    .filter(({ items }) => items.data.some(({ price }) => price?.id === id));
  const isInvoiced = space
    .list('invoice')
    .filter(({ lines }) => lines.data.some(({ pricing }) => pricing?.price_details.price === id));
  const isOffered = space
    .list('checkout.session')
    .filter(({ _emu }) => _emu.lines.some(({ price }) => price?.id === id));
  return [isSubscribed, isInvoiced, isOffered].some((uses) => uses.first(1).length > 0);
}
