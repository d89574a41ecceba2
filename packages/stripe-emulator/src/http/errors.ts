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

/** 404 of an object named in the path, 400 of one named in a parameter: `resource_missing`. */
export function resourceMissing(
  type: string,
  id: string,
  param = 'id',
  status = param === 'id' ? 404 : 400,
): StripeError {
  const name = NAMES[type] ?? type.replace(/_/g, ' ');
  return new StripeError(status, 'invalid_request_error', `No such ${name}: '${id}'`, {
    code: 'resource_missing',
    param,
  });
}

const NAMES: Record<string, string> = {
  'checkout.session': 'checkout.session',
  payment_method: 'PaymentMethod',
  payment_intent: 'payment_intent',
  webhook_endpoint: 'webhook endpoint',
};
