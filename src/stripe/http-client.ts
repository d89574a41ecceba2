import Stripe from 'stripe';

/** What sends the requests of Stripe's client. */
export type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;

/** The account that a request is made on; empty: the platform's own. https://docs.stripe.com/connect/authentication */
export function accountOf([, , , , headers]: Parameters<HttpClient['makeRequest']>): string {
  return String((headers as Record<string, unknown>)['Stripe-Account'] ?? '');
}

type Answer = Awaited<ReturnType<HttpClient['makeRequest']>>;

/**
 * What Stripe answers to one call too many, said by us before it is made. https://docs.stripe.com/rate-limits
 * @param retryAfter seconds after which it may be tried again, if that is known
 */
export const refusedHere = (message: string, retryAfter?: number): Answer =>
  new Refused(message, retryAfter) as unknown as Answer;

class Refused extends Stripe.HttpClientResponse {
  constructor(
    private readonly message: string,
    retryAfter?: number,
  ) {
    super(429, retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) });
  }

  override toJSON(): unknown {
    return Promise.resolve({
      error: { type: 'invalid_request_error', code: 'rate_limit', message: this.message },
    });
  }
}
