import type { Mode } from '../domain/mode';

/** One account in one mode. */
export interface AccountRef {
  mode: Mode;
  accountId: string;
  coachId: string;
}

/** What one look at an account repaired. */
export interface AccountRepair {
  /** Events of the resolver table that Stripe lists and the inbox lacked. */
  eventsRecovered: number;
  /** Memberships that are looked at again because of it. */
  membershipsWoken: number;
  /** Memberships that were held against Stripe's list of subscriptions, once a day, and those of them that differ. */
  membershipsCompared: number;
  membershipsDiffering: number;
}

/** A look at an account that is in order. */
export const NOTHING_REPAIRED: AccountRepair = {
  eventsRecovered: 0,
  membershipsWoken: 0,
  membershipsCompared: 0,
  membershipsDiffering: 0,
};
