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

const NEVER_RETRIED = new Set([
  'StripeCardError',
  'StripeInvalidRequestError',
  'StripeAuthenticationError',
  'StripePermissionError',
  'StripeIdempotencyError',
  'StripeInvalidGrantError',
]);

/**
 * The account cannot be read any more: it was deauthorized, or never was ours. Nothing but this code says so: a 403 for
 * a missing permission or a rolled key of the platform must not end every coach's connection.
 */
export function isAccountInvalid(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && error.code === 'account_invalid';
}

/** The object does not exist (any more) on this account and in this mode. */
export function isMissing(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && error.code === 'resource_missing';
}

/** Stripe understood the request and said no to it, for the state that the object is in: a 400. */
export function isRefused(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode === 400;
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
 * Maps an error of the Stripe client once, for all activities: card, invalid request, authentication, permission,
 * idempotency and `account_invalid` errors are final; a rate limit is retried after Stripe's own delay; connection
 * errors, 409 and 5xx are retried. https://docs.stripe.com/error-handling
 * Anything that is not Stripe's error is passed back as it is.
 */
export function toActivityFailure(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const details = stripeErrorDetails(error);
  const conflict = error.statusCode === 409;
  const final = (NEVER_RETRIED.has(error.type) || isAccountInvalid(error)) && !conflict;
  const retryAfter = Number(error.headers?.['retry-after']);
  return ApplicationFailure.create({
    message: `Stripe: ${details.stripeType} ${details.code ?? details.statusCode ?? ''}`.trim(),
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
