import type Stripe from 'stripe';
import type { Json } from '../src/json';
import { idsIn } from './normalise';
import type { Place } from './sides';

/** One event of a story. */
export interface ToldEvent {
  type: string;
  /** The id of its object, as a placeholder. */
  object: string;
  /** Names of the previous attributes. */
  changed: string[];
}

const MOST_PAGES = 5;
/** Looks at a list that may still grow: Stripe's events come within seconds of what they tell of. */
const MOST_LOOKS = 8;

/**
 * The events of a story, oldest first: those after `since` that have to do with what the story has seen. Others may use the
 * same sandbox.
 */
export async function readEvents(
  place: Place,
  since: string | undefined,
  known: Set<string>,
): Promise<Stripe.Event[]> {
  const look = async () => {
    return related(await newEvents(place.stripe, since), known);
  };
  let events = await look();
  for (let looks = 1; place.eventsComeLate && looks < MOST_LOOKS; looks += 1) {
    await new Promise((resolve) => setTimeout(resolve, place.pollMs));
    const again = await look();
    const settled = again.length === events.length;
    events = again;
    if (settled) break;
  }
  return events.reverse();
}

/** Those that have to do with something known, or with what those have to do with. */
function related(events: Stripe.Event[], known: Set<string>): Stripe.Event[] {
  const seen = new Set(known);
  const left = new Map(events.map((event) => [event, idsIn(event.data as unknown as Json)]));
  for (let size = -1; size !== left.size;) {
    size = left.size;
    for (const [event, ids] of left) {
      if (![...ids].some((id) => seen.has(id))) continue;
      for (const id of ids) seen.add(id);
      left.delete(event);
    }
  }
  return events.filter((event) => !left.has(event));
}

/** Newest first, as Stripe lists them. */
async function newEvents(stripe: Stripe, since: string | undefined): Promise<Stripe.Event[]> {
  const found: Stripe.Event[] = [];
  let last: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await stripe.events.list({ limit: 100, ...(last ? { starting_after: last } : {}) });
    for (const event of page.data) {
      if (event.id === since) return found;
      found.push(event);
    }
    last = page.data.at(-1)?.id;
    if (!page.has_more || last === undefined) break;
  }
  return found;
}
