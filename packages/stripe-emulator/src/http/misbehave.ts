import type { Response } from 'express';
import { commonHeaders, respond, type Answer } from './answer';
import { StripeError } from './errors';
import type { Fault } from './faults';

/** Faults that Stripe itself would answer with, and so remember for the idempotency key. */
export function isStored(fault: Fault): boolean {
  return fault.kind === 'bare500' || (fault.kind === 'status' && (fault.status ?? 500) >= 500);
}

/** The status of a fault's answer; 0 where there is none. */
export function faultStatus(fault: Fault): number {
  if (fault.kind === 'rate_limit') return 429;
  if (fault.kind === 'html502') return 502;
  if (fault.kind === 'bare500') return 500;
  return fault.kind === 'status' ? (fault.status ?? 500) : 0;
}

/** The answer of the kinds `status`, `rate_limit` and `bare500`. */
export function faultAnswer(fault: Fault): Answer {
  if (fault.kind === 'bare500') return { status: 500, body: { message: 'Internal server error' } };
  const status = fault.kind === 'rate_limit' ? 429 : (fault.status ?? 500);
  const code = fault.code ?? (status === 429 ? 'rate_limit' : undefined);
  const type = status >= 500 ? 'api_error' : status === 402 ? 'card_error' : 'invalid_request_error';
  const message =
    status === 429
      ? 'Request rate limit exceeded. Learn more about rate limits at https://docs.stripe.com/rate-limits.'
      : (fault.message ?? 'An error injected by a fault rule of the emulator.');
  return { status, body: new StripeError(status, type, message, code ? { code } : {}).body() };
}

/** Answers (or does not) as the fault says. `answer` is what the request would have got; absent before the effect. */
export async function misbehave(
  response: Response,
  fault: Fault,
  requestId: string,
  answer: Answer | undefined,
): Promise<void> {
  if (fault.shouldRetry !== undefined) response.setHeader('Stripe-Should-Retry', String(fault.shouldRetry));
  switch (fault.kind) {
    case 'status':
    case 'rate_limit':
    case 'bare500':
      respond(response, faultAnswer(fault), requestId);
      return;
    case 'html502':
      response
        .status(502)
        .type('html')
        .send(
          '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
        );
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'truncate': {
      const body = JSON.stringify(answer?.body ?? { object: 'truncated', id: 'truncated' }, null, 2);
      response.status(answer?.status ?? 200);
      commonHeaders(response, requestId);
      response.setHeader('Content-Length', Buffer.byteLength(body));
      response.write(body.slice(0, Math.floor(body.length / 2)));
      await new Promise((resolve) => setTimeout(resolve, 20));
      response.socket?.destroy();
      return;
    }
    case 'hang':
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, fault.hangMs ?? 30_000);
        response.on('close', () => {
          clearTimeout(timer);
          resolve(undefined);
        });
      });
      response.socket?.destroy();
  }
}
