import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { CustomerAddressInput } from '../messages/messages';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import { hearOfRow } from './row-changes';
import { createVisibility } from './visibility';

// What is to be so is on the row, and saying it twice does no harm: it is tried for as long as Stripe is down.
const { tellStripeOfAddress } = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { maximumInterval: '5 minutes' },
});

/** Tells Stripe's customers of a member's present address; one that is set meanwhile is told by one more round. */
export async function customerAddress(input: CustomerAddressInput): Promise<{ status: string }> {
  const show = createVisibility();
  const changes = hearOfRow();
  for (;;) {
    changes.seen();
    const state = await tellStripeOfAddress(input);
    show(state);
    if (!changes.any()) return { status: state.status };
  }
}
