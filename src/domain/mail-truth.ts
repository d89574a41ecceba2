import type { MailKind, MailReason } from './mails';
import { termsOfMail } from './mails';
import type { Seconds } from './time';

/** What is known of a mail's subject when its turn has come. */
export interface MailFacts {
  /** Whether this kind is switched off by the coach, or was not chosen where it has to be. */
  isOff: boolean;
  /** Whether there is an address to send it to. */
  hasAddress: boolean;
  /** What is known against the address. */
  suppressed: { bounced: boolean; unsubscribed: boolean };
  /** The member was erased. */
  isErased: boolean;
  /** Another mail of this kind about the same thing was written later. */
  isSuperseded: boolean;
  /** The date that it speaks of, or the link in it, is past. */
  isTooLate: boolean;
  /** The date that it speaks of; null: it speaks of none. */
  date: Seconds | null;
  /** That date as it is now: of a trial, a period or access; null: there is none any more. */
  dateNow: Seconds | null;
  /** A receiver, an account, a dispute, a withdrawal or an event that it is about is still as bad as it says; true where it is about none. */
  isStillSo: boolean;
  /** The purchase that it is about, as it is now; null: it is about none. */
  membership: { status: string; openInvoiceId: string | null; isCancelled: boolean } | null;
  /** The invoice that it is about; null: it is about none. */
  invoiceId: string | null;
  /** Why nobody is reminded of the purchase that was left unfinished (src/domain/reminder.ts); null: nothing is in the way. */
  leftOver: MailReason | null;
  /** Whether the member has access to the product that it is about, now. */
  hasAccess: boolean;
  /** Whether they have none yet, and it begins on a date. */
  beginsLater: boolean;
}

/** What becomes of a mail whose turn has come. */
export type MailDecision =
  { status: 'send' } | { status: 'stale'; reason: MailReason } | { status: 'suppressed'; reason: MailReason };

const SEND: MailDecision = { status: 'send' };
const stale = (reason: MailReason): MailDecision => ({ status: 'stale', reason });
const suppressed = (reason: MailReason): MailDecision => ({ status: 'suppressed', reason });

/** Whether a mail is still to be sent: first whether anybody wants it, then whether it is still true. */
export function decideMail(kind: MailKind, facts: MailFacts): MailDecision {
  const { needed, asked } = termsOfMail(kind);
  if (facts.isErased) return suppressed('erased');
  if (facts.isOff && asked !== true) return suppressed('switched_off');
  if (!facts.hasAddress) return suppressed('no_address');
  if (facts.suppressed.bounced && asked !== true) return suppressed('bounced');
  if (facts.suppressed.unsubscribed && !needed) return suppressed('unsubscribed');
  if (facts.isTooLate) return stale('too_late');
  if (facts.isSuperseded) return stale('superseded');
  return truthOf(kind, facts);
}

function truthOf(kind: MailKind, facts: MailFacts): MailDecision {
  switch (kind) {
    case 'bought':
      return facts.hasAccess || facts.beginsLater ? SEND : stale('over');
    case 'access_begins':
    case 'gift':
      return facts.hasAccess ? SEND : stale('over');
    case 'renewal_failed':
    case 'payment_failed': {
      const { membership, invoiceId } = facts;
      if (membership === null) return stale('gone');
      if (membership.status === 'ended') return stale('over');
      return membership.openInvoiceId === invoiceId ? SEND : stale('recovered');
    }
    case 'checkout_left':
      return facts.leftOver === null ? SEND : stale(facts.leftOver);
    case 'access_ended':
      return facts.hasAccess ? stale('has_access') : SEND;
    case 'trial_ends_soon':
      return goesOn(facts, 'trialing') ? SEND : stale('over');
    case 'renewal_soon':
      return goesOn(facts, 'active') ? SEND : stale('over');
    case 'card_expires':
      // Also of a charge that has failed: the next try is of the same card.
      return ['active', 'trialing', 'past_due'].some((status) => goesOn(facts, status))
        ? SEND
        : stale('over');
    case 'access_ends_soon':
      if (!facts.hasAccess || facts.dateNow !== facts.date) return stale('over');
      // What renews by itself does not end tomorrow.
      return ['active', 'trialing'].includes(facts.membership?.status ?? '') ? stale('over') : SEND;
    case 'recovered':
      return ['past_due', 'suspended', 'ended'].includes(facts.membership?.status ?? 'ended')
        ? stale('over')
        : SEND;
    case 'cancellation_noted':
      return facts.membership?.isCancelled === true ? SEND : stale('over');
    case 'dispute':
    case 'account_restricted':
    case 'endpoint_off':
    case 'withdrawal_waits':
    case 'event_parked':
      return facts.isStillSo ? SEND : stale('over');
    case 'refunded':
    case 'sale':
    case 'sales_of_the_day':
    case 'withdrawal_in':
    case 'sign_in_link':
    case 'invited':
    case 'console_sign_in_link':
    case 'withdrawal_received':
    case 'withdrawal_done':
      return SEND;
  }
}

/** The next charge comes as it was said: nobody has cancelled, and the date is the same. */
const goesOn = ({ membership, date, dateNow }: MailFacts, status: string): boolean =>
  membership?.status === status && !membership.isCancelled && date === dateNow;
