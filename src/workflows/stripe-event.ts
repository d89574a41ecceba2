import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { StripeEventInput } from '../messages/messages';
import { createOperatorView } from './operator-view';

const { settleCheckout, settleConnection, settleMembership, settleProduct } = proxyActivities<Activities>({
  startToCloseTimeout: '40 seconds',
  retry: { maximumInterval: '5 minutes' },
});

// It moves money: a cancelled run waits for what became of it, and Stripe forgets idempotency keys after 24 hours.
const { refundCheckout } = proxyActivities<Activities>({
  startToCloseTimeout: '40 seconds',
  scheduleToCloseTimeout: '12 hours',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { maximumInterval: '5 minutes' },
});

/** The same look at Stripe, once, for an event whose target has no run and needs none. */
export async function stripeEvent({ target }: StripeEventInput): Promise<{ status: string }> {
  const show = createOperatorView();
  const state = await look(target);
  show(state);
  return { status: state.status };
}

function look(target: StripeEventInput['target']) {
  switch (target.kind) {
    case 'connection':
      return settleConnection({ connectionId: target.id });
    case 'checkout':
      return lookAtCheckout(target.id);
    case 'membership':
      return settleMembership({ membershipId: target.id, cause: 'stripe_event' });
    case 'product':
      return settleProduct({ productId: target.id });
  }
}

/** A payment that came for a seat which was given away meanwhile goes back at once. */
async function lookAtCheckout(checkoutId: string) {
  const state = await settleCheckout({ checkoutId, cause: 'stripe_event' });
  if (state.status !== 'refunding') return state;
  await refundCheckout({ checkoutId, cause: 'stripe_event' });
  return settleCheckout({ checkoutId, cause: 'stripe_event' });
}
