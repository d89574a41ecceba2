import type Stripe from 'stripe';
import type { Subscription } from './causes';
import { productsOf, type Reference } from './reference';
import type { World } from './world';

/** Seconds: the two sides' clocks differ by less. */
const TOLERANCE = 300;

/** Compares what Stripe has of subscriptions, and what the coach is shown of them, with the reference. */
export class Shown {
  private readonly compared = new Map<number, string>();

  constructor(private readonly world: World) {}

  /**
   * In words, where a subscription is not as the coach has left it in the Dashboard, or is shown to the coach otherwise than
   * it is; null where all is right. Only for what the product knows all about.
   * @param all those too to which nothing has happened since they were compared.
   */
  async compare(model: Reference, all: boolean): Promise<string | null> {
    if (!model.connected) return null;
    const going = model.subscriptions().filter(({ status }) => status !== 'canceled');
    for (const one of going) {
      const state = JSON.stringify(one);
      if (!all && this.compared.get(one.number) === state) continue;
      const [present, shown] = await Promise.all([
        this.world.dashboard.retrieve(one.number),
        this.world.shown(one.number),
      ]);
      const wrong = [...undone(this.world, one, present), ...misshown(one, present, shown)];
      if (wrong.length > 0) return `#${one.number} (${one.member}, ${one.offer}): ${wrong.join('; ')}`;
      this.compared.set(one.number, state);
    }
    return null;
  }
}

/** What the coach did and Stripe does not have any more. */
function undone(world: World, one: Subscription, present: Stripe.Subscription): string[] {
  const wanted = [one.offer, ...one.added.map(({ item }) => item)].map((item) => world.priceAtStripe(item));
  const found = present.items.data.map(({ price }) => price.id);
  return [
    ...differs('quantity at Stripe', present.items.data[0]?.quantity, one.quantity),
    ...differs('items at Stripe', [...found].sort().join(), [...wanted].sort().join()),
    ...differs('per cent off at Stripe', world.dashboard.percentOff(present), one.percentOff),
    ...differs('invoices sent', present.collection_method === 'send_invoice', one.isSentInvoices),
    ...differs('paused', present.pause_collection !== null, one.paused !== null),
    ...differs('status at Stripe', present.status, one.status),
    ...(one.status === 'trialing' ? near('end of the trial', present.trial_end, one.periodEnd) : []),
  ];
}

/** What the coach is shown of it. */
function misshown(
  one: Subscription,
  present: Stripe.Subscription,
  shown: Awaited<ReturnType<World['shown']>>,
): string[] {
  return [
    // Beside a price of the coach's own, an item of ours is what the membership is about.
    ...(productsOf(one.offer).length === 0 && one.added.some(({ product }) => product !== null)
      ? []
      : differs('quantity shown', shown.quantity, one.quantity)),
    ...differs('status of Stripe shown', shown.stripe.status, present.status),
    ...(one.scheduled === 'no'
      ? near('end shown', shown.cancelAt === null ? null : Date.parse(shown.cancelAt) / 1000, one.cancelAt)
      : []),
  ];
}

function differs<T>(what: string, found: T, wanted: T): string[] {
  return found === wanted ? [] : [`${what} is ${String(found)} instead of ${String(wanted)}`];
}

function near(what: string, found: number | null, wanted: number | null): string[] {
  const isNear =
    found === wanted || (found !== null && wanted !== null && Math.abs(found - wanted) < TOLERANCE);
  const iso = (time: number | null) => (time === null ? 'never' : new Date(time * 1000).toISOString());
  return isNear ? [] : [`${what} is ${iso(found)} instead of ${iso(wanted)}`];
}
