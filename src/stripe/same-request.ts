import { createHash } from 'node:crypto';
import { isExisting, isKeyReused } from './errors';

/** Names what a request says, in an idempotency key, so that one key is never used for two. */
export const contentKey = (params: unknown) =>
  createHash('sha256').update(JSON.stringify(params)).digest('hex').slice(0, 12);

/** What another try made meanwhile, or made with other words under the same key: it is found, not made twice. */
export async function orFound<T>(error: unknown, lookUp: () => Promise<T | null>): Promise<T> {
  const made = isExisting(error) || isKeyReused(error) ? await lookUp() : null;
  if (made === null) throw error;
  return made;
}
