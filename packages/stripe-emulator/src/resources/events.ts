import type Stripe from 'stripe';
import { endpoint, type Endpoint } from '../http/endpoint';
import { invalidRequest, resourceMissing } from '../http/errors';
import { boundsOf, page } from '../http/pagination';
import { publicEvent, type StoredEvent } from '../objects/event';
import { EVENT_RETENTION_SECONDS, type Space } from '../space';
import type { Listing } from '../store/listing';

/** Events can be read for 30 days: https://docs.stripe.com/api/events */
export const eventEndpoints: Endpoint[] = [
  endpoint<Stripe.EventListParams>('get /v1/events', ({ space, params, url, emulator }) => {
    if (params.type !== undefined && params.types !== undefined) {
      throw invalidRequest('You may only specify one of these parameters: type, types.', 'type');
    }
    const oldest = space.now() - EVENT_RETENTION_SECONDS;
    const { from, to } = boundsOf(params.created);
    const events = wantedEvents(space, params.types ?? (params.type === undefined ? ['*'] : [params.type]))
      .between((event) => event.created, Math.max(oldest, from), to)
      .filter(
        (event) =>
          params.delivery_success === undefined ||
          emulator.deliveries.allSucceeded(event._emu.deliveries) === params.delivery_success,
      );
    const found = page(events, params, url);
    return { ...found, data: found.data.map(publicEvent) };
  }),
  endpoint('get /v1/events/{id}', ({ space, path }) => {
    const event = space.get('event', path.id ?? '');
    if (event.created < space.now() - EVENT_RETENTION_SECONDS) throw resourceMissing('event', event.id);
    return publicEvent(event);
  }),
];

/** The events of some types, newest first; `charge.*` means every event of charges. */
export function wantedEvents(space: Space, wanted: string[]): Listing<StoredEvent> {
  if (wanted.includes('*')) return space.list('event');
  const types = space.textsOf('event', 'type');
  return space.listOf(
    'event',
    'type',
    types.filter((type) => wanted.some((name) => fits(name, type))),
  );
}

/** `charge.*` means every event of charges. */
function fits(wanted: string, type: string): boolean {
  return wanted === type || (wanted.endsWith('.*') && type.startsWith(wanted.slice(0, -1)));
}
