import type { Db, Tx } from '../db/client';
import type { Bundles } from '../domain/membership-look';

/** What prices give besides their own product. One query for any number. */
export async function bundlesOf(db: Db | Tx, priceIds: readonly string[]): Promise<Bundles> {
  const rows = await db.priceProduct.findMany({
    where: { priceId: { in: [...new Set(priceIds)] } },
    orderBy: { productId: 'asc' },
  });
  const bundles = new Map<string, string[]>();
  for (const { priceId, productId } of rows)
    bundles.set(priceId, [...(bundles.get(priceId) ?? []), productId]);
  return bundles;
}
