import type { Coach, Price, PriceProduct, Product } from '../../db/generated/client';

/** A price with everything that a page says about it. */
export type Offer = Price & {
  product: Product & { coach: Coach };
  alsoGives: (PriceProduct & { product: Product })[];
};
