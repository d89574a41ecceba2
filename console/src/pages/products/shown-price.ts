import { useParams } from 'react-router';
import { useRead } from '../../api/resource';
import type { Price } from '../../api/types';

/** The product and the price that the page's address names. */
export function useShownPrice(options: { pollWhile?: (price: Price) => number | false } = {}) {
  const { productId = '', priceId = '' } = useParams();
  return {
    productId,
    priceId,
    product: useRead('/v1/products/{id}', { params: { path: { id: productId } } }),
    price: useRead('/v1/prices/{id}', { params: { path: { id: priceId } } }, options),
  };
}
