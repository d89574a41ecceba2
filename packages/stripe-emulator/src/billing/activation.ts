import type { Space } from '../space';
import { scheduleCycle } from './cycle-times';

/** The subscription has been paid for again. */
export function becomeActive(space: Space, id: string): void {
  const subscription = space.update('subscription', id, (draft) => (draft.status = 'active'));
  scheduleCycle(space, id);
  space.emit('customer.subscription.resumed', subscription);
}
