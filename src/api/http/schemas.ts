import { z } from 'zod';
import { isMoment, toSeconds } from '../../domain/time';

/**
 * The pieces that requests and answers are made of. Strings that reach Postgres carry no control characters: it cannot
 * store NUL, and nobody types the others.
 */

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const HALF = /\p{Surrogate}/u;

/** A text that a person wrote. Trimmed, not empty. */
export const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(max, `must be at most ${max} characters`)
    .refine((value) => !CONTROL.test(value), 'must not contain control characters')
    .refine((value) => !HALF.test(value), 'must not contain half of a surrogate pair');

/** An id of ours of one kind, by its prefix. */
export const id = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[A-Za-z0-9]{1,64}$`), `must be an id that begins with ${prefix}_`)
    .meta({ example: `${prefix}_3kTMd0fWbJ9xQeN4vYzA` });

export const mode = z.enum(['test', 'live']);

/** A time: ISO 8601, UTC. */
export const time = z.iso.datetime().meta({ example: '2026-11-23T06:00:00.000Z' });

/** A time that a request names, with any offset: seconds, UTC. An offset can lead out of the year that is written. */
export const moment = z.iso
  .datetime({ offset: true, error: 'must be a time: ISO 8601 with Z or an offset' })
  .refine(
    (value) => isMoment(Math.floor(Date.parse(value) / 1000)),
    'must lie between the years 1970 and 9999 (UTC)',
  )
  .transform((value) => toSeconds(new Date(value)))
  .meta({ example: '2026-11-23T06:00:00.000Z' });

const CURRENCIES = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));

/** ISO 4217, lower case as Stripe writes it. */
export const currency = z
  .string()
  .refine((code) => CURRENCIES.has(code), 'must be a lower-case ISO 4217 currency code')
  .meta({ example: 'eur', description: 'ISO 4217, lower case' });

/** Money: integer minor units (cents of a euro, whole yen), up to Stripe's eight digits. */
export const amount = z
  .int('must be a whole number of minor units')
  .min(1, 'must be at least 1')
  .max(99_999_999, 'must be at most 99999999')
  .meta({ example: 4900, description: 'Minor units of the currency' });

/** An e-mail address, lower case. */
export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'must be at most 254 characters')
  .pipe(z.email('must be an e-mail address'))
  .meta({ example: 'mia@example.com' });

/** The coach's own id for a member. Ids of ours are refused, so that the two can never be mixed up. */
export const externalId = text(200)
  .refine((value) => !value.startsWith('mbr_'), 'must not begin with mbr_, which marks our own ids')
  .meta({ example: 'user-42' });

/** An absolute http(s) address without credentials. */
export const webAddress = z
  .string()
  .max(2000, 'must be at most 2000 characters')
  .refine(isWebAddress, 'must be an absolute http or https address')
  .meta({ example: 'https://yoga-with-ana.example/welcome' });

function isWebAddress(value: string): boolean {
  if (CONTROL.test(value) || !URL.canParse(value)) return false;
  const url = new URL(value);
  return (
    (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === ''
  );
}

/** The query of a list. */
export const page = {
  limit: z.coerce
    .number('must be a number')
    .int()
    .min(1)
    .max(100)
    .default(20)
    .meta({ description: 'How many; 20 unless told' }),
  cursor: z
    .string()
    .min(1, 'must not be empty')
    .max(300)
    .optional()
    .meta({ description: '`nextCursor` of the page before' }),
};

/** A page of a list. */
export const listOf = <S extends z.ZodType>(item: S) =>
  z.object({
    data: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'Null on the last page' }),
  });

/** An empty body: nothing needs to be said. */
export const nothing = z.strictObject({});

/** How a request names a member: by our id or the coach's own, perhaps with an e-mail address. */
export const memberRef = z
  .strictObject({ id: id('mbr').optional(), externalId: externalId.optional(), email: email.optional() })
  .refine((ref) => (ref.id === undefined) !== (ref.externalId === undefined), 'needs either id or externalId')
  .meta({ oneOf: [{ required: ['id'] }, { required: ['externalId'] }] });
