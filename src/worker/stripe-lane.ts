import type { ActivitiesAtTemporal } from '../activities';
import type { StripeLane } from '../domain/stripe-allowance';
import type { Workflows } from '../messages/workflows';
import { present } from '../stripe/progress';

/**
 * Who waits for what a workflow asks of Stripe, as its priority has it (src/messages/start-options.ts): Temporal tells an
 * activity no priority that it has of its run.
 */
export const LANES: Readonly<Record<keyof Workflows, StripeLane>> = {
  checkout: 'people',
  connection: 'people',
  priceProvisioning: 'people',
  catalogChange: 'people',
  coupon: 'people',
  customerAddress: 'people',
  paymentRefund: 'people',
  liveCopy: 'people',
  membership: 'background',
  stripeEvent: 'background',
  withdrawal: 'background',
  mail: 'background',
  webhookDelivery: 'background',
  priceMove: 'background',
  memberErasure: 'background',
  reconciliation: 'background',
  retention: 'background',
};

/** What a membership's run does because somebody asks for it, and waits. */
const ASKED_FOR: ReadonlySet<string> = new Set<keyof ActivitiesAtTemporal>([
  'cancelSubscription',
  'resumeSubscription',
  'pauseSubscription',
  'changeSubscriptionPrice',
  'addCoupon',
]);

/** Who waits for a call to Stripe that a worker makes; outside of activities nobody does. */
export function stripeLaneOfActivity(): StripeLane {
  const info = present()?.info;
  if (info === undefined) return 'background';
  if (ASKED_FOR.has(info.activityType)) return 'people';
  return LANES[info.workflowType as keyof Workflows] ?? 'background';
}
