import type Stripe from 'stripe';
import {
  type ChargeFacts,
  type DisputeDates,
  type DisputeOutcome,
  type RefundFacts,
  REFUNDS_AT_STRIPE,
  type Reversal,
} from '../domain/stripe-facts';
import { isMissing } from './errors';
import { everyPage, wholeList } from './every-page';
import type { AccountClient } from './account-client';

/** What comes along with a charge: the booking, which says the fee, and the refunds. */
export const WITH_CHARGE = ['balance_transaction', 'refunds'] as const;

/** What went back, by payment intent. */
export type Reversals = ReadonlyMap<string, Reversal>;

export const NO_REVERSALS: Reversals = new Map();

/** The charges of a customer, or of one payment, the newest first. https://docs.stripe.com/api/charges/list */
const fetchCharges = (
  { stripe, accountId }: AccountClient,
  of: { customer: string } | { payment_intent: string },
): Promise<Stripe.Charge[]> =>
  everyPage(
    stripe.charges.list(
      { ...of, limit: 100, expand: WITH_CHARGE.map((field) => `data.${field}`) },
      { stripeAccount: accountId },
    ),
  );

/**
 * The same of a payment that was read with its latest charge: nothing is charged after a charge that succeeded, so only
 * the latest can have gone back. https://docs.stripe.com/api/payment_intents/object#payment_intent_object-latest_charge
 */
export async function fetchReversalsOfIntent(
  client: AccountClient,
  { id, latest_charge: latest }: Stripe.PaymentIntent,
): Promise<Reversals> {
  if (latest === null) return NO_REVERSALS;
  return typeof latest === 'string'
    ? reversalsOf(client, await fetchCharges(client, { payment_intent: id }))
    : reversalsOf(client, [latest]);
}

/**
 * Refunds and disputes of charges. Invoices do not carry them, and charges do not name an invoice, so they meet at the
 * payment intent. https://docs.stripe.com/api/charges/object
 */
export async function reversalsOf(
  client: AccountClient,
  charges: readonly Stripe.Charge[],
): Promise<Reversals> {
  const reversals = new Map<string, Reversal>();
  for (const charge of charges) {
    const intent =
      typeof charge.payment_intent === 'string' ? charge.payment_intent : charge.payment_intent?.id;
    if (intent === undefined) continue;
    const earlier = reversals.get(intent);
    reversals.set(intent, {
      charge: theOne(earlier?.charge ?? null, chargeFacts(charge)),
      refunds: [...(earlier?.refunds ?? []), ...(await fetchRefunds(client, charge))],
      amountRefunded: charge.amount_refunded + (earlier?.amountRefunded ?? 0),
      ...worst([
        ...(earlier === undefined ? [] : [earlier]),
        ...(charge.disputed ? await fetchDisputes(client, charge.id) : []),
      ]),
    });
  }
  return reversals;
}

/** Of several tries the one that succeeded; else the newest, which Stripe lists first. */
const theOne = (newer: ChargeFacts | null, older: ChargeFacts): ChargeFacts =>
  newer === null || (newer.status !== 'succeeded' && older.status === 'succeeded') ? older : newer;

const CHARGE_STATUSES = ['pending', 'succeeded', 'failed'] as const;

function chargeFacts(charge: Stripe.Charge): ChargeFacts {
  const { id, payment_method_details: details, balance_transaction: booked } = charge;
  return {
    id,
    // Nothing is decided by it: a word that Stripe adds is nothing that a look would fail for.
    status: CHARGE_STATUSES.find((status) => status === charge.status) ?? 'pending',
    method: details?.type ?? null,
    brand: details?.card?.brand ?? null,
    fee:
      booked == null || typeof booked === 'string' ? null : { amount: booked.fee, currency: booked.currency },
    failure: charge.failure_code,
  };
}

/** All refunds of a charge; the newest ten came with it. https://docs.stripe.com/api/charges/object#charge_object-refunds */
async function fetchRefunds(
  { stripe, accountId }: AccountClient,
  { id, refunds, amount_refunded: refunded }: Stripe.Charge,
): Promise<RefundFacts[]> {
  // Where it was not expanded, and nothing went back, there is nothing to ask for. A refund that failed is told of by its event.
  if (refunds == null && refunded === 0) return [];
  const whole = await wholeList(refunds, () =>
    stripe.refunds.list({ charge: id, limit: 100 }, { stripeAccount: accountId }),
  );
  return whole.map(refundFacts);
}

