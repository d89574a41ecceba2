import { proxyActivities } from '@temporalio/workflow';
import type { Activities, ActivitiesAtTemporal } from '../activities';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import type { StripeEventInput } from '../messages/messages';
import { createVisibility } from './visibility';

const {
  settleCheckout: syncCheckout,
  settleConnection: syncConnection,
  settleMembership: syncMembership,
  settleProduct: syncProduct,
  lookAtCoupon,
} = proxyActivities<ActivitiesAtTemporal>({
  startToCloseTimeout: '40 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { maximumInterval: '5 minutes' },
});

// It moves money: a cancelled run waits for what became of it, and Stripe forgets idempotency keys after 24 hours.
const { refundCheckout } = proxyActivities<Activities>({
  startToCloseTimeout: '40 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  scheduleToCloseTimeout: '12 hours',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { maximumInterval: '5 minutes' },
});

/** The same look at Stripe, once, for an event whose target has no run and needs none. */
export async function stripeEvent({ target }: StripeEventInput): Promise<{ status: string }> {
  const show = createVisibility();
  const state = await look(target);
  show(state);
  return { status: state.status };
}

function look(target: StripeEventInput['target']) {
  switch (target.kind) {
    case 'connection':
      return syncConnection({ connectionId: target.id });
    case 'checkout':
      return lookAtCheckout(target.id);
    case 'membership':
      return syncMembership({ membershipId: target.id, cause: 'stripe_event' });
    case 'product':
      return syncProduct({ productId: target.id });
    case 'coupon':
      return lookAtCoupon({ couponId: target.id });
  }
}

/** A payment that came for a seat which was given away meanwhile goes back at once. */
async function lookAtCheckout(checkoutId: string) {
  const state = await syncCheckout({ checkoutId, cause: 'stripe_event' });
  if (state.status !== 'refunding') return state;
  await refundCheckout({ checkoutId, cause: 'stripe_event' });
  return syncCheckout({ checkoutId, cause: 'stripe_event' });
}
