import { isoTime, toDate } from './time';
/** What happens next to a cause of access, a stable code. */
export const NEXT_STEPS = [
  'renewal',
  'renewal_invoice',
  'invoice_due',
  'trial_end',
  'trial_end_invoice',
  'access_start',
  'access_end',
  'cause_end',
  'grace_end',
  'resumption',
  'payment_outcome',
  'payment_open',
  'dispute_outcome',
  'item_change',
] as const;

export interface NextStep {
  what: (typeof NEXT_STEPS)[number];
  /** Null: nobody knows when. */
  at: Date | null;
  inWords: string;
}

/** What is stored of a membership, as far as its next step goes. */
export interface NextFacts {
  status: 'trialing' | 'active' | 'canceling' | 'past_due' | 'suspended' | 'owned' | 'ended';
  reason: string;
  paidThrough: Date | null;
  cancelAt: Date | null;
  pauseUntil: Date | null;
  verifiedAt: Date;
  installmentsDue: number | null;
  installmentsPaid: number | null;
  /** Stripe's `charge_automatically` or `send_invoice`; not known: it charges. */
  collectionMethod?: string | null;
  trialEnd?: Date | null;
  /** The invoice that is open, with `dueAt` in seconds, UTC; null: none is. */
  openInvoice?: unknown;
  disputedAt?: Date | null;
  evidenceDueAt?: Date | null;
}

const step = (what: NextStep['what'], at: Date | null, inWords: string): NextStep => ({ what, at, inWords });

/**
 * What a member and their coach should expect next of a membership by itself; null: nothing.
 * @param until the end of the membership's grant.
 * @param goesOn another cause gives access at a moment (null: by and by), so that this one's end is not that of access.
 */
export function nextStep(
  of: NextFacts,
  until: Date | null,
  goesOn: (at: Date | null) => boolean = () => false,
): NextStep | null {
  const found = ofItself(of, until);
  if (found === null || !goesOn(found.at)) return found;
  const { what, at } = found;
  if (what === 'access_end') return step('cause_end', at, 'This ends; access goes on through another.');
  if (what === 'grace_end')
    return step('cause_end', at, 'The grace period of this purchase ends; access goes on through another.');
  if (what === 'invoice_due') return step(what, at, `${INVOICED} Access goes on through another purchase.`);
  if (what === 'item_change')
    return step(
      what,
      at,
      'The subscription is for something that is not sold here; access goes on through another purchase.',
    );
  if (what === 'payment_outcome')
    return step('payment_open', at, 'A payment is missing; access goes on through another purchase.');
  return found;
}

/** The sentence of a membership that stands alone. */
function ofItself(of: NextFacts, until: Date | null): NextStep | null {
  const { reason, status, paidThrough } = of;
  if (reason === 'disputed') return ofDispute(of);
  if (reason === 'collection_paused') return ofPause(of);
  if (reason === 'awaiting_payment') return ofAwaited(of);
  if (reason === 'not_sold_here') return step('item_change', null, NOT_SOLD_HERE);
  if (reason === 'paid_after_end' && status === 'canceling') return step('access_end', until, PAID_AFTER_END);
  // An invoice that was sent stays one, also where the next ones are charged again.
  const isInvoiced = isSent(of) || reason === 'invoice_sent';
  if (isBeingCharged(of))
    return isInvoiced
      ? step('invoice_due', dueAt(of) ?? until, `${INVOICED} Without the payment, access ends.`)
      : step(
          'access_end',
          until,
          'The payment of the present period is on its way; without it, access ends.',
        );
  switch (status) {
    case 'active':
      return step(isInvoiced ? 'renewal_invoice' : 'renewal', paidThrough, wordsOfRenewal(of));
    case 'trialing':
      return isInvoiced
        ? step('trial_end_invoice', of.trialEnd ?? paidThrough, `The trial ends and ${SENDS} the first one.`)
        : step(
            'trial_end',
            of.trialEnd ?? paidThrough,
            'The trial ends and Stripe charges for the first time.',
          );
    case 'canceling':
      if (!isPaidBefore(of, until)) return step('access_end', until, 'Access ends.');
      return isInvoiced
        ? step('renewal_invoice', paidThrough, `${INVOICE_COMES} The subscription ends later.`)
        : step('renewal', paidThrough, 'Stripe charges the renewal; the subscription ends later.');
    case 'past_due':
      return step(
        'grace_end',
        until,
        isInvoiced
          ? 'The grace period ends, and access with it, unless the invoice is paid. Stripe does not charge by itself.'
          : 'The grace period ends, and access with it, unless the renewal is paid.',
      );
    case 'suspended':
      return ofSuspended(of);
    case 'owned':
    case 'ended':
      return null;
  }
}

