import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookSecret } from '../../config/stripe-modes';
import { type ProblemCode, ProblemError } from '../../domain/problem';
import { type Mode, modeOf } from '../../domain/mode';
import { type Json, type JsonObject, storable } from '../../domain/storable-json';
import { isMoment, type Seconds } from '../../domain/time';
import type { Delivery } from '../../store/deliveries';
import { THIN_EVENT } from '../../stripe/event-shapes';

/** Seconds that a signature's time may be off, in either direction. */
const TOLERANCE = 300;
/** Refuses what is not UTF-8, instead of reading it as something else. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What the inbox keeps of an event, before it is known whether anybody here needs it. */
export type VerifiedEvent = Omit<Delivery, 'foreign'>;

const refuse = (code: ProblemCode, detail: string): never => {
  throw new ProblemError(code, detail);
};

/**
 * Checks that a delivery is an event of Stripe for us: the signature over the raw body by one of our secrets, its age,
 * and that the event is of that secret's scope and mode. The client of Stripe would do the first by itself, but it signs
 * decoded text, in which different bytes look alike, and takes the last of several times while another reader takes the
 * first. https://docs.stripe.com/webhooks#verify-manually
 * @param now seconds, UTC, the system's clock: signatures never follow a moved clock.
 * @throws ProblemError `webhook_signature_invalid`, `webhook_body_invalid` or `webhook_scope_invalid`.
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
  const signed = readSignature(signature);
  // Times far ahead of us as well: a stolen signature would never grow old.
  if (Math.abs(now - signed.at) > TOLERANCE)
    return refuse('webhook_signature_invalid', "The signature's time is more than five minutes off.");

  const made = secrets.find(({ secret }) => isSignedBy(body, signed, secret));
  // One secret may stand for several endpoints; two never make the same signature.
  const signers = secrets.filter(({ secret }) => secret === made?.secret);
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

/** The parts of a `Stripe-Signature`. */
interface Signature {
  at: Seconds;
  /** The time as it was written, and so as it was signed. */
  writtenAt: string;
  /** One for each secret of the endpoint, during a rotation. */
  macs: Buffer[];
}

/**
 * Reads `t=1492774577,v1=5257a8…,v0=6ffbb5…`; other schemes than `v1` are passed over, as Stripe asks.
 * @throws ProblemError `webhook_signature_invalid`, also where the time is said twice: nobody can tell which one was meant.
 */
function readSignature(header: string): Signature {
  const parts = header.split(',').map((part) => part.trim());
  const valuesOf = (name: string) =>
    parts.filter((part) => part.startsWith(`${name}=`)).map((part) => part.slice(name.length + 1));
  const [writtenAt, ...more] = valuesOf('t');
  if (writtenAt === undefined || !/^[1-9]\d{0,11}$/.test(writtenAt))
    return refuse('webhook_signature_invalid', 'The signature does not say when it was made.');
  if (more.length > 0)
    return refuse('webhook_signature_invalid', 'The signature says more than once when it was made.');
  const macs = valuesOf('v1').filter((mac) => /^[0-9a-f]{64}$/.test(mac));
  return { at: Number(writtenAt), writtenAt, macs: macs.map((mac) => Buffer.from(mac, 'hex')) };
}

/** Over the bytes as they came: the text that they decode to could be that of other bytes as well. */
function isSignedBy(body: Buffer, { writtenAt, macs }: Signature, secret: string): boolean {
  const expected = createHmac('sha256', secret).update(`${writtenAt}.`).update(body).digest();
  return macs.some((mac) => timingSafeEqual(mac, expected));
}

/**
 * A connect secret carries events of connected accounts, a platform secret our own account's. A test secret carries
 * test events only; a live Connect endpoint gets test events too. https://docs.stripe.com/connect/webhooks
 */
function mayCarry(signer: WebhookSecret, event: VerifiedEvent): boolean {
  if ((signer.scope === 'connect') !== (event.accountId !== null)) return false;
  return event.mode === signer.mode || (signer.mode === 'live' && signer.scope === 'connect');
}

/** @throws ProblemError `webhook_body_invalid`: what is signed, but no event, is refused for what it is. */
function readEvent(body: Buffer): VerifiedEvent {
  const { event, text } = parse(body);
  const { id, object, type, livemode } = event;
  if (object !== 'event' && object !== THIN_EVENT)
    return refuse('webhook_body_invalid', 'The body is signed, but it is not an event of Stripe.');
  if (typeof id !== 'string' || !/^evt_\w{1,250}$/.test(id))
    return refuse('webhook_body_invalid', 'The event has no id of an event.');
  if (!isName(type)) return refuse('webhook_body_invalid', 'The event does not say its type.');
  if (typeof livemode !== 'boolean')
    return refuse('webhook_body_invalid', 'The event does not say its mode (livemode).');
  const said = object === THIN_EVENT ? readThin(event) : readSnapshot(event);
  return { mode: modeOf(livemode), eventId: id, type, body: storableText(text, event), ...said };
}

type Said = Pick<VerifiedEvent, 'accountId' | 'objectId' | 'created'>;

/** https://docs.stripe.com/api/events/object */
function readSnapshot({ created, account, data }: JsonObject): Said {
  const about = isObject(data) ? data.object : undefined;
  if (!isObject(about)) return refuse('webhook_body_invalid', 'The event has no object (data.object).');
  return {
    accountId: readAccount(account),
    objectId: readId(about.id),
    created: readTime(created),
  };
}

/**
 * A thin event names its object instead of containing it, its account in `context`, and its time as a text.
 * https://docs.stripe.com/event-destinations#thin-events
 */
function readThin({ created, context, related_object: related }: JsonObject): Said {
  const objectId = isObject(related) ? readId(related.id) : null;
  const time = typeof created === 'string' ? Math.floor(Date.parse(created) / 1000) : (created ?? null);
  return { accountId: readAccount(context), objectId, created: readTime(time) };
}

function readAccount(account: Json | undefined): string | null {
  if (account === undefined || account === null) return null;
  if (isName(account)) return account;
  return refuse('webhook_body_invalid', 'The event names its account in a way that is not known here.');
}

/** Stripe's names are visible ASCII; of what else there may be, two could look alike once they are stored. */
function isName(value: Json | undefined): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,255}$/.test(value);
}

/** Some objects have no id. */
function readId(id: Json | undefined): string | null {
  if (id === undefined || id === null) return null;
  return isName(id) ? id : refuse('webhook_body_invalid', 'The object of the event has no id of Stripe.');
}

function readTime(created: Json | undefined): Seconds {
  if (typeof created === 'number' && isMoment(created)) return created;
  return refuse('webhook_body_invalid', 'The event does not say when it was created.');
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Escapes of what Postgres cannot store in a text: NUL, and halves of surrogate pairs; whole pairs are among them. */
const PERHAPS_UNSTORABLE = /\\u(?:0000|[dD][89a-fA-F])/;

function storableText(text: string, event: JsonObject): string {
  return PERHAPS_UNSTORABLE.test(text) ? JSON.stringify(storable(event)) : text;
}

function parse(body: Buffer): { event: JsonObject; text: string } {
  let text: string;
  let event: Json;
  try {
    text = UTF8.decode(body);
    event = JSON.parse(text) as Json;
  } catch {
    return refuse('webhook_body_invalid', 'The body is not valid JSON in UTF-8.');
  }
  if (isObject(event)) return { event, text };
  return refuse('webhook_body_invalid', 'The body is not a JSON object.');
}
