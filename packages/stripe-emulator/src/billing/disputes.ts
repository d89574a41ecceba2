import type Stripe from 'stripe';
import type { Checked } from '../http/checked';
import { invalidRequest } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { newBalanceTransaction } from '../objects/charge';
import { isEvidenceField, newDispute, type Dispute, type DisputeStatus } from '../objects/dispute';
import type { ChargeBehavior } from '../objects/payment-method';
import type { Space } from '../space';

const DAY = 86_400;
/** How long the merchant has to answer. */
const ANSWER_SECONDS = 10 * DAY;
/** An inquiry that nobody escalates closes by itself. */
const INQUIRY_SECONDS = 120 * DAY;

/** A chargeback takes the money at once; an inquiry only asks; a prevented one is settled before it begins. */
export type DisputeKind = 'chargeback' | 'inquiry' | 'prevented';

const CARDS: Partial<Record<ChargeBehavior, { kind: DisputeKind; reason: string }>> = {
  disputed: { kind: 'chargeback', reason: 'fraudulent' },
  disputed_not_received: { kind: 'chargeback', reason: 'product_not_received' },
  disputed_inquiry: { kind: 'inquiry', reason: 'fraudulent' },
};

/** Plans the dispute of a charge if its test card is one that disputes: https://docs.stripe.com/testing#disputes */
export function scheduleDispute(space: Space, chargeId: string, behavior: ChargeBehavior): void {
  if (CARDS[behavior]) space.schedule('charge.dispute', chargeId, space.now());
}

/** The holder of a test card disputes. */
export function disputeByCard(space: Space, chargeId: string): void {
  const charge = space.find('charge', chargeId);
  const method = charge?.payment_method ? space.find('payment_method', charge.payment_method) : undefined;
  const plan = method ? CARDS[method._emu.behavior] : undefined;
  if (charge && plan && !charge.disputed) openDispute(space, { charge: chargeId, ...plan });
}

/** The payer's bank disputes a charge. `amount` in minor units; absent: what is not refunded. */
export function openDispute(
  space: Space,
  input: { charge: string; kind: DisputeKind; reason: string; amount?: number | undefined },
): Dispute {
  const charge = space.get('charge', input.charge, 'charge');
  if (charge.status !== 'succeeded') throw invalidRequest(`Charge ${charge.id} has not succeeded.`, 'charge');
  if (charge.disputed) throw invalidRequest(`Charge ${charge.id} is disputed already.`, 'charge');
  const now = space.now();
  const amount = input.amount ?? charge.amount - charge.amount_refunded;
  if (amount < 1 || amount > charge.amount) {
    throw invalidRequest(
      `A dispute of ${charge.id} has to be about 1 to ${charge.amount}, not ${amount}.`,
      'amount',
    );
  }
  const kinds = {
    chargeback: { status: 'needs_response', caseType: 'chargeback' },
    inquiry: { status: 'warning_needs_response', caseType: 'inquiry' },
    prevented: { status: 'prevented', caseType: 'resolution' },
  } as const;
  const dispute = newDispute({
    charge: charge.id,
    paymentIntent: charge.payment_intent,
    amount,
    currency: charge.currency,
    reason: input.reason,
    brand: charge.payment_method_details?.card?.brand ?? 'visa',
    dueBy: input.kind === 'prevented' ? null : now + ANSWER_SECONDS,
    ...kinds[input.kind],
    livemode: space.livemode,
    created: now,
  });
  space.put('dispute', dispute);
  space.update('charge', charge.id, (draft) => (draft.disputed = true));
  if (input.kind !== 'inquiry') moveFunds(space, dispute.id, -amount);
  space.emit('charge.dispute.created', space.get('dispute', dispute.id));
  if (input.kind !== 'inquiry')
    space.emit('charge.dispute.funds_withdrawn', space.get('dispute', dispute.id));
  if (input.kind === 'prevented') space.emit('charge.dispute.closed', space.get('dispute', dispute.id));
  else if (input.kind === 'chargeback') space.schedule('dispute.due', dispute.id, now + ANSWER_SECONDS);
  else space.schedule('dispute.due', dispute.id, now + INQUIRY_SECONDS);
  return space.get('dispute', dispute.id);
}

/** https://docs.stripe.com/api/disputes/update */
export function updateDispute(
  space: Space,
  id: string,
  params: Checked<Stripe.DisputeUpdateParams>,
): Dispute {
  const before = space.get('dispute', id, 'dispute');
  const open = isOpen(before);
  const answers = params.evidence !== undefined && (params.submit ?? true);
  if (!open && (params.evidence !== undefined || params.submit !== undefined)) {
    throw invalidRequest(`This dispute is already closed: its status is ${before.status}.`);
  }
  const dispute = space.change('dispute', id, 'charge.dispute.updated', (draft) => {
    draft.metadata = mergedMetadata(draft.metadata, params.metadata);
    for (const [field, text] of Object.entries(params.evidence ?? {})) {
      if (isEvidenceField(field) && typeof text === 'string') draft.evidence[field] = text;
    }
    draft.evidence_details.has_evidence = Object.values(draft.evidence).some(
      (text) => typeof text === 'string',
    );
    if (!answers && params.submit !== true) return;
    draft.evidence_details.submission_count += 1;
    if (draft.status === 'needs_response') draft.status = 'under_review';
    if (draft.status === 'warning_needs_response') draft.status = 'warning_under_review';
  });
  if (dispute.evidence_details.submission_count > before.evidence_details.submission_count) {
    if (before.status === 'needs_response') space.unschedule('dispute.due', id);
    space.schedule('dispute.answer', id, space.now());
  }
  return dispute;
}