/** @see RefundFacts */
export function refundFacts(refund: Stripe.Refund): RefundFacts {
  return {
    id: refund.id,
    status: REFUNDS_AT_STRIPE.find((status) => status === refund.status) ?? 'pending',
    amount: refund.amount,
    reason: refund.reason,
    failure: refund.failure_reason ?? null,
    createdAt: refund.created,
    refundId: refund.metadata?.['refundId'] ?? null,
  };
}

/**
 * The charges of a customer who may have been deleted: Stripe then lists no charges by them, and asking again would fail for
 * ever. What they paid is still there, so it is asked about one payment after another. (Not documented: if Stripe goes on
 * listing the charges of a deleted customer, the second way is never taken.)
 * @param intents the payments that are known, asked about only when the customer is gone
 */
export async function fetchChargesOfCustomer(
  client: AccountClient,
  customer: string,
  intents: readonly string[],
): Promise<Stripe.Charge[]> {
  try {
    return await fetchCharges(client, { customer });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const charges: Stripe.Charge[] = [];
  for (const intent of intents) charges.push(...(await fetchCharges(client, { payment_intent: intent })));
  return charges;
}

/** How a dispute stands, and its dates. */
type Disputed = Pick<Reversal, 'dispute' | 'disputeDates'>;

async function fetchDisputes(client: AccountClient, charge: string): Promise<Disputed[]> {
  const disputes = await everyPage(
    client.stripe.disputes.list({ charge, limit: 100 }, { stripeAccount: client.accountId }),
  );
  return disputes.map((dispute) => ({ dispute: outcomeOf(dispute), disputeDates: datesOf(dispute) }));
}

/** An inquiry (`warning_…`) and a prevented dispute take no money away. */
function outcomeOf({ status }: Stripe.Dispute): DisputeOutcome | null {
  if (status === 'won') return 'won';
  if (status === 'lost') return 'lost';
  return status === 'needs_response' || status === 'under_review' ? 'open' : null;
}

/** `due_by` is 0 where the bank takes no answer. https://docs.stripe.com/api/disputes/object */
function datesOf({ created, status, evidence_details: evidence }: Stripe.Dispute): DisputeDates {
  const due = status === 'needs_response' ? evidence.due_by : null;
  return { openedAt: created, evidenceDueAt: due === null || due === 0 ? null : due };
}

/** The dispute that decides among several: a lost one, then an open one. */
export function worst(disputes: readonly Disputed[]): Disputed {
  const found = (['lost', 'open', 'won'] as const)
    .map((outcome) => disputes.find(({ dispute }) => dispute === outcome))
    .find((each) => each !== undefined);
  return { dispute: found?.dispute ?? null, disputeDates: found?.disputeDates ?? null };
}

/** What went back of the payments of one thing together. */
export function reversalOf(intents: readonly (string | null)[], reversals: Reversals): Reversal {
  const parts = intents.flatMap((intent) => (intent === null ? [] : (reversals.get(intent) ?? [])));
  return {
    amountRefunded: parts.reduce((sum, part) => sum + part.amountRefunded, 0),
    ...worst(parts),
    charge: parts.reduce<ChargeFacts | null>((all, { charge }) => together(all, charge ?? null), null),
    refunds: parts.flatMap(({ refunds }) => refunds ?? []),
  };
}

/** An invoice that was paid in several parts: the fee is that of all, where it is known of all. */
function together(all: ChargeFacts | null, next: ChargeFacts | null): ChargeFacts | null {
  if (all === null || next === null) return all ?? next;
  const one = theOne(all, next);
  if (all.status !== 'succeeded' || next.status !== 'succeeded') return one;
  const [a, b] = [all.fee, next.fee];
  const isKnown = a !== null && b !== null && a.currency === b.currency;
  return { ...one, fee: isKnown ? { amount: a.amount + b.amount, currency: a.currency } : null };
}
