import { createHmac } from 'node:crypto';
import type { WebhookSecret } from '../../../src/config/stripe-modes';
import type { Headers } from '../wire';

/** Somebody's delivery to the webhook endpoint. */
export interface Delivery {
  method?: string;
  path?: string;
  headers: Headers;
  body: Buffer;
  /** Sent as bytes of its own making, header lines included, where no client would write them so. */
  raw?: string;
}

/** What a class of forgeries is made of: one event, one secret that is right for it, and numbers that follow from the seed. */
export interface Material {
  event: Record<string, unknown>;
  /** The event as Stripe would send it. */
  body: Buffer;
  secret: string;
  secrets: readonly WebhookSecret[];
  now: number;
  /** From 0 to below so many. */
  number(below: number): number;
  /** So many letters of hexadecimal. */
  hex(length: number): string;
}

export interface SignOptions {
  secret?: string;
  /** The time as it is written and signed. */
  at?: number | string;
  body?: Buffer | string;
}

/** The right signature, but for what is told otherwise. */
export function macOf(material: Material, { secret, at, body }: SignOptions = {}): string {
  return createHmac('sha256', secret ?? material.secret)
    .update(`${at ?? material.now}.`)
    .update(body ?? material.body)
    .digest('hex');
}

/** The header of Stripe's, rightly signed but for what is told otherwise. */
export const signed = (material: Material, options: SignOptions = {}): string =>
  `t=${options.at ?? material.now},v1=${macOf(material, options)}`;

export const HEADER = 'Stripe-Signature';
const JSON_TYPE = ['Content-Type', 'application/json; charset=utf-8'] as const;

/** A delivery with this signature, and this body if not the event's. */
export function delivery(
  material: Material,
  signature: string | null,
  body: Buffer | string = material.body,
  more: Headers = [],
): Delivery {
  return {
    headers: [JSON_TYPE, ...(signature === null ? [] : [[HEADER, signature] as const]), ...more],
    body: Buffer.isBuffer(body) ? body : Buffer.from(body),
  };
}

/** What Stripe itself would send. */
export const genuine = (material: Material): Delivery => delivery(material, signed(material));

/** An event of a scope and mode, which nobody has seen before. */
export function newEvent({ scope, mode }: Omit<WebhookSecret, 'secret'>, random: Material['hex']) {
  return {
    id: `evt_${random(24)}`,
    object: 'event',
    api_version: '2026-08-26.dahlia',
    created: Math.floor(Date.now() / 1000),
    type: 'charge.refunded',
    livemode: mode === 'live',
    ...(scope === 'connect' ? { account: `acct_${random(16)}` } : {}),
    data: {
      object: {
        id: `ch_${random(24)}`,
        object: 'charge',
        amount: 4900,
        description: 'Zoë\u2019s caf\u00e9 \ufffd',
        payment_intent: `pi_${random(24)}`,
      },
    },
  };
}
