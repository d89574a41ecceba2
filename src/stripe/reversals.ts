import type Stripe from 'stripe';
import type { DisputeOutcome, Reversal } from '../domain/stripe-facts';
import { expectObject } from './errors';
import type { AccountClient } from './facts';

/** What went back, by payment intent. */
export type Reversals = ReadonlyMap<string, Reversal>;

export const NO_REVERSALS: Reversals = new Map();

/** More charges of one customer than this are not looked at. */
const MOST = 1000;

/**
 * Refunds and disputes of a customer, or of one payment. Invoices do not carry them, and charges do not name an
 * invoice, so they meet at the payment intent. https://docs.stripe.com/api/charges/object
 */
export async function fetchReversals(
  client: AccountClient,
  of: { customer: string } | { payment_intent: string },
): Promise<Reversals> {
  const options = { stripeAccount: client.accountId };
  const charges = await client.stripe.charges
    .list({ ...of, limit: 100 }, options)
    .autoPagingToArray({ limit: MOST });
  const reversals = new Map<string, Reversal>();
  for (const charge of charges) {
    const intent =
      typeof charge.payment_intent === 'string' ? charge.payment_intent : charge.payment_intent?.id;
    if (intent === undefined || (charge.amount_refunded === 0 && !charge.disputed)) continue;
    const earlier = reversals.get(intent);
    reversals.set(intent, {
      amountRefunded: charge.amount_refunded + (earlier?.amountRefunded ?? 0),
      dispute: charge.disputed ? await fetchDispute(client, charge.id) : (earlier?.dispute ?? null),
    });
  }
  return reversals;
}

async function fetchDispute(client: AccountClient, charge: string): Promise<DisputeOutcome | null> {
  const disputes = await client.stripe.disputes.list(
    { charge, limit: 100 },
    { stripeAccount: client.accountId },
  );
  expectObject(disputes, 'list');
  return worst(disputes.data.map((dispute) => outcomeOf(dispute)));
}

/** An inquiry (`warning_…`) and a prevented dispute take no money away. */
function outcomeOf({ status }: Stripe.Dispute): DisputeOutcome | null {
  if (status === 'won') return 'won';
  if (status === 'lost') return 'lost';
  return status === 'needs_response' || status === 'under_review' ? 'open' : null;
}

function worst(outcomes: readonly (DisputeOutcome | null)[]): DisputeOutcome | null {
  return (['lost', 'open', 'won'] as const).find((outcome) => outcomes.includes(outcome)) ?? null;
}

/** What went back of the payments of one thing together. */
export function reversalOf(intents: readonly (string | null)[], reversals: Reversals): Reversal {
  const parts = intents.flatMap((intent) => (intent === null ? [] : (reversals.get(intent) ?? [])));
  return {
    amountRefunded: parts.reduce((sum, part) => sum + part.amountRefunded, 0),
    dispute: worst(parts.map((part) => part.dispute)),
  };
}
