import type { Db, Tx } from '../db/client';
import type { Mode } from '../domain/mode';

/** Milliseconds: longer than one call to Stripe may take. */
const HELD_AT_MOST = 28_000;

/**
 * Does the work while nobody else touches this product on this account: two prices of one product must not create it
 * twice, and none may archive what another is about to use. An advisory lock, so that the coach can edit meanwhile.
 */
export function withProductLock<T>(
  db: Db,
  product: { mode: Mode; accountId: string; productId: string },
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const name = `product/${product.mode}/${product.accountId}/${product.productId}`;
  return db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
      return work(tx);
    },
    { timeout: HELD_AT_MOST, maxWait: HELD_AT_MOST },
  );
}
