import { type Priority, type SearchAttributePair, TypedSearchAttributes } from '@temporalio/common';
import type { Mode } from '../domain/mode';
import {
  catalogWorkflowId,
  checkoutWorkflowId,
  connectionWorkflowId,
  couponWorkflowId,
  customerAddressWorkflowId,
  liveCopyWorkflowId,
  mailWorkflowId,
  memberErasureWorkflowId,
  membershipWorkflowId,
  priceMoveWorkflowId,
  priceWorkflowId,
  refundWorkflowId,
  stripeEventWorkflowId,
  webhookDeliveryWorkflowId,
  withdrawalWorkflowId,
} from './ids';
import type { CatalogTarget, MailInput, Target, WebhookDeliveryInput } from './messages';
import { CoachId, MemberId, ModeAttribute, StripeAccountId } from './search-attributes';
import type { Workflows } from './workflows';

/**
 * How each kind of run is started, whoever starts it: the API, the relay, or another run as its child. Ids, reuse policies
 * and search attributes are decided here and nowhere else.
 *
 * Reuse policies (decision record 0004): the runs of checkouts and prices are replaced only when somebody terminated them
 * (their creates carry the row's keys), entities and event runs may be at any time (a terminated run has to be
 * replaceable; each run first loads its row and ends if that is terminal).
 */
export interface StartOptions<Name extends keyof Workflows> {
  workflowId: string;
  workflowIdReusePolicy: 'ALLOW_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY';
  args: Parameters<Workflows[Name]>;
  typedSearchAttributes: TypedSearchAttributes;
  staticSummary: string;
  /** The same, for the runs that continue it: a static summary stays with the first one. */
  memo: { summary: string };
  priority: Priority;
}

/**
 * Whose tasks go first where workers have more to do than they can, a lower number before a higher one. A run's activities
 * have its number. https://docs.temporal.io/develop/task-queue-priority-fairness
 */
export const PRIORITIES = {
  /** Somebody stands before a page of ours and waits. */
  buyers: 1,
  /** A coach waits for it, in a console. */
  coaches: 2,
  /** What Stripe tells, and what the clock brings. */
  events: 3,
  /** Others are told of it. */
  told: 4,
  /** Nobody waits for it: what is done for many, one after the other. */
  sweeps: 5,
} as const;

/** Who a run belongs to, as an operator searches for it. */
export interface Owner {
  mode: Mode;
  coachId: string;
  accountId?: string | null;
  memberId?: string | null;
}

export function connectionStart(connectionId: string, owner: Owner): StartOptions<'connection'> {
  const { mode, coachId } = owner;
  return {
    workflowId: connectionWorkflowId(mode, coachId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ connectionId, mode, coachId }],
    typedSearchAttributes: attributes(owner),
    priority: shared(PRIORITIES.coaches, coachId),
    ...summarized(`Connection of ${coachId} (${mode})`),
  };
}

export function priceProvisioningStart(
  provisioningId: string,
  owner: Owner,
): StartOptions<'priceProvisioning'> {
  const { mode, coachId } = owner;
  return {
    workflowId: priceWorkflowId(provisioningId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    args: [{ provisioningId, mode, coachId }],
    typedSearchAttributes: attributes(owner),
    priority: shared(PRIORITIES.coaches, coachId),
    ...summarized(`Price provisioning ${provisioningId} (${mode})`),
  };
}

export function catalogChangeStart(target: CatalogTarget, owner: Owner): StartOptions<'catalogChange'> {
  const { mode, coachId } = owner;
  return {
    workflowId: catalogWorkflowId(target.id),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ target, mode, coachId }],
    typedSearchAttributes: attributes(owner),
    priority: shared(PRIORITIES.coaches, coachId),
    ...summarized(`Change of ${target.kind} ${target.id} (${mode})`),
  };
}

export function couponStart(couponId: string, owner: Owner): StartOptions<'coupon'> {
  const { mode, coachId } = owner;
  return {
    workflowId: couponWorkflowId(couponId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ couponId, mode, coachId }],
    typedSearchAttributes: attributes(owner),
    priority: shared(PRIORITIES.coaches, coachId),
    ...summarized(`Coupon ${couponId} (${mode})`),
  };
}

export function customerAddressStart(
  memberId: string,
  { mode, coachId, accountId }: Owner,
): StartOptions<'customerAddress'> {
  return {
    workflowId: customerAddressWorkflowId(memberId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ memberId, mode, coachId }],
    typedSearchAttributes: attributes({ mode, coachId, accountId: accountId ?? null, memberId }),
    priority: shared(PRIORITIES.coaches, coachId),
    ...summarized(`Address of member ${memberId} (${mode})`),
  };
}

