import Stripe from 'stripe';
import type { JsonObject } from '../src/json';
import type { Place } from './sides';
import { reasonOf, TIDY } from './wire';

/** How each kind of thing is taken away. A clock takes its customers and their subscriptions along, so clocks come first. */
const WAYS: [object: string, take: (stripe: Stripe, id: string) => Promise<unknown>][] = [
  ['test_helpers.test_clock', (stripe, id) => stripe.testHelpers.testClocks.del(id)],
  ['checkout.session', (stripe, id) => stripe.checkout.sessions.expire(id)],
  ['customer', (stripe, id) => stripe.customers.del(id)],
  ['coupon', (stripe, id) => stripe.coupons.del(id)],
  // What has been used cannot be deleted. Stripe archives a price that is its product's default with the product only.
  ['price', (stripe, id) => stripe.prices.update(id, { active: false })],
  ['product', (stripe, id) => stripe.products.update(id, { active: false })],
];

/** Takes away what a story has made, and says what could not be. What is gone already is no trouble. */
export async function tidy({ stripe, wire }: Place): Promise<string[]> {
  const left: string[] = [];
  const made = [...wire.made];
  for (const [object, take] of WAYS) {
    for (const id of idsOf(made, object)) {
      try {
        await wire.during(TIDY, false, () => take(stripe, id));
      } catch (error) {
        if (!isGone(object, error)) left.push(`${id} is left behind (${reasonOf(error)}).`);
      }
    }
  }
  return left;
}

/** Deleted by the story, or a session that is not open any more. */
function isGone(object: string, error: unknown): boolean {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) return false;
  return error.code === 'resource_missing' || object === 'checkout.session';
}

function idsOf(made: JsonObject[], object: string): Set<string> {
  const products = object === 'product' ? made.map(({ product }) => product) : [];
  const own = made.filter((thing) => thing['object'] === object).map(({ id }) => id);
  return new Set([...own, ...products].filter((id) => typeof id === 'string'));
}