/**
 * Whether a period has begun that is not paid yet: Stripe finalizes an invoice about an hour after it has made it, and
 * charges it then. https://docs.stripe.com/billing/invoices/subscription#invoice-lifecycle
 */
export function isBeingCharged({
  status,
  paidThrough,
  verifiedAt,
}: Pick<NextFacts, 'status' | 'paidThrough' | 'verifiedAt'>): boolean {
  return RENEWS.includes(status) && paidThrough !== null && paidThrough <= verifiedAt;
}

const NOT_SOLD_HERE =
  'Access comes back when the subscription is moved to a price of yours again, in the Stripe Dashboard or by a change of price.';
const PAID_AFTER_END = 'Access ends: the subscription had ended already when its last invoice was paid.';
const SENDS = 'Stripe sends an invoice instead of charging by itself:';
const INVOICED = 'The invoice of the present period is open; Stripe does not charge by itself.';
const INVOICE_COMES = 'Stripe sends the invoice of the renewal; it does not charge by itself.';

/** Whoever is so is charged when a period is over; until that is paid, there is the leeway. */
const RENEWS: NextFacts['status'][] = ['active', 'trialing'];

/** Reasons for which a payment is all that is missing. */
const COMES_BACK = ['grace_over', 'unpaid', 'first_payment_pending'];

/** https://docs.stripe.com/billing/collection-method */
const isSent = ({ collectionMethod }: NextFacts): boolean => collectionMethod === 'send_invoice';

function wordsOfRenewal(of: NextFacts): string {
  const { installmentsDue: due, installmentsPaid: paid } = of;
  if (due === null) return isSent(of) ? INVOICE_COMES : 'Stripe charges the renewal.';
  const which = `installment ${(paid ?? 0) + 1} of ${due}`;
  return isSent(of)
    ? `Stripe sends the invoice of ${which}; it does not charge by itself.`
    : `Stripe charges ${which}.`;
}

function ofAwaited(of: NextFacts): NextStep {
  return isSent(of)
    ? step(
        'renewal_invoice',
        null,
        'Stripe sends the invoice of the next period and does not charge by itself; access comes back when it is paid.',
      )
    : step('renewal', null, 'Stripe charges the next period; access comes back when it is paid.');
}

/** Without access; what is written off or void is nothing that the member could pay. */
function ofSuspended(of: NextFacts): NextStep | null {
  const { reason, openInvoice } = of;
  if (reason === 'trial_ended_without_card')
    return step(
      'payment_outcome',
      null,
      'Access comes back when the member has given a card and the membership is resumed.',
    );
  if (!COMES_BACK.includes(reason)) return null;
  return step(
    'payment_outcome',
    null,
    openInvoice === null
      ? 'Access comes back with the next payment.'
      : 'Access comes back when the open payment is made.',
  );
}

/** https://docs.stripe.com/disputes/how-disputes-work */
function ofDispute({ disputedAt, evidenceDueAt, verifiedAt }: NextFacts): NextStep {
  const since = disputedAt == null ? '' : ` It was opened on ${day(disputedAt)}.`;
  if (evidenceDueAt == null || evidenceDueAt <= verifiedAt)
    return step('dispute_outcome', null, `The bank decides about the dispute.${since}`);
  return step(
    'dispute_outcome',
    evidenceDueAt,
    `The bank decides about the dispute.${since} Stripe takes evidence until ${day(evidenceDueAt)}.`,
  );
}

const day = (at: Date) => isoTime(at).slice(0, 10);

function dueAt({ openInvoice }: NextFacts): Date | null {
  if (typeof openInvoice !== 'object' || openInvoice === null) return null;
  const { dueAt: at } = openInvoice as { dueAt?: unknown };
  return typeof at === 'number' ? toDate(at) : null;
}

/** A cancellation for a date so far ahead that renewals come before it: access lasts as long as they are paid. */
function isPaidBefore({ reason, cancelAt, paidThrough, verifiedAt }: NextFacts, until: Date | null): boolean {
  if (reason !== 'scheduled_to_cancel' || cancelAt === null || paidThrough === null || until === null)
    return false;
  // While collection is paused nothing is charged, and there is no leeway.
  return cancelAt > until && until > paidThrough && paidThrough > verifiedAt;
}

/** Whichever comes first: the end of the pause, or of what was paid. */
function ofPause(of: NextFacts): NextStep | null {
  const { status, paidThrough, pauseUntil } = of;
  const isOpen = status === 'active' && paidThrough !== null;
  if (isOpen && (pauseUntil === null || pauseUntil > paidThrough))
    return step('access_end', paidThrough, 'Access ends with what was paid, unless the pause ends first.');
  if (pauseUntil === null) return null;
  return step(
    'resumption',
    pauseUntil,
    isSent(of) ? 'The pause ends; Stripe sends invoices again.' : 'Stripe resumes collecting payments.',
  );
}
