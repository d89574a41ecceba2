import { createHash } from 'node:crypto';
import type { Database } from '../store/database';
import type { JsonObject } from '../json';
import { StripeError } from './errors';

/** A remembered answer. */
export interface StoredAnswer {
  fingerprint: string;
  status: number;
  body: unknown;
  requestId: string;
  /** System time, milliseconds. */
  at: number;
}

/** Stripe forgets keys after at least 24 hours: https://docs.stripe.com/api/idempotent_requests */
const LIFETIME_MS = 24 * 3600 * 1000;

/** Answers by idempotency key, per account and mode; 500s are remembered like any other answer. */
export class IdempotencyStore {
  private readonly underWay = new Set<string>();

  constructor(private readonly db: Database) {}

  /**
   * The answer to repeat, if this key was used with these parameters before. A key used with other parameters is refused
   * with 400, one whose first request is still running with 409.
   */
  recall(scope: string, key: string, fingerprint: string): StoredAnswer | undefined {
    if (key.length > 255) {
      throw refusal(
        400,
        `Keys for idempotent requests can only be 255 characters long. Yours has ${key.length}.`,
      );
    }
    // Stripe gives a concurrent use the type of any other bad request, and a code of its own.
    if (this.underWay.has(`${scope} ${key}`)) {
      const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`;
      throw new StripeError(
        409,
        'invalid_request_error',
        message,
        { code: 'idempotency_key_in_use' },
        false,
        true,
      );
    }
    const stored = this.db.get<StoredAnswer>(table(scope), key);
    if (!stored || Date.now() - stored.at > LIFETIME_MS) return undefined;
    if (stored.fingerprint !== fingerprint) {
      const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`;
      throw refusal(400, message);
    }
    return stored;
  }

  begin(scope: string, key: string): void {
    this.underWay.add(`${scope} ${key}`);
  }

  end(scope: string, key: string): void {
    this.underWay.delete(`${scope} ${key}`);
  }

  remember(scope: string, key: string, answer: StoredAnswer): void {
    this.db.put(table(scope), key, answer);
    this.forgetOld(table(scope), answer.at - LIFETIME_MS);
  }

  /** Answers are filed in the order of time: the oldest come first. */
  private forgetOld(name: string, before: number): void {
    for (const [key, answer] of this.db.table<StoredAnswer>(name)) {
      if (answer.at >= before) return;
      this.db.delete(name, key);
    }
  }
}

/** What two requests must share to count as the same one. */
export function fingerprintOf(method: string, path: string, params: JsonObject): string {
  return createHash('sha256')
    .update(JSON.stringify([method, path, sorted(params)]))
    .digest('base64');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, sorted(inner)]),
    );
  }
  return value;
}

function table(scope: string): string {
  return `${scope}/idempotency`;
}

function refusal(status: number, message: string): StripeError {
  return new StripeError(status, 'idempotency_error', message, {}, false, true);
}
