import type { Response } from 'express';
import { API_VERSION } from '../objects/event';

/** What a request gets. */
export interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** Sends an answer as Stripe formats it. */
export function respond(response: Response, answer: Answer, requestId: string): void {
  response.status(answer.status);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  commonHeaders(response, requestId);
  response.end(JSON.stringify(answer.body, null, 2));
}

/** The headers that every answer has. */
export function commonHeaders(response: Response, requestId: string): void {
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Request-Id', requestId);
  response.setHeader('Stripe-Version', API_VERSION);
}
