import { invalidRequest } from '../http/errors';
import type { Price } from '../objects/catalog';
import type { Space } from '../space';
import { refuseWithout } from './currency-options';

/** Checks that a price can be subscribed to. */
export function recurringPrice(space: Space, id: string, param: string, currency?: string): Price {
  const price = space.get('price', id, param);
  if (!price.recurring) {
    throw invalidRequest(
      'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.',
      param,
    );
  }
  if (!price.active) {
    throw invalidRequest(
      `The price specified is inactive. This field only accepts active prices.`,
      param,
      'price_inactive',
    );
  }
  if (currency) refuseWithout(price, currency, param);
  return price;
}
