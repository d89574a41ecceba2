import { isMissing } from '../stripe/errors';

/**
 * Whether an object that a look was about is not at Stripe any more, as when the coach deletes all data of their sandbox:
 * then it would be missing at every further look. An error about something beside it (a draft invoice that was deleted
 * while it was read) does not say so, hence the second question, about the object alone.
 * https://docs.stripe.com/error-codes#resource-missing
 * @param error what the look threw
 * @param retrieve asks for the object by its id, and nothing else
 */
export async function isGoneAtStripe(error: unknown, retrieve: () => Promise<unknown>): Promise<boolean> {
  if (!isMissing(error)) return false;
  try {
    await retrieve();
    return false;
  } catch (second) {
    return isMissing(second);
  }
}
