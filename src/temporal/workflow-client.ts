import type { Client } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { checkoutWorkflowId, connectionWorkflowId, workflowIdOf } from '../messages/ids';
import type { CatalogTarget, MailInput, Target, WebhookDeliveryInput } from '../messages/messages';
import * as messages from '../messages/messages';
import {
  catalogChangeStart,
  checkoutStart,
  connectionStart,
  couponStart,
  customerAddressStart,
  liveCopyStart,
  mailStart,
  memberErasureStart,
  membershipStart,
  type Owner,
  paymentRefundStart,
  priceMoveStart,
  priceProvisioningStart,
  stripeEventStart,
  webhookDeliveryStart,
  withdrawalStart,
} from '../messages/start-options';
import { untilOwnRun } from './between-runs';
import { createStarts, type Started } from './starts';

/** Every way in which the API, the relay and activities start, signal and update our workflows. */
export function createWorkflowClient(
  client: Client,
  options: { taskQueue: string; checkoutPollSeconds: number },
) {
  const { start, signal, signalWithStart, updateWithStart } = createStarts(client, options.taskQueue);
  const checkoutHandle = (checkoutId: string) => client.workflow.getHandle(checkoutWorkflowId(checkoutId));
  const checkoutOptions = (checkoutId: string, owner: Owner) =>
    checkoutStart(checkoutId, owner, options.checkoutPollSeconds);

  /** Asks the coach's connection, also while the run of the previous one is just ending. */
  const askConnection =
    (update: UpdateDefinition<messages.ConnectionView, [messages.ConnectionRequest]>) =>
    (connectionId: string, owner: Owner, updateId: string) =>
      untilOwnRun(() =>
        updateWithStart('connection', connectionStart(connectionId, owner), update, {
          updateId,
          args: [{ connectionId }],
        }),
      );
  /** Asks a membership; one request of a person is one update. */
  const askMembership =
    <Request extends { requestId: string }>(update: UpdateDefinition<messages.MembershipView, [Request]>) =>
    (membershipId: string, owner: Owner, request: Request) =>
      updateWithStart('membership', membershipStart(membershipId, owner), update, {
        updateId: request.requestId,
        args: [request],
      });
  const startConnection = (connectionId: string, owner: Owner) =>
    start('connection', connectionStart(connectionId, owner));

  return {
    /** Gives up on calls of `fn` after that many milliseconds: what they began at Temporal goes on all the same. */
    withDeadline: <R>(milliseconds: number, fn: () => Promise<R>): Promise<R> =>
      client.withDeadline(Date.now() + milliseconds, fn),

    // --- connection
    /** Gives the row a run, or tells the run of the coach's previous connection, just ending, that there is a next. */
    openConnection: (connectionId: string, owner: Owner) =>
      signalWithStart('connection', connectionStart(connectionId, owner), messages.rowChanged),
    /** Gives the row a run and its attempt an account (account links); resolves when the account is there. */
    prepareConnection: askConnection(messages.prepareConnection),
    /** The row was changed by a request. A missing run is no matter: whoever starts one loads the row first. */
    async connectionChanged(owner: Owner): Promise<void> {
      await signal(connectionWorkflowId(owner.mode, owner.coachId), messages.rowChanged);
    },
    startConnection,
    confirmConnection: askConnection(messages.confirmConnection),
    disconnect: askConnection(messages.disconnect),

    // --- catalog
    startPriceProvisioning: (provisioningId: string, owner: Owner) =>
      start('priceProvisioning', priceProvisioningStart(provisioningId, owner)),
    /** Pushes the present row of a product or price to Stripe; edits that come meanwhile join the same run. */
    syncCatalog: (target: CatalogTarget, owner: Owner) =>
      signalWithStart('catalogChange', catalogChangeStart(target, owner), messages.rowChanged),

    // --- coupons
    /** Gives a coupon its run, or tells its run, even one that is just ending, to look at the rows again. */
    couponChanged: (couponId: string, owner: Owner) =>
      signalWithStart('coupon', couponStart(couponId, owner), messages.rowChanged),

    // --- members
    /** Gives a member's customers the run that tells Stripe of their address, or tells the run that it is another again. */
    memberAddressChanged: (memberId: string, owner: Owner) =>
      signalWithStart('customerAddress', customerAddressStart(memberId, owner), messages.rowChanged),

    // --- checkout
    openCheckout: (checkoutId: string, owner: Owner) =>
      updateWithStart('checkout', checkoutOptions(checkoutId, owner), messages.openCheckout, {
        updateId: checkoutId,
        args: [],
      }),
    memberReturned: (checkoutId: string, updateId: string) =>
      checkoutHandle(checkoutId).executeUpdate(messages.memberReturned, { updateId }),
    cancelCheckout: (checkoutId: string, updateId: string) =>
      checkoutHandle(checkoutId).executeUpdate(messages.cancelCheckout, { updateId }),

    // --- membership
    cancelMembership: askMembership(messages.cancelMembership),
    pauseMembership: askMembership(messages.pauseMembership),
    resumeMembership: askMembership(messages.resumeMembership),
    changeMembershipPrice: askMembership(messages.changeMembershipPrice),
    addMembershipCoupon: askMembership(messages.addMembershipCoupon),

    // --- moving the members of a price
    /** Gives the row a run, or tells its run, even one that is just ending, to look at it again. */
    priceMoveChanged: (moveId: string, owner: Owner) =>
      signalWithStart('priceMove', priceMoveStart(moveId, owner), messages.rowChanged),
    startPriceMove: (moveId: string, owner: Owner) => start('priceMove', priceMoveStart(moveId, owner)),

    // --- copying test mode to live mode
    /** Gives the row a run, or tells its run, even one that is just ending, to look at it again. */
    liveCopyChanged: (copyId: string, owner: Owner) =>
      signalWithStart('liveCopy', liveCopyStart(copyId, owner), messages.rowChanged),
    startLiveCopy: (copyId: string, owner: Owner) => start('liveCopy', liveCopyStart(copyId, owner)),

    // --- erasing a member
    /** Gives the row a run, or tells its run, even one that is just ending, to look at it again. */
    memberErasureChanged: (memberId: string, owner: Owner) =>
      signalWithStart('memberErasure', memberErasureStart(memberId, owner), messages.rowChanged),
    startMemberErasure: (memberId: string, owner: Owner) =>
      start('memberErasure', memberErasureStart(memberId, owner)),

    // --- withdrawals
    /** Gives the row a run, or tells its run, even one that is just ending, to look at it again. */
    withdrawalChanged: (withdrawalId: string, owner: Owner) =>
      signalWithStart('withdrawal', withdrawalStart(withdrawalId, owner), messages.rowChanged),
    startWithdrawal: (withdrawalId: string, owner: Owner) =>
      start('withdrawal', withdrawalStart(withdrawalId, owner)),

    // --- refunds
    startRefund: (refundId: string, owner: Owner) =>
      start('paymentRefund', paymentRefundStart(refundId, owner)),

    // --- the relay
    /** Wakes the run that owns the target. False when none is running. */
    signalEvent: (target: Target, owner: Owner, accountId: string): Promise<boolean> =>
      signal(workflowIdOf(target, owner), messages.stripeEventReceived, { accountId }),
    /** Gives a row that is not terminal the run that it lacks. */
    async startMissing(target: Target, owner: Owner): Promise<Started> {
      switch (target.kind) {
        case 'connection':
          return startConnection(target.id, owner);
        case 'checkout':
          return start('checkout', checkoutOptions(target.id, owner));
        case 'membership':
          return start('membership', membershipStart(target.id, owner));
        case 'product':
          throw new Error('A product has no run of its own');
        case 'coupon':
          throw new Error('A coupon has a run only where something is to be changed at Stripe');
      }
    },
    /** The fallback for a target that has no run and needs none: the same activity, once. */
    startStripeEvent: (eventId: string, target: Target, owner: Owner) =>
      start('stripeEvent', stripeEventStart(eventId, target, owner)),

    /** Gives a delivery its run, or has that run, even one that is just ending, look at the row again. */
    webhookDeliveryChanged: (input: WebhookDeliveryInput, memberId: string | null) =>
      signalWithStart('webhookDelivery', webhookDeliveryStart(input, memberId), messages.rowChanged),

    /** Gives a mail its run, or has that run, even one that is just ending, look at the row again. */
    mailChanged: (input: MailInput, memberId: string | null) =>
      signalWithStart('mail', mailStart(input, memberId), messages.rowChanged),

    // --- the local clock
    async signalClockMoved(workflowIds: string[]): Promise<void> {
      await Promise.all(workflowIds.map((id) => signal(id, messages.clockMoved)));
    },
  };
}

export type WorkflowClient = ReturnType<typeof createWorkflowClient>;
