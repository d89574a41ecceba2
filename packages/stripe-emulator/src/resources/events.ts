import type Stripe from 'stripe';
import { endpoint, type Endpoint } from '../http/endpoint';
import { invalidRequest } from '../http/errors';
import { inRange, page } from '../http/pagination';

/** Events are kept for 30 days: https://docs.stripe.com/api/events */
const RETENTION_SECONDS = 30 * 86_400;

export const eventEndpoints: Endpoint[] = [
  endpoint<Stripe.EventListParams>('get /v1/events', ({ space, params, url, emulator }) => {
    if (params.type !== undefined && params.types !== undefined) {
      throw invalidRequest('You may only specify one of these parameters: type, types.', 'type');
    }
    const oldest = space.now() - RETENTION_SECONDS;
    const events = space
      .list('event')
      .filter(
        (event) =>
          event.created >= oldest &&
          (params.type === undefined || fits(params.type, event.type)) &&
          (params.types === undefined || params.types.some((type) => fits(type, event.type))) &&
          (params.delivery_success === undefined ||
            emulator.deliveries.allSucceeded(event._emu?.deliveries ?? []) === params.delivery_success) &&
          inRange(event.created, params.created),
      );
    return page(events, params, url);
  }),
  endpoint('get /v1/events/{id}', ({ space, path }) => space.get('event', path.id ?? '')),
];

/** `charge.*` means every event of charges. */
function fits(wanted: string, type: string): boolean {
  return wanted === type || wanted === '*' || (wanted.endsWith('.*') && type.startsWith(wanted.slice(0, -1)));
}
