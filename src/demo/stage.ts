import type { Mode } from '@session/sdk';
import type { Business, Offer } from './business';
import type { Narrator } from './narrator';

/** What the chapters of a mode share. */
export interface Stage {
  narrator: Narrator;
  mode: Mode;
  /** The coach whom the story follows. */
  ana: Business;
  /** Another coach, whose Stripe account never delivers a webhook. */
  ben: Business;
}

/** What Ana sells. */
export interface Offers {
  programme: Offer;
  circle: Offer;
}

export const DAY = 86_400;
export const HOUR = 3600;

/** ISO 8601 to seconds, UTC. */
export function secondsOf(iso: string | null): number {
  return iso === null ? NaN : Math.floor(Date.parse(iso) / 1000);
}
