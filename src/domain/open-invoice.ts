import type { Seconds } from './time';

/** The invoice of a membership that waits for its payment, as `Membership.openInvoice` holds it. */
export interface OpenInvoice {
  id: string;
  /** Minor units, what is left to pay. */
  amountRemaining: number;
  /** ISO 4217, lower case. */
  currency: string;
  /** When it is to be paid, where an invoice is sent; null: charged by Stripe itself. */
  dueAt: Seconds | null;
  /** When Stripe tries to charge it next; null: it does not. */
  nextAttemptAt: Seconds | null;
  /** Stripe's page for it, on which the member can pay. */
  url: string | null;
}
