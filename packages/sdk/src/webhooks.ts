import { fromBase64, hmacKey, toBase64, utf8 } from './bytes.ts';
import type { EventNow } from './types.ts';

/** A message as it was posted: what has happened, and how things are now. */
export interface WebhookMessage {
  type: EventNow['type'];
  /** When it happened. */
  timestamp: string;
  data: EventNow;
}

/** Why a message is refused. */
export type WebhookFault =
  'missing_header' | 'timestamp_invalid' | 'too_old' | 'too_new' | 'no_matching_signature' | 'not_json';

/** The message is not one that was sent to this endpoint a moment ago. Answer 400, and do nothing. */
export class WebhookVerificationError extends Error {
  constructor(
    readonly reason: WebhookFault,
    message: string,
  ) {
    super(message);
    this.name = 'WebhookVerificationError';
  }
}

export type WebhookHeaders = Headers | Record<string, string | readonly string[] | undefined>;

export interface WebhookRequest {
  /** The body as it came, byte for byte: never parsed and written again. */
  body: string | Uint8Array | ArrayBuffer;
  headers: WebhookHeaders;
  /** `whsec_…`; while one is replaced, both. One that fits is enough. */
  secret: string | readonly string[];
  /** Seconds that a message may be old, or ahead. Default 300, as the specification advises. */
  toleranceSeconds?: number | undefined;
  /** Seconds, UTC; the clock unless told. */
  now?: number | undefined;
}

const TOLERANCE_SECONDS = 300;
const PREFIX = 'whsec_';

/**
 * The message, if its signature is right and it is not old. By Standard Webhooks, with the runtime's own WebCrypto.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @throws WebhookVerificationError for anything else
 */
export async function verifyWebhook(request: WebhookRequest): Promise<WebhookMessage> {
  const body = bytesOf(request.body);
  const id = headerOf(request.headers, 'webhook-id');
  const timestamp = headerOf(request.headers, 'webhook-timestamp');
  const signatures = headerOf(request.headers, 'webhook-signature');
  const fault = timestampFault(
    timestamp,
    request.now ?? Math.floor(Date.now() / 1000),
    request.toleranceSeconds ?? TOLERANCE_SECONDS,
  );
  if (fault !== null) throw new WebhookVerificationError(...fault);

  const signed = contentOf(id, timestamp, body);
  const secrets = typeof request.secret === 'string' ? [request.secret] : request.secret;
  const keys = await Promise.all(secrets.map(keyOf));
  for (const signature of signaturesIn(signatures))
    for (const key of keys)
      // Compared in constant time by the runtime.
      if (await crypto.subtle.verify('HMAC', key, signature, signed)) return messageOf(body);
  throw new WebhookVerificationError(
    'no_matching_signature',
    "No signature fits: is it this endpoint's secret, and the body as it came?",
  );
}

/**
 * The headers of a message, as Session signs it: to try a receiver by.
 * @param at seconds, UTC
 */
export async function signWebhook(message: {
  id: string;
  body: string;
  secret: string;
  at?: number | undefined;
}): Promise<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const timestamp = String(message.at ?? Math.floor(Date.now() / 1000));
  const content = contentOf(message.id, timestamp, utf8(message.body));
  const signature = await crypto.subtle.sign('HMAC', await keyOf(message.secret), content);
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${toBase64(new Uint8Array(signature))}`,
  };
}

function bytesOf(body: WebhookRequest['body']): Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return utf8(body);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body);
  throw new TypeError(
    'The body of a webhook is verified as it came: give the raw text or bytes, not what a framework has parsed.',
  );
}

/** @throws WebhookVerificationError where there is none */
function headerOf(headers: WebhookHeaders, name: string): string {
  const value =
    headers instanceof Headers
      ? headers.get(name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const text = typeof value === 'string' ? value : value?.[0];
  if (text === undefined || text === '')
    throw new WebhookVerificationError('missing_header', `The header ${name} is missing.`);
  return text;
}

function timestampFault(timestamp: string, now: number, tolerance: number): [WebhookFault, string] | null {
  if (!/^\d{1,12}$/.test(timestamp))
    return ['timestamp_invalid', 'The header webhook-timestamp is no time in seconds.'];
  const age = now - Number(timestamp);
  if (age > tolerance) return ['too_old', `The message is older than ${tolerance} seconds.`];
  if (age < -tolerance) return ['too_new', `The message is more than ${tolerance} seconds ahead.`];
  return null;
}

/** What is signed: id, time and body, with points between. */
function contentOf(id: string, timestamp: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = utf8(`${id}.${timestamp}.`);
  const content = new Uint8Array(head.length + body.length);
  content.set(head);
  content.set(body, head.length);
  return content;
}

/** @throws TypeError for a secret that is none: that is a mistake in the configuration, not in the message */
async function keyOf(secret: string): Promise<CryptoKey> {
  const bytes = fromBase64(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret);
  if (bytes === null || bytes.length === 0)
    throw new TypeError('The secret of a webhook endpoint is whsec_ and base64.');
  return hmacKey(bytes);
}

/** Those of the header that are of version 1; several while a secret is replaced. */
function* signaturesIn(header: string): Generator<Uint8Array<ArrayBuffer>> {
  for (const each of header.split(' ')) {
    const [version, text = ''] = each.split(',');
    const signature = version === 'v1' ? fromBase64(text) : null;
    if (signature !== null) yield signature;
  }
}

function messageOf(body: Uint8Array): WebhookMessage {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as WebhookMessage;
  } catch {
    throw new WebhookVerificationError('not_json', 'The signature is right, but the body is no JSON.');
  }
}
