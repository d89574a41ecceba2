import { createHmac } from 'node:crypto';

/**
 * The Stripe-Signature header: https://docs.stripe.com/webhooks#verify-manually. The timestamp (Unix seconds) is the
 * system's, whatever the accounts' clocks say.
 */
export function signatureHeader(payload: string, secrets: string[], timestamp: number): string {
  const signed = `${timestamp}.${payload}`;
  const parts = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(signed, 'utf8').digest('hex')}`,
  );
  return [`t=${timestamp}`, ...parts].join(',');
}
