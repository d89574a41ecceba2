import type { JsonObject } from '../json';

/** The `type` of a Stripe error object: https://docs.stripe.com/api/errors */
export type ErrorType = 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';

export interface ErrorFields {
  code?: string;
  param?: string;
  decline_code?: string;
  charge?: string;
  payment_intent?: JsonObject;
  payment_method?: JsonObject;
  setup_intent?: JsonObject;
  advice_code?: string;
}

/** A refusal in Stripe's shape. Thrown anywhere below a request; the request's changes are undone unless `keepEffects`. */
export class StripeError extends Error {
  constructor(
    readonly status: number,
    readonly type: ErrorType,
    message: string,
    readonly fields: ErrorFields = {},
    /** A declined card leaves its charge and events behind. */
    readonly keepEffects = false,
    /** Errors raised before the endpoint began are not remembered for an idempotency key. */
    readonly beforeExecution = false,
  ) {
    super(message);
    this.name = 'StripeError';
  }

  /** The JSON body that Stripe would send. */
  body(): { error: JsonObject } {
    const error: JsonObject = { ...this.fields };
    if (this.fields.code)
      error.doc_url = `https://docs.stripe.com/error-codes/${this.fields.code.replace(/_/g, '-')}`;
    error.message = this.message;
    error.type = this.type;
    return { error };
  }
}

/** 400 with an optional code and parameter. */
export function invalidRequest(message: string, param?: string, code?: string): StripeError {
  return new StripeError(400, 'invalid_request_error', message, {
    ...(code ? { code } : {}),
    ...(param ? { param } : {}),
  });
}

/**
 * `resource_missing`: 400 for an object that a parameter names, 404 for one that the path names (`atPath`).
 * https://docs.stripe.com/error-codes#resource-missing
 */
export class ResourceMissing extends StripeError {
  constructor(
    readonly id: string,
    message: string,
    param: string,
    status: 400 | 404,
  ) {
    super(status, 'invalid_request_error', message, { code: 'resource_missing', param });
  }

  /** The error as it is where these are the values of the path. */
  atPath(values: string[]): ResourceMissing {
    const { id, message, fields } = this;
    return values.includes(id) ? new ResourceMissing(id, message, fields.param ?? 'id', 404) : this;
  }
}

/** An object that there is not. `id` as the parameter stands for the path. */
export function resourceMissing(type: string, id: string, param = 'id'): ResourceMissing {
  const name = NAMES[type] ?? type.replace(/_/g, ' ');
  return new ResourceMissing(id, `No such ${name}: '${id}'`, param, param === 'id' ? 404 : 400);
}

const NAMES: Record<string, string> = {
  'checkout.session': 'checkout.session',
  payment_method: 'PaymentMethod',
  payment_intent: 'payment_intent',
  webhook_endpoint: 'webhook endpoint',
};
