import Stripe from 'stripe';
import { NotAStripeObject, stripeErrorDetails } from './errors';

/** How many keys are tried after stored failures before a person has to look. */
const MAX_KEYS = 5;

/**
 * Creates an object at Stripe exactly once, however often the activity around it is tried again.
 *
 * The idempotency key is `rowId:step:n`. Stripe replays stored answers, 500s included, so a stored failure would come
 * back for ever: `n` rises, but only after a *replayed* server error and a look-up that found nothing. The loop starts
 * at 0 each time, so a retry walks the same keys. https://docs.stripe.com/api/idempotent_requests
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
  for (let n = 0; ; n++) {
    try {
      return await options.create(`${options.rowId}:${options.step}:${n}`);
    } catch (error) {
      if (!isReplayedServerError(error) || n + 1 >= MAX_KEYS) throw error;
      const found = await options.lookUp();
      if (found !== null) return found;
    }
  }
}

function isReplayedServerError(error: unknown): boolean {
  if (error instanceof NotAStripeObject) return error.replayed;
  if (!(error instanceof Stripe.errors.StripeError)) return false;
  const details = stripeErrorDetails(error);
  return details.replayed && (details.statusCode ?? 0) >= 500;
}
