import { Webhook } from 'standardwebhooks';
import { newToken } from '../domain/ids';

/** A new secret as the specification writes them: 256 random bits behind `whsec_`. */
export const newWebhookSecret = () => `whsec_${Buffer.from(newToken(), 'base64url').toString('base64')}`;

/**
 * The headers of a message. Each secret that is valid signs, so that a receiver may know either while it is given the new
 * one. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signedHeaders(
  secrets: readonly string[],
  { id, at, body }: { id: string; at: Date; body: string },
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'Session-Payments/1 (webhooks)',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}
