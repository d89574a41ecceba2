import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Mode } from '../domain/mode';

/**
 * Every message that a workflow of ours understands, imported wherever one is sent: a name written as a string
 * loses signals silently. Facts are signals in the past tense, requests are imperative updates.
 * https://docs.temporal.io/develop/typescript/message-passing
 */

/** What every workflow starts with. Ids only: histories never carry names, e-mail addresses or secrets. */
export interface EntityInput {
  mode: Mode;
  coachId: string;
}

export interface ConnectionInput extends EntityInput {
  connectionId: string;
  /** How far the catalog was brought onto the account by earlier runs; null: all of it. Left out: nothing yet. */
  catalogAfter?: string | null;
}

export interface PriceProvisioningInput extends EntityInput {
  provisioningId: string;
}

/** A product or price whose present row is to be pushed to the coach's connected account. */
export interface CatalogTarget {
  kind: 'product' | 'price';
  id: string;
}

export interface CatalogChangeInput extends EntityInput {
  target: CatalogTarget;
}

export interface CheckoutInput extends EntityInput {
  checkoutId: string;
  /** Seconds between two looks at Stripe while nothing else wakes the run. */
  pollSeconds: number;
}

export interface MembershipInput extends EntityInput {
  membershipId: string;
}

export interface PriceMoveInput extends EntityInput {
  moveId: string;
}

export interface LiveCopyInput extends EntityInput {
  copyId: string;
}

export interface MemberErasureInput extends EntityInput {
  memberId: string;
}

/** A member whose present address Stripe's customers are to have. */
export interface CustomerAddressInput extends EntityInput {
  memberId: string;
}

/** That one receiver is to hear of one fact. */
export interface WebhookDeliveryInput extends EntityInput {
  endpointId: string;
  factId: string;
}

export interface WithdrawalInput extends EntityInput {
  withdrawalId: string;
}

/** A coupon with its promotion codes. */
export interface CouponInput extends EntityInput {
  couponId: string;
}

/** A refund that a coach has asked for. */
export interface PaymentRefundInput extends EntityInput {
  refundId: string;
}

/** A mail that is to be sent. */
export interface MailInput extends EntityInput {
  mailId: string;
}

export interface StripeEventInput extends EntityInput {
  target: Target;
}

/** What an event, a timer or a person wakes. */
export interface Target {
  kind: 'connection' | 'checkout' | 'membership' | 'product' | 'coupon';
  id: string;
}

/** Why a run looks at Stripe now; ends up as the cause in the member's timeline. */
export type Cause = 'stripe_event' | 'timer' | 'member_returned' | 'person' | 'system';

/** Something changed at Stripe. Carries the account (a connection's run drops another account's), never an event id. */
export const stripeEventReceived = defineSignal<[{ accountId: string }]>('stripeEventReceived');

/** The account's clock was moved (local stack only): deadlines are to be looked at again. */
export const clockMoved = defineSignal<[]>('clockMoved');

/** Something on our side changed the row: it is to be loaded again. */
export const rowChanged = defineSignal<[]>('rowChanged');

// --- connection

export interface ConnectionView {
  connectionId: string;
  status: string;
  accountId: string | null;
  chargesEnabled: boolean;
}

/** Names the row: the run of an earlier connection of the same coach, just ending, must not answer for the next one. */
export interface ConnectionRequest {
  connectionId: string;
}

/** The type of the failure with which such a run turns a request away; the request is to be made again. */
export const PREVIOUS_CONNECTION = 'previous_connection';

/** Sees to it that the attempt has its account (account links): the address to send the browser to needs it. */
export const prepareConnection = defineUpdate<ConnectionView, [ConnectionRequest]>('prepareConnection');

/** Exchanges the OAuth code that the callback stored. Fails with one of the codes of src/domain/problem.ts. */
export const confirmConnection = defineUpdate<ConnectionView, [ConnectionRequest]>('confirmConnection');

/** Ends the connection: expires open sessions, drains the inbox, deauthorizes. */
export const disconnect = defineUpdate<ConnectionView, [ConnectionRequest]>('disconnect');

// --- price provisioning

export interface ProvisioningView {
  status: 'provisioned' | 'refused';
  failureCode: string | null;
  failureMessage: string | null;
}

// --- checkout

export interface CheckoutView {
  checkoutId: string;
  status: string;
  /** Stripe's hosted page, while the checkout is open. */
  url: string | null;
}

/** Opens the Stripe session; the answer carries its address. The update id is the checkout's id. */
export const openCheckout = defineUpdate<CheckoutView, []>('openCheckout');

/** The member came back: ask Stripe now. */
export const memberReturned = defineUpdate<CheckoutView, []>('memberReturned');

/** Expires the session at Stripe, unless it was completed meanwhile. */
export const cancelCheckout = defineUpdate<CheckoutView, []>('cancelCheckout');

// --- membership

export interface MembershipView {
  membershipId: string;
  status: string;
  reason: string;
}

/** `requestId` is the Idempotency-Key's stand-in: one per request of a person, part of Stripe's idempotency key. */
export const cancelMembership = defineUpdate<
  MembershipView,
  [{ requestId: string; at: 'now' | 'period_end' }]
>('cancelMembership');

/** Takes a scheduled cancellation back. */
export const resumeMembership = defineUpdate<MembershipView, [{ requestId: string }]>('resumeMembership');

/**
 * Stops collecting; `until` in seconds, UTC, or null for as long as it takes. Left out: the end of a pause that there is
 * already stays.
 */
export const pauseMembership = defineUpdate<MembershipView, [{ requestId: string; until?: number | null }]>(
  'pauseMembership',
);

/** Puts a coupon of Stripe's on the subscription, beside what it has. */
export const addMembershipCoupon = defineUpdate<
  MembershipView,
  [{ requestId: string; stripeCouponId: string }]
>('addMembershipCoupon');

/** What a change of price or quantity is to be. What is left out stays as Stripe has it. */
export interface PriceChangeRequest {
  requestId: string;
  priceId?: string;
  quantity?: number;
  /** Charge or credit the difference of the running period; otherwise it counts from the next one on. */
  prorate: boolean;
  /** The moment from which the difference is counted, as it was previewed: seconds, UTC. Left out: now. */
  prorationDate?: number;
  /** The move of all members of a price that this is a part of. */
  priceMoveId?: string;
}

/** Moves the membership to another price or quantity of its product. */
export const changeMembershipPrice = defineUpdate<MembershipView, [PriceChangeRequest]>(
  'changeMembershipPrice',
);

/** What the run last saw and what it waits for. */
export const describe = defineQuery<{ status: string; waitsFor: string; deadline: number | null }>(
  'describe',
);
