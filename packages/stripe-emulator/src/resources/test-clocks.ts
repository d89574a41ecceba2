import type Stripe from 'stripe';
import { endpoint, type Endpoint } from '../http/endpoint';
import { page } from '../http/pagination';
import { advanceTestClock, createTestClock, settledTestClock } from '../time/test-clocks';
import { deleteCustomer } from './customers';

/** https://docs.stripe.com/api/test_clocks */
export const testClockEndpoints: Endpoint[] = [
  endpoint<Stripe.TestHelpers.TestClockCreateParams>(
    'post /v1/test_helpers/test_clocks',
    ({ space, params }) => createTestClock(space, params.frozen_time, params.name ?? null),
  ),
  endpoint<Stripe.TestHelpers.TestClockListParams>(
    'get /v1/test_helpers/test_clocks',
    ({ space, params, url }) => page(space.list('test_helpers.test_clock'), params, url),
  ),
  endpoint('get /v1/test_helpers/test_clocks/{test_clock}', ({ space, path }) =>
    settledTestClock(space, space.get('test_helpers.test_clock', path.test_clock ?? '').id),
  ),
  endpoint<Stripe.TestHelpers.TestClockAdvanceParams>(
    'post /v1/test_helpers/test_clocks/{test_clock}/advance',
    ({ space, params, path }) =>
      advanceTestClock(
        space,
        space.get('test_helpers.test_clock', path.test_clock ?? '').id,
        params.frozen_time,
      ),
  ),
  // Its customers go with it.
  endpoint('delete /v1/test_helpers/test_clocks/{test_clock}', ({ space, path }) => {
    const clock = space.get('test_helpers.test_clock', path.test_clock ?? '');
    for (const customer of space.list('customer')) {
      if (customer.test_clock === clock.id) deleteCustomer(space, customer.id);
    }
    space.remove('test_helpers.test_clock', clock.id);
    space.emit('test_helpers.test_clock.deleted', clock);
    return { id: clock.id, object: 'test_helpers.test_clock', deleted: true };
  }),
];
