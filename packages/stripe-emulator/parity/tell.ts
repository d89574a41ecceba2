import type Stripe from 'stripe';
import type { Json, JsonObject } from '../src/json';
import { readEvents, type ToldEvent } from './events';
import { idsIn, Normaliser } from './normalise';
import type { Place, Side } from './sides';
import { clockStart, Stage, type Story } from './stage';
import { tidy } from './tidy';
import { reasonOf, type Exchange } from './wire';

/** What one side made of a story, without ids and times. */
export interface ToldStory {
  name: string;
  exchanges: Exchange[];
  events: ToldEvent[];
  /** The step at which it could not go on, and why. */
  broke?: string;
}

/** Tells stories to one side, one after the other, and tidies up after each. */
export async function tellAll(
  side: Side,
  stories: Story[],
  progress: (line: string) => void = () => undefined,
): Promise<ToldStory[]> {
  const told: ToldStory[] = [];
  for (const story of stories) {
    progress(`${side.name}: ${story.name} …`);
    const place = await side.open(story.name);
    try {
      told.push(await tell(place, story));
    } finally {
      for (const left of await tidy(place)) progress(`${side.name}: ${left}`);
      await place.close();
    }
  }
  return told;
}

async function tell(place: Place, story: Story): Promise<ToldStory> {
  const wall = Math.floor(Date.now() / 1000);
  const start = clockStart(wall);
  // Letters alone, so that it is no part of a word or an id.
  const run = `run${[...String(Date.now())].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`;
  const since = await newestEvent(place);
  const stage = new Stage(place, run, start);
  let broke: string | undefined;
  try {
    await story.tell(stage);
  } catch (error) {
    broke = reasonOf(error);
  }
  const { exchanges } = place.wire;
  const known = new Set(exchanges.flatMap(({ body }) => [...idsIn(body)]));
  const normaliser = new Normaliser({ wall, clock: start }, run);
  const events = await place.wire.during('events', false, () => readEvents(place, since, known));
  return {
    name: story.name,
    exchanges: exchanges.map((exchange) => ({
      ...exchange,
      path: normaliser.text(exchange.path),
      headers: normaliser.value(exchange.headers) as Record<string, string>,
      body: normaliser.value(exchange.body),
    })),
    events: events.map((event) => toldEvent(event, normaliser)),
    ...(broke === undefined ? {} : { broke: normaliser.text(broke) }),
  };
}

async function newestEvent({ stripe, wire }: Place): Promise<string | undefined> {
  const { data } = await wire.during('', false, () => stripe.events.list({ limit: 1 }));
  return data[0]?.id;
}

function toldEvent({ type, data }: Stripe.Event, normaliser: Normaliser): ToldEvent {
  const { object, previous_attributes } = data as unknown as {
    object: JsonObject;
    previous_attributes?: JsonObject;
  };
  const id = typeof object['id'] === 'string' ? normaliser.text(object['id']) : String(object['object']);
  return {
    type,
    object: id,
    // Whether `updated` has changed depends on the second.
    changed: Object.keys((previous_attributes ?? {}) as Record<string, Json>)
      .filter((name) => name !== 'updated')
      .sort(),
  };
}
