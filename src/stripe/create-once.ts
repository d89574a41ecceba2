import { randomUUID } from 'node:crypto';
import Stripe from 'stripe';
import { isFinalNo, NotAStripeObject, stripeErrorDetails } from './errors';
import { isRemembered, noteProgress, progress } from './progress';

/** How many stored failures one try walks past; the next try goes on where it stopped. */
const MAX_KEYS = 5;

/**
 * Creates an object at Stripe exactly once, however often the activity around it is tried again.
 *
 * The idempotency key is `rowId:step:n`. Stripe replays stored answers, 500s included, so a stored failure would come
 * back for ever: `n` rises, but only after a *replayed* server error and a look-up that found nothing. A retry begins
 * with the key that the last one came to, so that its answer is asked for again before another key is used, and an
 * outage of any length leaves a key to go on with. https://docs.stripe.com/api/idempotent_requests
 *
 * @throws the Stripe client's error; map it with `toActivityFailure`.
 */
export async function createOnce<T>(options: {
  rowId: string;
  step: string;
  create: (idempotencyKey: string) => Promise<T>;
  /** Finds the object that an earlier try made, by an id, lookup key or metadata of ours. */
  lookUp: () => Promise<T | null>;
}): Promise<T> {
  const { rowId, step, create, lookUp } = options;
  return walkKeys({ rowId, step, send: create, lookUp, movesOn: isReplayedServerError });
}

/**
 * Changes an object at Stripe (updates, cancels, expires it) under the keys of {@link createOnce}, and for the same
 * reason: a server error that is stored under a key would come back for a day, so the next key is tried, after a look
 * that did not find the change made. https://docs.stripe.com/api/idempotent_requests
 *
 * A no is looked behind as well: somebody may have made the same change in that very moment, or it is the answer to a
 * repetition by the client after the first answer was lost. Keys have no effect on DELETE, so there the second of two
 * hears that nothing is there to end.
 *
 * @throws the Stripe client's error; map it with `toActivityFailure`.
 */
export async function changeOnce<T>(options: {
  rowId: string;
  step: string;
  change: (idempotencyKey: string) => Promise<T>;
  /** The object as it is now, if it is as it was to become (or can become it no more); null: it is not. */
  lookUp: () => Promise<T | null>;
  /**
   * A refusal that is stored is left behind too, not only a server error. For changes to which Stripe may say no now
   * and yes in a moment, and that take no money.
   */
  alsoAfterRefusal?: boolean;
}): Promise<T> {
  const { rowId, step, change, lookUp, alsoAfterRefusal } = options;
  const movesOn = alsoAfterRefusal === true ? isReplayed : isReplayedServerError;
  const send = async (idempotencyKey: string) => {
    try {
      return await change(idempotencyKey);
    } catch (error) {
      const found = isFinalNo(error) && !movesOn(error) ? await lookUp() : null;
      if (found === null) throw error;
      return found;
    }
  };
  return walkKeys({ rowId, step, send, lookUp, movesOn });
}

async function walkKeys<T>(options: {
  rowId: string;
  step: string;
  send: (idempotencyKey: string) => Promise<T>;
  lookUp: () => Promise<T | null>;
  movesOn: (error: unknown) => boolean;
}): Promise<T> {
  const place = `${options.rowId}:${options.step}`;
  const first = Number(progress()[place] ?? 0);
  for (let n = first; ; n++) {
    try {
      return await options.send(`${place}:${n}`);
    } catch (error) {
      if (!options.movesOn(error)) throw error;
      const found = await options.lookUp();
      if (found !== null) return found;
      noteProgress(place, n + 1);
      if (n + 1 - first < MAX_KEYS) continue;
      // Where no try knows of the one before, they would meet the same stored failures for a day: one more key, that
      // nobody has used.
      if (!isRemembered()) return options.send(`${place}:${randomUUID()}`);
      throw error;
    }
  }
}

function isReplayed(error: unknown): boolean {
  if (error instanceof NotAStripeObject) return error.replayed;
  return error instanceof Stripe.errors.StripeError && stripeErrorDetails(error).replayed;
}

function isReplayedServerError(error: unknown): boolean {
  if (error instanceof NotAStripeObject) return error.replayed;
  if (!(error instanceof Stripe.errors.StripeError)) return false;
  const details = stripeErrorDetails(error);
  return details.replayed && (details.statusCode ?? 0) >= 500;
}
