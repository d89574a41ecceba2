import type { Tx } from '../db/client';

/**
 * The lock of a product and all its prices. The one order in which the catalog's rows are locked is: product, then
 * prices. Whatever changes the status of a price takes the product first, so that no two wait for each other. It is held
 * for a transaction of ours and never across a call to Stripe; it does not hold up a sale, which only refers to the row.
 */
export async function lockProduct(tx: Tx, productId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM product WHERE id = ${productId} FOR NO KEY UPDATE`;
}