/** The merchant gives up: https://docs.stripe.com/api/disputes/close */
export function closeDispute(space: Space, id: string): Dispute {
  const dispute = space.get('dispute', id, 'dispute');
  if (!isOpen(dispute)) {
    throw invalidRequest(`This dispute is already closed: its status is ${dispute.status}.`);
  }
  return endDispute(space, id, isInquiry(dispute) ? 'warning_closed' : 'lost');
}

/** The end of a dispute; a win brings the money back. */
export function endDispute(space: Space, id: string, status: 'won' | 'lost' | 'warning_closed'): Dispute {
  const before = space.get('dispute', id, 'dispute');
  if (!isOpen(before) || isInquiry(before) !== (status === 'warning_closed')) {
    throw invalidRequest(`Dispute ${id} cannot become ${status}: it is ${before.status}.`);
  }
  space.unschedule('dispute.due', id);
  space.unschedule('dispute.answer', id);
  space.update('dispute', id, (draft) => {
    draft.status = status;
    draft.is_charge_refundable = status !== 'lost';
  });
  if (status === 'won') {
    moveFunds(space, id, before.amount);
    space.emit('charge.dispute.funds_reinstated', space.get('dispute', id));
  }
  const dispute = space.get('dispute', id);
  space.emit('charge.dispute.closed', dispute);
  return dispute;
}

/** Moves a dispute to a status in which it stays open: the bank looks at the answer. */
export function reviewDispute(space: Space, id: string): Dispute {
  const { status } = space.get('dispute', id, 'dispute');
  const next: Partial<Record<DisputeStatus, DisputeStatus>> = {
    needs_response: 'under_review',
    warning_needs_response: 'warning_under_review',
  };
  if (!next[status]) throw invalidRequest(`Dispute ${id} cannot go under review: it is ${status}.`);
  return space.change('dispute', id, 'charge.dispute.updated', (draft) => {
    draft.status = next[status] ?? status;
  });
}

/** An inquiry becomes a chargeback. */
export function escalateDispute(space: Space, id: string): Dispute {
  const before = space.get('dispute', id, 'dispute');
  if (!isOpen(before) || !isInquiry(before)) {
    throw invalidRequest(`Dispute ${id} is no open inquiry: it is ${before.status}.`);
  }
  const due = space.now() + ANSWER_SECONDS;
  moveFunds(space, id, -before.amount);
  const dispute = space.update('dispute', id, (draft) => {
    draft.status = 'needs_response';
    draft.is_charge_refundable = false;
    draft.evidence_details.due_by = due;
    draft.payment_method_details.card.case_type = 'chargeback';
  });
  space.schedule('dispute.due', id, due);
  space.emitChange('charge.dispute.updated', before, dispute);
  space.emit('charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

/** The time for an answer is over; an inquiry has run out. */
export function disputeDue(space: Space, id: string): void {
  const dispute = space.find('dispute', id);
  if (!dispute || !isOpen(dispute)) return;
  space.update('dispute', id, (draft) => (draft.evidence_details.past_due = true));
  endDispute(space, id, isInquiry(dispute) ? 'warning_closed' : 'lost');
}

/** What the bank says to Stripe's magic evidence: https://docs.stripe.com/testing#evidence */
export function answerEvidence(space: Space, id: string): void {
  const dispute = space.find('dispute', id);
  if (!dispute || !isOpen(dispute)) return;
  const text = dispute.evidence.uncategorized_text;
  if (text === 'winning_evidence') endDispute(space, id, isInquiry(dispute) ? 'warning_closed' : 'won');
  if (text === 'losing_evidence') endDispute(space, id, isInquiry(dispute) ? 'warning_closed' : 'lost');
  if (text === 'escalate_inquiry_evidence' && isInquiry(dispute)) escalateDispute(space, id);
}

/** The dispute of a charge that keeps it from being refunded. */
export function blockingDispute(space: Space, chargeId: string): Dispute | undefined {
  return space
    .listBy('dispute', 'charge', chargeId)
    .find(({ is_charge_refundable }) => !is_charge_refundable);
}

function moveFunds(space: Space, id: string, amount: number): void {
  const dispute = space.get('dispute', id);
  const transaction = newBalanceTransaction({
    amount,
    currency: dispute.currency,
    source: id,
    type: 'adjustment',
    description:
      amount < 0
        ? `Chargeback withdrawal for ${dispute.charge}`
        : `Chargeback reversal for ${dispute.charge}`,
    created: space.now(),
  });
  if (amount > 0) transaction.reporting_category = 'dispute_reversal';
  space.put('balance_transaction', transaction);
  space.update('dispute', id, (draft) => draft.balance_transactions.push(transaction));
}

function isOpen({ status }: Dispute): boolean {
  return ['needs_response', 'under_review', 'warning_needs_response', 'warning_under_review'].includes(
    status,
  );
}

function isInquiry({ status }: Dispute): boolean {
  return status.startsWith('warning');
}
