import { ApplicationFailure } from '@temporalio/common';
import Stripe from 'stripe';

/** What survives of a Stripe error into a failure's details, so that an operator can look it up at Stripe. */
export interface StripeErrorDetails {
  stripeType: string;
  code: string | null;
  declineCode: string | null;
  param: string | null;
  statusCode: number | null;
  requestId: string | null;
  /** Stripe answered from a stored answer to the same idempotency key. */
  replayed: boolean;
}

/**
 * What an error of Stripe's means for whoever met it.
 *
 * - `account_gone`: the link to the account was cut; nothing on it can be read
 * - `object_gone`: the object is not there (any more), on this account and in this mode
 * - `refused`: Stripe understood, and said no to this request; the same request gets the same no
 * - `needs_person`: nothing is wrong with the request; a key, a permission or a setting is, and a person mends it
 * - `retry`: nobody knows what became of it, or it is too early; the same request may be made again
 */
export type Meaning = 'account_gone' | 'object_gone' | 'refused' | 'needs_person' | 'retry';

/** By Stripe's `code`, where that says more than the type. https://docs.stripe.com/error-codes */
const BY_CODE: Readonly<Record<string, Meaning>> = {
  // A 403 for a missing permission or a rolled key of the platform must not end every coach's connection.
  account_invalid: 'account_gone',
  resource_missing: 'object_gone',
  api_key_expired: 'needs_person',
  platform_api_key_expired: 'needs_person',
  secret_key_required: 'needs_person',
  livemode_mismatch: 'needs_person',
  testmode_charges_only: 'needs_person',
  tls_version_unsupported: 'needs_person',
  rate_limit: 'retry',
  lock_timeout: 'retry',
  idempotency_key_in_use: 'retry',
};

/** By the type of the error. https://docs.stripe.com/error-handling and https://docs.stripe.com/connect/oauth-reference */
const BY_TYPE: Readonly<Record<string, Meaning>> = {
  StripeCardError: 'refused',
  StripeInvalidRequestError: 'refused',
  StripeIdempotencyError: 'refused',
  StripeInvalidGrantError: 'refused',
  StripeAuthenticationError: 'needs_person',
  StripePermissionError: 'needs_person',
  // Of OAuth: the client id is not that of the key's platform, or the account is not connected to it: see account.ts.
  StripeInvalidClientError: 'needs_person',
  StripeRateLimitError: 'retry',
  StripeConnectionError: 'retry',
  StripeAPIError: 'retry',
};

/** What an error means; null when it is none of Stripe's. */
export function meaningOf(error: unknown): Meaning | null {
  if (error instanceof NotAStripeObject) return 'retry';
  if (!(error instanceof Stripe.errors.StripeError)) return null;
  const byCode = error.code === undefined ? undefined : BY_CODE[error.code];
  if (byCode !== undefined) return byCode;
  // Two requests met: https://docs.stripe.com/rate-limits#object-lock-timeouts
  if (error.statusCode === 409) return 'retry';
  return BY_TYPE[error.type] ?? ((error.statusCode ?? 500) >= 500 ? 'retry' : 'refused');
}

/**
 * Which error it was, in words for an operator: Stripe's code, the parameter and Stripe's request id; never its message,
 * which may quote what a person typed.
 */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Stripe.errors.StripeError)) return error instanceof Error ? error.name : 'error';
  const { stripeType, code, statusCode, param, requestId } = stripeErrorDetails(error);
  const about = [param === null ? '' : `parameter ${param}`, requestId === null ? '' : `request ${requestId}`]
    .filter((part) => part !== '')
    .join(', ');
  return `${stripeType} ${code ?? statusCode ?? ''}`.trim() + (about === '' ? '' : ` (${about})`);
}

/** The account cannot be read any more: it was deauthorized, or never was ours. Nothing but its code says so. */
export function isAccountInvalid(error: unknown): boolean {
  return meaningOf(error) === 'account_gone';
}

