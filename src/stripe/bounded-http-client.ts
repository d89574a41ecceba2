import { setTimeout as delay } from 'node:timers/promises';
import type { StripeLane } from '../domain/stripe-allowance';
import { accountOf, type HttpClient, refusedHere } from './http-client';

/** Calls that a process has under way on one account, for people and for what nobody waits for each. */
const AT_ONCE = 30;
/** Milliseconds for which the oldest of them may be under way before the account counts as slow. */
const SLOW_MS = 5000;
/** Milliseconds between two looks at that, by those who wait. */
const LOOK_EVERY_MS = 250;

/**
 * Keeps an account that answers slowly from taking everything that a process can do at once: one call too many waits while
 * the account answers, and is refused at once, as Stripe refuses one too many, while it does not. Whoever made it tries
 * again later and later (docs/decisions/0082-places-for-looks.md).
 */
export function boundedHttpClient(
  client: HttpClient,
  laneOf: () => StripeLane,
  most = { atOnce: AT_ONCE, slowMs: SLOW_MS },
): HttpClient {
  const send = client.makeRequest.bind(client);
  const lanes = new Map<string, CallsUnderWay>();
  client.makeRequest = async (...request: Parameters<HttpClient['makeRequest']>) => {
    const key = `${laneOf()}/${accountOf(request)}`;
    const calls = lanes.get(key) ?? new CallsUnderWay(most);
    lanes.set(key, calls);
    const end = await calls.begin();
    if (end === null) return refusedHere('This account answers slowly; it is tried again later.');
    try {
      return await send(...request);
    } finally {
      end();
      if (calls.isIdle()) lanes.delete(key);
    }
  };
  return client;
}

class CallsUnderWay {
  /** When each began, the oldest first. */
  private readonly begun = new Map<symbol, number>();
  private waiting: (() => void)[] = [];
  /** How many are in `begin`. Of `waiting`, those who look by themselves are not taken out. */
  private beginning = 0;

  constructor(private readonly most: { atOnce: number; slowMs: number }) {}

  /** Waits for a place. Answers how to give it back; null: there is none, and the account is slow. */
  async begin(): Promise<(() => void) | null> {
    this.beginning += 1;
    try {
      while (this.begun.size >= this.most.atOnce) {
        if (this.isSlow()) return null;
        await Promise.race([
          new Promise<void>((resolve) => this.waiting.push(resolve)),
          delay(LOOK_EVERY_MS),
        ]);
      }
    } finally {
      this.beginning -= 1;
    }
    const call = Symbol();
    this.begun.set(call, performance.now());
    return () => {
      this.begun.delete(call);
      for (const go of this.waiting.splice(0)) go();
    };
  }

  /** Nothing is under way, and nobody waits for a place. */
  isIdle(): boolean {
    return this.begun.size === 0 && this.beginning === 0;
  }

  private isSlow(): boolean {
    const [oldest = Infinity] = this.begun.values();
    return performance.now() - oldest > this.most.slowMs;
  }
}
