import { setTimeout as delay } from 'node:timers/promises';
import type { Mode } from '../domain/mode';
import { LONGEST_WAIT_SECONDS, type StripeLane } from '../domain/stripe-allowance';
import { accountOf, type HttpClient, refusedHere } from './http-client';

/** A call that is about to be made. */
export interface Call {
  mode: Mode;
  /** Empty: the platform's own account. */
  accountId: string;
  lane: StripeLane;
}

/** Seconds until a call may be made; null: it would have to wait too long, and is to be tried later. */
export type TakeTurn = (call: Call) => Promise<number | null>;

export interface Pace {
  takeTurn: TakeTurn;
  /** Told why nobody can say whose turn it is: then Stripe's own limit is the only one. */
  onTrouble: (error: unknown) => void;
}

/** What is told of each call: whose it is, and the seconds that it waited; null: it was not made. */
export interface Turns {
  turn: [of: { mode: Mode; lane: StripeLane }, seconds: number | null];
}

/**
 * Lets calls to Stripe wait for their turn, so that Stripe need not refuse them: what it refuses counts as well, and buyers are
 * refused with the rest. A call that would wait too long is answered as Stripe answers one too many, and is tried
 * again by whoever made it. https://docs.stripe.com/rate-limits
 */
export function pacedHttpClient(
  client: HttpClient,
  mode: Mode,
  laneOf: () => StripeLane,
  pace: Pace,
  tell: (...turn: Turns['turn']) => void,
): HttpClient {
  const send = client.makeRequest.bind(client);
  client.makeRequest = async (...request: Parameters<HttpClient['makeRequest']>) => {
    const accountId = accountOf(request);
    const lane = laneOf();
    let wait: number | null = 0;
    try {
      wait = await pace.takeTurn({ mode, accountId, lane });
    } catch (error) {
      pace.onTrouble(error);
    }
    tell({ mode, lane }, wait);
    if (wait === null)
      return refusedHere(
        'The calls to Stripe on this account are spoken for; it is tried again.',
        LONGEST_WAIT_SECONDS,
      );
    if (wait > 0) await delay(wait * 1000);
    return send(...request);
  };
  return client;
}
