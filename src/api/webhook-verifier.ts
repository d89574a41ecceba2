import Stripe from 'stripe';
import type { WebhookSecret } from '../config/config';
import { type FailureCode, Refusal } from '../domain/failure';
import { type Mode, modeOf } from '../domain/mode';
import type { Seconds } from '../domain/time';

/** Seconds that a signature's time may be off, in either direction. */
const TOLERANCE = 300;

/** What the inbox keeps of an event. */
export interface VerifiedEvent {
  mode: Mode;
  eventId: string;
  accountId: string | null;
  type: string;
  objectId: string | null;
  created: Seconds;
  payload: JsonObject;
}

type Json = string | number | boolean | null | Json[] | JsonObject;

interface JsonObject {
  [key: string]: Json;
}

const refuse = (code: FailureCode, detail: string): never => {
  throw new Refusal(code, detail);
};

/**
 * Checks that a delivery is an event of Stripe for us: the signature over the raw body by one of our secrets, its age,
 * and that the event is of that secret's scope and mode. https://docs.stripe.com/webhooks#verify-manually
 * @param now seconds, UTC, the system's clock: signatures never follow a moved clock.
 * @throws Refusal `webhook_signature_invalid`, `webhook_body_invalid` or `webhook_scope_invalid`.
 */
export function verifyWebhook(
  body: Buffer,
  signature: string | undefined,
  secrets: readonly WebhookSecret[],
  modes: readonly Mode[],
  now: Seconds,
): VerifiedEvent {
  if (signature === undefined || signature === '')
    return refuse('webhook_signature_invalid', 'The delivery carries no signature.');
  const signedAt = Number(/(?:^|,)t=(\d{1,12})(?:,|$)/.exec(signature)?.[1]);
  // The client takes times far ahead of us, so that a stolen signature would never grow old.
  if (!(Math.abs(now - signedAt) <= TOLERANCE))
    return refuse('webhook_signature_invalid', "The signature's time is more than five minutes off.");

  const signers = secrets.filter(({ secret }) => isSignedBy(body, signature, secret, now));
  if (signers.length === 0)
    return refuse('webhook_signature_invalid', 'No secret of ours made the signature.');

  const event = readEvent(body);
  if (!signers.some((signer) => mayCarry(signer, event)))
    return refuse(
      'webhook_scope_invalid',
      `An event like this is not for the endpoint of the secret that signed it.`,
    );
  if (!modes.includes(event.mode))
    return refuse('webhook_scope_invalid', `Payments in ${event.mode} mode are switched off here.`);
  return event;
}

function isSignedBy(body: Buffer, signature: string, secret: string, now: Seconds): boolean {
  try {
    Stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE, undefined, now * 1000);
    return true;
  } catch {
    return false;
  }
}

/**
 * A connect secret carries events of connected accounts, a platform secret our own account's. A test secret carries
 * test events only; a live Connect endpoint gets test events too. https://docs.stripe.com/connect/webhooks
 */
function mayCarry(signer: WebhookSecret, event: VerifiedEvent): boolean {
  if ((signer.scope === 'connect') !== (event.accountId !== null)) return false;
  return event.mode === signer.mode || (signer.mode === 'live' && signer.scope === 'connect');
}

function readEvent(body: Buffer): VerifiedEvent {
  const event = parse(body);
  const { id, object, type, created, livemode, account, data } = event;
  const about = isObject(data) ? data.object : undefined;
  if (
    object !== 'event' ||
    typeof id !== 'string' ||
    !/^evt_\w{1,250}$/.test(id) ||
    typeof type !== 'string' ||
    typeof created !== 'number' ||
    !Number.isSafeInteger(created) ||
    typeof livemode !== 'boolean' ||
    !(account === undefined || account === null || typeof account === 'string') ||
    !isObject(about)
  )
    return refuse('webhook_body_invalid', 'The body is not an event of Stripe.');
  return {
    mode: modeOf(livemode),
    eventId: id,
    accountId: account ?? null,
    type,
    objectId: typeof about.id === 'string' ? about.id : null,
    created,
    payload: event,
  };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(body: Buffer): JsonObject {
  let value: Json;
  try {
    value = storable(JSON.parse(body.toString('utf8')) as Json);
  } catch {
    return refuse('webhook_body_invalid', 'The body is not valid JSON.');
  }
  return isObject(value) ? value : refuse('webhook_body_invalid', 'The body is not a JSON object.');
}

/** Postgres stores neither NUL nor half a surrogate pair, and whoever pays may type both: an event is never lost to that. */
function storable(value: Json): Json {
  if (typeof value === 'string')
    return value.replaceAll('\u0000', '').replaceAll(/\p{Surrogate}/gu, '\ufffd');
  if (Array.isArray(value)) return value.map(storable);
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [storable(key) as string, storable(entry)]),
    );
  return value;
}
