import Stripe from 'stripe';
import type { WebhookSecret } from '../../config/config';
import { type FailureCode, Refusal } from '../../domain/failure';
import { type Mode, modeOf } from '../../domain/mode';
import { type Json, type JsonObject, storable } from '../../domain/storable-json';
import type { Seconds } from '../../domain/time';
import { THIN_EVENT } from '../../stripe/event-shapes';

/** Seconds that a signature's time may be off, in either direction. */
const TOLERANCE = 300;
/** The last second of the year 9999: what comes later is no time that can be stored and shown. */
const LATEST: Seconds = 253_402_300_799;

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

function verifyHeader(...args: Parameters<Stripe.Signature['verifyHeader']>): boolean {
  return Stripe.webhooks.signature?.verifyHeader(...args) ?? false;
}

function isSignedBy(body: Buffer, signature: string, secret: string, now: Seconds): boolean {
  try {
    // The signature alone: whether the body is an event that we know is another question, with another answer.
    return verifyHeader(body, signature, secret, TOLERANCE, undefined, now * 1000);
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

/** @throws Refusal `webhook_body_invalid`: what is signed, but no event, is refused for what it is. */
function readEvent(body: Buffer): VerifiedEvent {
  const event = parse(body);
  const { id, object, type, livemode } = event;
  if (object !== 'event' && object !== THIN_EVENT)
    return refuse('webhook_body_invalid', 'The body is signed, but it is not an event of Stripe.');
  if (typeof id !== 'string' || !/^evt_\w{1,250}$/.test(id))
    return refuse('webhook_body_invalid', 'The event has no id of an event.');
  if (typeof type !== 'string' || type === '')
    return refuse('webhook_body_invalid', 'The event does not say its type.');
  if (typeof livemode !== 'boolean')
    return refuse('webhook_body_invalid', 'The event does not say its mode (livemode).');
  const said = object === THIN_EVENT ? readThin(event) : readSnapshot(event);
  return { mode: modeOf(livemode), eventId: id, type, payload: event, ...said };
}

type Said = Pick<VerifiedEvent, 'accountId' | 'objectId' | 'created'>;

/** https://docs.stripe.com/api/events/object */
function readSnapshot({ created, account, data }: JsonObject): Said {
  const about = isObject(data) ? data.object : undefined;
  if (!isObject(about)) return refuse('webhook_body_invalid', 'The event has no object (data.object).');
  return {
    accountId: readAccount(account),
    objectId: typeof about.id === 'string' ? about.id : null,
    created: readTime(created),
  };
}

/**
 * A thin event names its object instead of containing it, its account in `context`, and its time as a text.
 * https://docs.stripe.com/event-destinations#thin-events
 */
function readThin({ created, context, related_object: related }: JsonObject): Said {
  const objectId = isObject(related) && typeof related.id === 'string' ? related.id : null;
  const time = typeof created === 'string' ? Math.floor(Date.parse(created) / 1000) : (created ?? null);
  return { accountId: readAccount(context), objectId, created: readTime(time) };
}

function readAccount(account: Json | undefined): string | null {
  if (account === undefined || account === null) return null;
  if (typeof account === 'string' && account !== '') return account;
  return refuse('webhook_body_invalid', 'The event names its account in a way that is not known here.');
}

function readTime(created: Json | undefined): Seconds {
  if (typeof created === 'number' && Number.isSafeInteger(created) && created >= 0 && created <= LATEST)
    return created;
  return refuse('webhook_body_invalid', 'The event does not say when it was created.');
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
