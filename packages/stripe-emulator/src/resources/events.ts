import type Stripe from 'stripe';
import { endpoint, type Endpoint } from '../http/endpoint';
import { invalidRequest, resourceMissing } from '../http/errors';
import { inRange, page } from '../http/pagination';
import { publicEvent } from '../objects/event';
import { EVENT_RETENTION_SECONDS } from '../space';

/** Events can be read for 30 days: https://docs.stripe.com/api/events */
export const eventEndpoints: Endpoint[] = [
  endpoint<Stripe.EventListParams>('get /v1/events', ({ space, params, url, emulator }) => {
    if (params.type !== undefined && params.types !== undefined) {
      throw invalidRequest('You may only specify one of these parameters: type, types.', 'type');
    }
    const oldest = space.now() - EVENT_RETENTION_SECONDS;
    const events = space
      .list('event')
      .filter(
        (event) =>
          event.created >= oldest &&
          (params.type === undefined || fits(params.type, event.type)) &&
          (params.types === undefined || params.types.some((type) => fits(type, event.type))) &&
          (params.delivery_success === undefined ||
            emulator.deliveries.allSucceeded(event._emu.deliveries) === params.delivery_success) &&
          inRange(event.created, params.created),
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

/** `charge.*` means every event of charges. */
function fits(wanted: string, type: string): boolean {
  return wanted === type || wanted === '*' || (wanted.endsWith('.*') && type.startsWith(wanted.slice(0, -1)));
}
