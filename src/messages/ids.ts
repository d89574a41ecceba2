import type { Mode } from '../domain/mode';
import type { Target } from './messages';

/** Workflow ids are business keys: whoever knows the row knows the run. */
export const connectionWorkflowId = (mode: Mode, coachId: string) => `connection/${mode}/${coachId}`;
export const priceWorkflowId = (provisioningId: string) => `price/${provisioningId}`;
export const catalogWorkflowId = (targetId: string) => `catalog/${targetId}`;
export const couponWorkflowId = (couponId: string) => `coupon/${couponId}`;
export const checkoutWorkflowId = (checkoutId: string) => `checkout/${checkoutId}`;
export const membershipWorkflowId = (membershipId: string) => `membership/${membershipId}`;
export const priceMoveWorkflowId = (moveId: string) => `price-move/${moveId}`;
export const liveCopyWorkflowId = (copyId: string) => `live-copy/${copyId}`;
export const customerAddressWorkflowId = (memberId: string) => `customer-address/${memberId}`;
export const memberErasureWorkflowId = (memberId: string) => `erasure/${memberId}`;
export const webhookDeliveryWorkflowId = (endpointId: string, factId: string) =>
  `webhook/${endpointId}/${factId}`;
export const withdrawalWorkflowId = (withdrawalId: string) => `withdrawal/${withdrawalId}`;
export const refundWorkflowId = (refundId: string) => `refund/${refundId}`;
export const mailWorkflowId = (mailId: string) => `mail/${mailId}`;
export const stripeEventWorkflowId = (eventId: string) => `stripe-event/${eventId}`;

/** Where deliveries to receivers are worked on, beside the queue of everything else. */
export const deliveryTaskQueue = (taskQueue: string) => `${taskQueue}-deliveries`;

/** Where mails are handed over: a mail server that is slow keeps nothing else waiting. */
export const mailTaskQueue = (taskQueue: string) => `${taskQueue}-mails`;

const BACKGROUND = '-background';

/** Where that is worked on which nobody waits for: sweeps, what is deleted, members who are moved. */
export const backgroundTaskQueue = (taskQueue: string) => `${taskQueue}${BACKGROUND}`;

/** The queue of the runs whose activities are worked on in this one. */
export const taskQueueOfRuns = (taskQueue: string) =>
  taskQueue.endsWith(BACKGROUND) ? taskQueue.slice(0, -BACKGROUND.length) : taskQueue;

/** The run that owns a target. */
export function workflowIdOf(target: Target, owner: { mode: Mode; coachId: string }): string {
  switch (target.kind) {
    case 'connection':
      return connectionWorkflowId(owner.mode, owner.coachId);
    case 'checkout':
      return checkoutWorkflowId(target.id);
    case 'membership':
      return membershipWorkflowId(target.id);
    case 'product':
      return catalogWorkflowId(target.id);
    case 'coupon':
      return couponWorkflowId(target.id);
  }
}