/** The object does not exist (any more) on this account and in this mode. */
export function isMissing(error: unknown): boolean {
  return meaningOf(error) === 'object_gone';
}

/** Stripe understood the request and said no to it, for the state that the object is in: a 400. */
export function isRefused(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode === 400;
}

/** Stripe said no for the state that the object is in, or does not have it: the state may be the very one that was asked for. */
export function isFinalNo(error: unknown): boolean {
  const meaning = meaningOf(error);
  return meaning === 'refused' || meaning === 'object_gone';
}

/** What Stripe says no to for good, with its code; null: it may be tried again, or is none of Stripe's. */
export function finalRefusalOf(error: unknown): { code: string | null } | null {
  const meaning = meaningOf(error);
  if (meaning === null || meaning === 'retry') return null;
  return { code: error instanceof Stripe.errors.StripeError ? (error.code ?? null) : null };
}

/** The id is taken: by an object that is there, or by one that was deleted. https://docs.stripe.com/error-codes#resource-already-exists */
export function isExisting(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && error.code === 'resource_already_exists';
}

/** One key was used for two requests, as when an earlier version sent more under it. */
export function isKeyReused(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeIdempotencyError;
}

/** Codes, ids and Stripe's request id of an error; never its message, which may quote what a person typed. */
export function stripeErrorDetails(error: Stripe.errors.StripeError): StripeErrorDetails {
  return {
    stripeType: error.type,
    code: error.code ?? null,
    declineCode: error.decline_code ?? null,
    param: error.param ?? null,
    statusCode: error.statusCode ?? null,
    requestId: error.requestId ?? null,
    replayed: error.headers?.['idempotent-replayed'] === 'true',
  };
}

/**
 * Maps an error of the Stripe client once, for all activities: only what means `retry` is tried again, a rate limit
 * after Stripe's own delay. Anything that is not Stripe's error is passed back as it is.
 */
export function toActivityFailure(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const details = stripeErrorDetails(error);
  const final = meaningOf(error) !== 'retry';
  const retryAfter = Number(error.headers?.['retry-after']);
  return ApplicationFailure.create({
    message: `Stripe: ${wordsOf(error)}`,
    type: final ? 'stripe_refused' : 'stripe_unavailable',
    nonRetryable: final,
    details: [details],
    ...(error instanceof Stripe.errors.StripeRateLimitError && Number.isFinite(retryAfter) && retryAfter > 0
      ? { nextRetryDelay: retryAfter * 1000 }
      : {}),
  });
}

/**
 * Like {@link toActivityFailure} for a look that changes nothing: always retried. A rolled key or a lost permission is
 * mended by a person at Stripe, and the run that looks has to be there when it is.
 */
export function toLookFailure(error: unknown): unknown {
  const failure = toActivityFailure(error);
  if (!(failure instanceof ApplicationFailure) || failure.nonRetryable !== true) return failure;
  const { message, type, details } = failure;
  return ApplicationFailure.create({
    message,
    nonRetryable: false,
    details: details ?? [],
    ...(type == null ? {} : { type }),
  });
}

/** Thrown for an answer that the client took for success but that is none (a 500 whose body lacks `error`). */
export class NotAStripeObject extends Error {
  /** @param replayed Stripe answered from a stored answer to the same idempotency key. */
  constructor(
    message: string,
    readonly replayed: boolean,
  ) {
    super(message);
    this.name = 'NotAStripeObject';
  }
}

/**
 * Checks that an answer is the object that was asked for: the client resolves a 500 whose JSON has no `error`.
 * @throws NotAStripeObject which is retried like any other server error.
 */
export function expectObject<T extends { object: string }>(answer: T, object: T['object']): T {
  const given = answer as Partial<Stripe.Response<{ object: string; id?: string }>> | null;
  if (given?.object === object && (object === 'list' || typeof given.id === 'string')) return answer;
  throw new NotAStripeObject(
    `Stripe's answer is not a ${object}`,
    given?.lastResponse?.headers['idempotent-replayed'] === 'true',
  );
}
