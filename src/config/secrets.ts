import { z } from 'zod';

/** What is taken as a secret: what nobody guesses, and what a terminal, a file or a header did not bend. */

/** Different characters or bytes that 32 random ones have at the very least. */
const DIFFERENT = 8;

const isVaried = (parts: Iterable<unknown>): boolean => new Set(parts).size >= DIFFERENT;

/** The platform's own key, as it comes in an `Authorization` header. */
export const platformKey = z
  .string()
  .min(32, 'needs at least 32 characters')
  .regex(/^[\x21-\x7e]*$/, 'has a blank or another character that no header carries')
  .refine(isVaried, `is too easy to guess: take random characters, at least ${DIFFERENT} different ones`);

/** 32 bytes in base64. */
export const encryptionKey = z
  .base64()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((bytes) => bytes.length === 32, 'needs 32 bytes in base64')
  .refine(isVaried, 'is too easy to guess: take 32 random bytes, such as of `openssl rand -base64 32`');

/** A secret (`sk_`) or restricted (`rk_`) key of a mode. https://docs.stripe.com/keys */
export const stripeKey = (mode: 'test' | 'live') =>
  z
    .string()
    .regex(new RegExp(`^(sk|rk)_${mode}_`), `is not a ${mode} key`)
    .regex(/^\w+$/, 'has a blank, a line break or another character that no key of Stripe has')
    .regex(/^[a-z]+_[a-z]+_./, 'is only the beginning of a key');

/** The client id of a platform. https://docs.stripe.com/connect/oauth-reference */
export const clientId = z.string().regex(/^ca_\w+$/, 'is not a client id of Stripe, which begins with ca_');

/** Signing secrets of webhook endpoints, several during a rotation. https://docs.stripe.com/webhooks#verify-official-libraries */
export const webhookSecrets = z
  .string()
  .transform((text) => text.split(',').map((secret) => secret.trim()))
  .refine((secrets) => secrets.every((secret) => secret !== ''), 'has a blank entry')
  .refine(
    (secrets) => secrets.every((secret) => /^whsec_[\w+/=-]+$/.test(secret)),
    'has an entry that is not a signing secret of Stripe, which begins with whsec_',
  );

/** Keys by their ids: the first one encrypts, each of them decrypts. */
export interface PayloadKeys {
  current: string;
  keys: ReadonlyMap<string, Buffer>;
}

/** `id:key` with commas between them, each key 32 bytes in base64; the first one encrypts, the others are of before. */
export const payloadKeys = z
  .string()
  .transform((text) => text.split(',').map((entry) => entry.trim().split(':')))
  .pipe(
    z.array(z.tuple([z.string().regex(/^[\w.-]{1,64}$/, 'has an id that is no word'), encryptionKey])).min(1),
  )
  .refine((entries) => new Set(entries.map(([id]) => id)).size === entries.length, 'has two keys with one id')
  .transform((entries): PayloadKeys => ({ current: entries[0]?.[0] ?? '', keys: new Map(entries) }));
