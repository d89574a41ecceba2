import { setTimeout as delay } from 'node:timers/promises';
import Stripe from 'stripe';
import type { Mode } from '../domain/mode';
import { LONGEST_WAIT_SECONDS, type StripeLane } from '../domain/stripe-allowance';

export type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;

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
  /** Who waits for the call that is being made. */
  laneOf: () => StripeLane;
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
  pace: Pace,
  tell: (...turn: Turns['turn']) => void,
): HttpClient {
  const send = client.makeRequest.bind(client);
  client.makeRequest = async (...request: Parameters<HttpClient['makeRequest']>) => {
    const [, , , , headers] = request;
    const accountId = String((headers as Record<string, unknown>)['Stripe-Account'] ?? '');
    const lane = pace.laneOf();
    let wait: number | null = 0;
    try {
      wait = await pace.takeTurn({ mode, accountId, lane });
    } catch (error) {
      pace.onTrouble(error);
    }
    tell({ mode, lane }, wait);
    if (wait === null) return new TooMany() as unknown as Awaited<ReturnType<HttpClient['makeRequest']>>;
    if (wait > 0) await delay(wait * 1000);
    return send(...request);
  };
  return client;
}

/** What Stripe answers to one call too many, with when to come back. */
class TooMany extends Stripe.HttpClientResponse {
  constructor() {
    super(429, { 'retry-after': String(LONGEST_WAIT_SECONDS) });
  }

  override toJSON(): unknown {
    const message = 'The calls to Stripe on this account are spoken for; it is tried again.';
    return Promise.resolve({ error: { type: 'invalid_request_error', code: 'rate_limit', message } });
  }
}
