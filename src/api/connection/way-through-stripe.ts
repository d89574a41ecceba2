import type { Request } from 'express';
import type { Connection } from '../../db/generated/client';

/** What a browser brings back from Stripe. */
export type ReturnFromStripe =
  /** The coach has been there; `data` is what the row keeps of it. */
  | { kind: 'back'; data: Partial<Pick<Connection, 'encryptedCode'>> }
  /** The coach or Stripe said no. `error` is Stripe's word for it. */
  | { kind: 'denied'; error: string }
  /** Nothing that Stripe would send. */
  | { kind: 'unknown' };

/** One of the ways through Stripe, from our link to our callback. Everything else is the same for all. */
export interface WayThroughStripe {
  /** Where the browser goes. `state` comes back with it. Throws when Stripe has to be asked and does not answer. */
  addressAtStripe(row: Connection, state: string): Promise<URL>;
  readReturn(row: Connection, query: Request['query']): ReturnFromStripe;
}
