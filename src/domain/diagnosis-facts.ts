import type { AccountFacts, ConnectionFacts } from './connection';
import type { Mode } from './mode';
import type { Seconds } from './time';
import type { EndpointFacts, WantedEndpoint } from './webhook-endpoints';

/** Stripe did not answer, or not in time. */
export type Unreachable = 'unreachable';

/** What Stripe says of the account at this moment. */
export type AccountNow = (AccountFacts & { platformControlled: boolean }) | 'gone' | Unreachable;

export interface SeenEvent {
  type: string;
  /** Seconds, UTC: when it arrived here. */
  at: Seconds;
}

export interface DiagnosisFacts {
  mode: Mode;
  /** Null: never tried. */
  connection: (ConnectionFacts & { accountId: string | null }) | null;
  /** Null: there is no account to ask about. */
  account: AccountNow | null;
  /** What Stripe Tax wants before it works out a tax. Null: it is not asked to, or there is no account to ask about. */
  taxMissing: string[] | Unreachable | null;
  /** Of the platform, in this mode. */
  endpoints: EndpointFacts[] | Unreachable;
  wanted: WantedEndpoint;
  lastEvent: { ofAccount: SeenEvent | null; ofAny: SeenEvent | null };
  /** Events of the account that Stripe has and that never arrived here. Null: there is no account to ask about. */
  undelivered: { count: number; newest: SeenEvent | null } | Unreachable | null;
  /** Events of the account that arrived and are not settled. */
  inbox: { late: number; parked: number };
  /** Of the account; null where it is not known. */
  defaultCurrency: string | null;
  /** Active prices in another currency. */
  foreignPrices: { name: string; currency: string }[];
  /** Whether mails go out, and of how many of the last days nobody knows whether they did. */
  mails?: { sends: boolean; unclear: number };
  /** Products with a price that is off sale because of what was done in the Stripe Dashboard. */
  offSale?: { name: string; why: string }[];
}