/** @param pollSeconds how often the run asks Stripe by itself while it waits for the payment */
export function checkoutStart(
  checkoutId: string,
  owner: Owner,
  pollSeconds: number,
): StartOptions<'checkout'> {
  const { mode, coachId } = owner;
  return {
    workflowId: checkoutWorkflowId(checkoutId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    args: [{ checkoutId, mode, coachId, pollSeconds }],
    typedSearchAttributes: attributes(owner),
    priority: shared(PRIORITIES.buyers, coachId),
    ...summarized(`Checkout ${checkoutId} (${mode})`),
  };
}

export function membershipStart(membershipId: string, owner: Owner): StartOptions<'membership'> {
  const { mode, coachId } = owner;
  return {
    workflowId: membershipWorkflowId(membershipId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ membershipId, mode, coachId }],
    typedSearchAttributes: attributes(owner),
    priority: shared(PRIORITIES.events, coachId),
    ...summarized(`Membership ${membershipId} (${mode})`),
  };
}

export function priceMoveStart(moveId: string, owner: Owner): StartOptions<'priceMove'> {
  const { mode, coachId } = owner;
  return {
    workflowId: priceMoveWorkflowId(moveId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ moveId, mode, coachId }],
    typedSearchAttributes: attributes(owner),
    priority: shared(PRIORITIES.sweeps, coachId),
    ...summarized(`Move ${moveId} of a price's members (${mode})`),
  };
}

export function liveCopyStart(copyId: string, owner: Owner): StartOptions<'liveCopy'> {
  const { mode, coachId } = owner;
  return {
    workflowId: liveCopyWorkflowId(copyId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ copyId, mode, coachId }],
    typedSearchAttributes: attributes(owner),
    priority: shared(PRIORITIES.coaches, coachId),
    ...summarized(`Copy ${copyId} of test mode (${mode})`),
  };
}

export function memberErasureStart(memberId: string, owner: Owner): StartOptions<'memberErasure'> {
  const { mode, coachId } = owner;
  return {
    workflowId: memberErasureWorkflowId(memberId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ memberId, mode, coachId }],
    typedSearchAttributes: attributes({ ...owner, memberId }),
    priority: shared(PRIORITIES.sweeps, coachId),
    ...summarized(`Erasure of ${memberId} (${mode})`),
  };
}

export function stripeEventStart(eventId: string, target: Target, owner: Owner): StartOptions<'stripeEvent'> {
  const { mode, coachId } = owner;
  return {
    workflowId: stripeEventWorkflowId(eventId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ target, mode, coachId }],
    typedSearchAttributes: attributes(owner),
    priority: shared(PRIORITIES.events, coachId),
    ...summarized(`Event ${eventId} for ${target.kind} ${target.id}`),
  };
}

export function webhookDeliveryStart(
  input: WebhookDeliveryInput,
  memberId: string | null,
): StartOptions<'webhookDelivery'> {
  const { mode, coachId, endpointId, factId } = input;
  return {
    workflowId: webhookDeliveryWorkflowId(endpointId, factId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ mode, coachId, endpointId, factId }],
    typedSearchAttributes: attributes({ mode, coachId, memberId }),
    priority: shared(PRIORITIES.told, coachId),
    ...summarized(`Delivery of ${factId} to ${endpointId} (${mode})`),
  };
}

export function withdrawalStart(withdrawalId: string, owner: Owner): StartOptions<'withdrawal'> {
  const { mode, coachId } = owner;
  return {
    workflowId: withdrawalWorkflowId(withdrawalId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ withdrawalId, mode, coachId }],
    typedSearchAttributes: attributes(owner),
    priority: shared(PRIORITIES.events, coachId),
    ...summarized(`Withdrawal ${withdrawalId} (${mode})`),
  };
}

export function paymentRefundStart(refundId: string, owner: Owner): StartOptions<'paymentRefund'> {
  const { mode, coachId } = owner;
  return {
    workflowId: refundWorkflowId(refundId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    args: [{ refundId, mode, coachId }],
    typedSearchAttributes: attributes(owner),
    priority: shared(PRIORITIES.coaches, coachId),
    ...summarized(`Refund ${refundId} (${mode})`),
  };
}

export function mailStart(input: MailInput, memberId: string | null): StartOptions<'mail'> {
  const { mode, coachId, mailId } = input;
  return {
    workflowId: mailWorkflowId(mailId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ mode, coachId, mailId }],
    typedSearchAttributes: attributes({ mode, coachId, memberId }),
    priority: shared(PRIORITIES.told, coachId),
    ...summarized(`Mail ${mailId} (${mode})`),
  };
}

const summarized = (summary: string) => ({ staticSummary: summary, memo: { summary } });

/** Of those with one number each coach has a turn, however much the others have to do. */
const shared = (priorityKey: number, coachId: string): Priority => ({ priorityKey, fairnessKey: coachId });

function attributes({ mode, coachId, accountId, memberId }: Owner): TypedSearchAttributes {
  const pairs: SearchAttributePair[] = [
    { key: CoachId, value: coachId },
    { key: ModeAttribute, value: mode },
  ];
  if (accountId) pairs.push({ key: StripeAccountId, value: accountId });
  if (memberId) pairs.push({ key: MemberId, value: memberId });
  return new TypedSearchAttributes(pairs);
}
