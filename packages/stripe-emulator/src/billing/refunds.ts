import { invalidRequest, resourceMissing } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { newBalanceTransaction, newRefund, type Charge, type Refund } from '../objects/charge';
import type { Space } from '../space';
import { blockingDispute } from './disputes';

export interface RefundInput {
  charge?: string | undefined;
  payment_intent?: string | undefined;
  /** Minor units; absent: what is left. */
  amount?: number | undefined;
  reason?: 'duplicate' | 'fraudulent' | 'requested_by_customer' | undefined;
  metadata?: Record<string, string | number | null> | '' | null | undefined;
}

/** Gives money back: https://docs.stripe.com/api/refunds/create */
export function refundCharge(space: Space, input: RefundInput): Refund {
  const charge = chargeOf(space, input);
  if (charge.refunded) {
    throw invalidRequest(
      `Charge ${charge.id} has already been refunded.`,
      undefined,
      'charge_already_refunded',
    );
  }
  if (blockingDispute(space, charge.id)) {
    throw invalidRequest(
      `Charge ${charge.id} has been charged back; cannot issue a refund.`,
      undefined,
      'charge_disputed',
    );
  }
  if (charge.status !== 'succeeded') {
    throw invalidRequest(`Charge ${charge.id} cannot be refunded because it has not succeeded.`, 'charge');
  }
  const left = charge.amount - charge.amount_refunded;
  const amount = input.amount ?? left;
  if (amount < 1) throw invalidRequest('Invalid positive integer', 'amount', 'parameter_invalid_integer');
  if (amount > left) {
    throw invalidRequest(
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
      'amount',
    );
  }
  const now = space.now();
  const refund = newRefund({ amount, currency: charge.currency, charge: charge.id, created: now });
  const transaction = newBalanceTransaction({
    amount: -amount,
    currency: charge.currency,
    source: refund.id,
    type: charge.payment_method_details?.type === 'card' ? 'refund' : 'payment_refund',
    description: charge.description,
    created: now,
  });
  space.put('balance_transaction', transaction);
  refund.balance_transaction = transaction.id;
  refund.customer = charge.customer;
  refund.payment_intent = charge.payment_intent;
  refund.payment_method = charge.payment_method;
  refund.reason = input.reason ?? null;
  refund.metadata = mergedMetadata({}, input.metadata);
  refund.destination_details =
    charge.payment_method_details?.type === 'card'
      ? {
          card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
          type: 'card',
        }
      : { type: charge.payment_method_details?.type ?? 'card' };
  space.put('refund', refund);
  space.change('charge', charge.id, 'charge.refunded', (draft) => {
    draft.amount_refunded += amount;
    draft.refunded = draft.amount_refunded === draft.amount;
  });
  space.emit('refund.created', refund);
  return refund;
}

/**
 * A refund of a charge that changes is told twice: as `refund.updated`, and in the older way.
 * https://docs.stripe.com/api/events/types#event_types-charge.refund.updated
 */
export function emitRefundUpdated(space: Space, before: Refund, after: Refund): void {
  space.emitChange('refund.updated', before, after);
  if (after.charge !== null) space.emitChange('charge.refund.updated', before, after);
}

function chargeOf(space: Space, input: RefundInput): Charge {
  if (input.charge !== undefined) return space.get('charge', input.charge, 'charge');
  if (input.payment_intent === undefined) {
    throw invalidRequest(
      'One of the following params should be provided for this request: payment_intent or charge.',
    );
  }
  const intent = space.get('payment_intent', input.payment_intent, 'payment_intent');
  const charge = intent.latest_charge ? space.find('charge', intent.latest_charge) : undefined;
  if (!charge) throw resourceMissing('charge', intent.id, 'payment_intent');
  return charge;
}

/** The bank could not give the money back: it returns to the merchant's balance. https://docs.stripe.com/refunds#failed-refunds */
export function failRefund(space: Space, id: string): Refund {
  const before = space.get('refund', id, 'refund');
  if (before.status === 'failed' || before.status === 'canceled') {
    throw invalidRequest(`Refund ${id} cannot fail: it is ${before.status}.`, 'refund');
  }
  const transaction = newBalanceTransaction({
    amount: before.amount,
    currency: before.currency,
    source: id,
    type: 'refund_failure',
    description: 'REFUND FAILURE',
    created: space.now(),
  });
  space.put('balance_transaction', transaction);
  const refund = space.update('refund', id, (draft) => {
    draft.status = 'failed';
    draft.failure_balance_transaction = transaction.id;
    draft.failure_reason = 'expired_or_canceled_card';
  });
  if (before.charge !== null) {
    space.update('charge', before.charge, (draft) => {
      draft.amount_refunded -= before.amount;
      draft.refunded = false;
    });
  }
  emitRefundUpdated(space, before, refund);
  space.emit('refund.failed', refund);
  return refund;
}
