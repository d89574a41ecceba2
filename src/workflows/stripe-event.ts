import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { StripeEventInput } from './messages';
import { createOperatorView } from './operator-view';

const { settleCheckout, settleConnection, settleMembership } = proxyActivities<Activities>({
  startToCloseTimeout: '40 seconds',
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
      return settleCheckout({ checkoutId: target.id, cause: 'stripe_event' });
    case 'membership':
      return settleMembership({ membershipId: target.id, cause: 'stripe_event' });
  }
}
