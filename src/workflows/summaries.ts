import { workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow';
import type { ActivitiesAtTemporal } from '../activities';
import type { Workflows } from '../messages/workflows';

/**
 * What operators read in the Temporal Web UI beside each activity and timer of a run. Nothing of it names anybody, and none
 * of it matters to a replay: summaries are metadata. https://docs.temporal.io/develop/typescript/observability#user-metadata
 */
const ACTIVITIES: Readonly<Record<keyof ActivitiesAtTemporal, string>> = {
  abandonConnection: 'Gives the attempt to connect up',
  beginDisconnecting: 'Marks the connection as disconnecting',
  beginErasure: 'Begins the erasure, and lists what has to end',
  cancelErasure: 'Takes the erasure back',
  cancelPriceMove: 'Stops the move of members',
  cancelLiveCopy: 'Stops the copying of test mode',
  cancelSubscription: 'Cancels the subscription at Stripe',
  changeSubscriptionPrice: 'Changes price or quantity of the subscription at Stripe',
  closeCheckoutOfErased: 'Closes an open checkout of the member',
  countUnsettled: 'Counts the events of the account that are not settled',
  deauthorizeAccount: 'Ends the link to the account at Stripe',
  deleteCustomerOfErased: 'Deletes the customer at Stripe',
  deleteOld: 'Deletes a batch of what is kept long enough',
  endMembershipOfErased: 'Ends a membership of the member',
  endWithdrawnMembership: 'Ends the membership that was withdrawn from',
  ensureSchedule: 'Tells Stripe when the installments end',
  exchangeCode: 'Redeems the coach’s authorization at Stripe',
  expireOpenSessions: 'Closes the open sessions of the account',
  expireSession: 'Closes the session at Stripe',
  failConnection: 'Notes that the connection failed',
  failErasure: 'Notes that the erasure failed',
  failOpening: 'Notes that no session could be opened',
  failWithdrawal: 'Notes that the withdrawal could not be carried out',
  findSuccessor: 'Looks for the attempt that comes next',
  finishErasure: 'Notes that the member is erased',
  finishWithdrawal: 'Notes that the withdrawal is carried out',
  giveUpCoupon: 'Notes why the coupon could not be made, and takes back what was',
  giveUpRefund: 'Notes that the refund could not be made',
  isWithdrawnMembershipOver: 'Looks whether the membership has ended',
  listConnectedAccounts: 'Lists the connected accounts',
  loadConnection: 'Reads the connection',
  loadProvisioning: 'Reads what is to be made at Stripe',
  lookAtCoupon: 'Reads the coupon and its codes at Stripe, and commits what they are',
  lookAtErasure: 'Reads where the erasure stands',
  lookAtRefund: 'Reads where the refund stands',
  lookAtWithdrawal: 'Reads where the withdrawal stands',
  makeRefund: 'Makes the refund at Stripe',
  moveMember: 'Moves one membership to the new price',
  nextOfPriceMove: 'Takes the next memberships to move',
  nextOfLiveCopy: 'Brings the next things from test mode, and notes what became of those before',
  noteNotMoved: 'Notes why a membership was not moved',
  openSession: 'Opens the session at Stripe',
  pauseSubscription: 'Pauses the collection at Stripe',
  addCoupon: 'Puts a coupon on the subscription at Stripe',
  planCatalog: 'Lists the prices that the account lacks',
  planCatalogPage: 'Lists the next prices that the account lacks',
  prepareAccount: 'Creates the account at Stripe',
  prepareSession: 'Decides what the session at Stripe will be',
  provisionPrice: 'Makes the price at Stripe',
  provisionProduct: 'Makes the product at Stripe',
  pushCatalog: 'Tells Stripe of a changed product or price',
  pushCoupon: 'Makes the coupon at Stripe, or takes it back',
  pushPromotionCodes: 'Makes the codes at Stripe, or switches them off',
  reconcileAccount: 'Fetches events that Stripe did not deliver',
  recordProvisioned: 'Puts the price on sale',
  recordRefused: 'Notes why Stripe refused the price',
  refundCheckout: 'Gives back what was paid too late',
  refundWithdrawal: 'Gives back a payment that was withdrawn from',
  remindOfWithdrawal: 'Reminds the coach to decide',
  resumeSubscription: 'Takes a pause or a cancellation back at Stripe',
  settleCheckout: 'Looks at the session at Stripe, and commits what it is',
  settleConnection: 'Looks at the account at Stripe, and commits what it is',
  settleMembership: 'Looks at the subscription at Stripe, and commits the access',
  settleProduct: 'Looks at the product at Stripe, and commits what it is',
  settleWithdrawal: 'Decides in place of the coach: everything goes back',
  tellStripeOfAddress: 'Tells Stripe of the member’s address',
  tellOverdueWithdrawal: 'Tells that the withdrawal is overdue',
  tryToDeliver: 'Sends the webhook to its receiver',
  tryToSend: 'Hands the mail to the mail server',
  unnameMember: 'Takes away what names the member',
  withdrawPrice: 'Takes back what was made at Stripe',
};

/** What each kind of run waits for with a timer. */
const TIMERS: Readonly<Record<keyof Workflows, string>> = {
  catalogChange: 'Until Stripe is asked again',
  checkout: 'Until Stripe is asked about the payment again, or the session expires',
  connection: 'Until the attempt runs out, or the account is looked at again',
  coupon: 'Until Stripe is asked again',
  customerAddress: 'Until Stripe is asked again',
  liveCopy: 'Until what others make at Stripe is there',
  mail: 'Until the mail is tried again',
  memberErasure: 'Until the erasure begins, or is tried again',
  membership: 'Until the next deadline of access, an event or a request',
  paymentRefund: 'Until the refund is looked at again',
  priceMove: 'Until the next members are moved',
  priceProvisioning: 'Until Stripe is asked again',
  reconciliation: 'Until the next page of events',
  retention: 'Until the next batch is deleted',
  stripeEvent: 'Until the next look',
  webhookDelivery: 'Until the receiver is tried again',
  withdrawal: 'Until the withdrawal is decided or looked at again',
};

const summaryOf = (table: Readonly<Record<string, string>>, name: string): { summary?: string } => {
  const summary = table[name];
  return summary === undefined ? {} : { summary };
};

export const interceptors = (): WorkflowInterceptors => ({
  inbound: [],
  outbound: [
    {
      scheduleActivity: (input, next) =>
        next({ ...input, options: { ...summaryOf(ACTIVITIES, input.activityType), ...input.options } }),
      startTimer: (input, next) =>
        next({ ...input, options: { ...summaryOf(TIMERS, workflowInfo().workflowType), ...input.options } }),
      // The static summary stays with the first run; the memo is what the next one has of it.
      continueAsNew: (input, next) =>
        next({
          ...input,
          options: { ...input.options, memo: { ...workflowInfo().memo, ...input.options.memo } },
        }),
    },
  ],
});
