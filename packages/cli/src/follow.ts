import { setTimeout as delay } from 'node:timers/promises';
import type { Event, SessionClient } from '@session/sdk';

/** Milliseconds between two questions when there was nothing new. */
const PAUSE_MS = 500;

export interface Following {
  /** The id of the last event that is known; from now on unless told. */
  since?: string | undefined;
  member?: string | undefined;
  /** Types as webhooks take them: `access.granted`, `access.*`. All unless told. */
  types?: readonly string[] | undefined;
}

/** Every event from now on, or since one, in order; none is left out. Ends never. */
export async function* follow(
  session: SessionClient,
  { since, member, types = ['*'] }: Following,
): AsyncGenerator<Event, never> {
  const whose = member === undefined ? {} : { member };
  let last = since ?? (await newest(session, whose));
  for (;;) {
    const cursor = last === undefined ? {} : { cursor: last };
    const query = { ...whose, ...cursor, order: 'oldest_first' as const, limit: 100 };
    for await (const event of session.list('/v1/events', { params: { query } })) {
      last = event.id;
      if (types.some((type) => isOf(event.type, type))) yield event;
    }
    await delay(PAUSE_MS);
  }
}

async function newest(session: SessionClient, whose: { member?: string }): Promise<string | undefined> {
  const { data } = await session.get('/v1/events', { params: { query: { ...whose, limit: 1 } } });
  return data[0]?.id;
}

const isOf = (type: string, wanted: string) =>
  wanted === '*' || wanted === type || (wanted.endsWith('.*') && type.startsWith(wanted.slice(0, -1)));
