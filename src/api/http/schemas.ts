import { z } from 'zod';
import { isMoment, toSeconds } from '../../domain/time';

/**
 * The pieces that requests and answers are made of. Strings that reach Postgres carry no control characters: it cannot
 * store NUL, and nobody types the others.
 */

const CONTROLS = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f';
const BLANKS = '\\s\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff';
const CONTROL = new RegExp(`[${CONTROLS}]`);
const HALF = /\p{Surrogate}/u;

/** The same for the document: no control characters, and something between the blanks. */
const WRITTEN = `^[^${CONTROLS}]*[^${CONTROLS}${BLANKS}][^${CONTROLS}]*$`;

/** A text that a person wrote. Trimmed, not empty. */
export const text = (max: number) =>
  z
    .string()
    // Before the ends are trimmed, which have some of them.
    .refine((value) => !CONTROL.test(value), 'must not contain control characters')
    .trim()
    .min(1, 'must not be empty')
    .max(max, `must be at most ${max} characters`)
    .refine((value) => !HALF.test(value), 'must not contain half of a surrogate pair')
    .meta({ pattern: WRITTEN });

/** An id of ours of one kind, by its prefix. */
export const id = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[A-Za-z0-9]{1,64}$`), `must be an id that begins with ${prefix}_`)
    .meta({ example: `${prefix}_3kTMd0fWbJ9xQeN4vYzA` });

export const mode = z.enum(['test', 'live']);

/** A time: ISO 8601, UTC. */
export const time = z.iso.datetime().meta({ example: '2026-11-23T06:00:00.000Z' });

const YEARS = '^(19[7-9]\\d|[2-9]\\d{3})-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$';

/** A time that a request names, with any offset: seconds, UTC. An offset can lead out of the year that is written. */
export const moment = z.iso
  .datetime({ offset: true, error: 'must be a time: ISO 8601 with Z or an offset' })
  .refine(
    (value) => isMoment(Math.floor(Date.parse(value) / 1000)),
    'must lie between the years 1970 and 9999 (UTC)',
  )
  .transform((value) => toSeconds(new Date(value)))
  // A year that no offset leads out of: those at both ends are taken as far as they can be shown.
  .meta({ pattern: YEARS, example: '2026-11-23T06:00:00.000Z' });

const CURRENCIES = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));

/** ISO 4217, lower case as Stripe writes it. */
export const currency = z
  .string()
  .refine((code) => CURRENCIES.has(code), {
    error: ({ input }) =>
      CURRENCIES.has(String(input).toLowerCase())
        ? 'must be in lower case, as in eur'
        : 'must be the code of a currency (ISO 4217) in lower case, as in eur',
  })
  .meta({
    example: 'eur',
    description: 'ISO 4217, lower case',
    pattern: `^(${[...CURRENCIES].sort().join('|')})$`,
  });

/** An amount as it is answered: integer minor units, of whatever sign and size. */
export const money = z.int().meta({ description: 'Minor units of the currency' });

/** An amount as it is asked for: integer minor units (cents of a euro, whole yen), up to Stripe's eight digits. */
export const amount = z
  .int('must be a whole number of minor units')
  .min(1, 'must be at least 1')
  .max(99_999_999, 'must be at most 99999999')
  .meta({ example: 4900, description: 'Minor units of the currency' });

// As zod reads one, without looking ahead, and with the lengths of https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1
// and https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4: longer ones reach nobody.
const MAIL_LABEL = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const MAIL_ADDRESS = `^([A-Za-z0-9_'+-]+\\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(${MAIL_LABEL}\\.)+[A-Za-z]{2,63}$`;
const BEFORE_AT = '^[^@]{1,64}@';

/** An e-mail address, lower case. */
export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'must be at most 254 characters')
  .regex(new RegExp(MAIL_ADDRESS), 'must be an e-mail address')
  .regex(new RegExp(BEFORE_AT), 'must have at most 64 characters before the @')
  .meta({
    format: 'email',
    pattern: MAIL_ADDRESS,
    allOf: [{ pattern: BEFORE_AT }],
    example: 'mia@example.com',
  });

/** The coach's own id for a member. Ids of ours are refused, so that the two can never be mixed up. */
export const externalId = text(200)
  .refine((value) => !value.startsWith('mbr_'), 'must not begin with mbr_, which marks our own ids')
  .meta({ not: { pattern: `^[${BLANKS}]*mbr_` }, example: 'user-42' });

/** Names of hosts as browsers send them (letters of other alphabets as `xn--…`), and addresses of the network. */
const LABEL = '[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?';
const BYTE = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const HOST = `((${LABEL}\\.)*[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?|${BYTE}(\\.${BYTE}){3}|\\[::1\\])`;
const PORT = '(:(\\d|[1-9]\\d{1,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5]))?';
/** The rest: no blank and no backslash, which browsers and servers read differently. */
const REST = `([/?#][^\\\\${BLANKS}${CONTROLS}]*)?`;
const ADDRESS = `^[Hh][Tt][Tt][Pp][Ss]?://${HOST}${PORT}${REST}$`;

/**
 * An absolute http(s) address without credentials, which every reader takes for the same: what one of them would mend
 * (blanks, backslashes, a missing slash) is refused. https://url.spec.whatwg.org/#url-parsing
 */
export const webAddress = z
  .string()
  .max(2000, 'must be at most 2000 characters')
  .refine(isWebAddress, 'must be an absolute http or https address, its host as browsers send it')
  .meta({ pattern: ADDRESS, example: 'https://yoga-with-ana.example/welcome' });

/** The same, by https alone. */
export const secureAddress = webAddress
  .refine((value) => /^https:/i.test(value), 'must begin with https:')
  .meta({ pattern: ADDRESS.replace('[Ss]?', '[Ss]'), example: 'https://yoga-with-ana.example/logo.png' });

/** The name of a host; one that ends in a number would be read as an address of the network. */
const NAME = `(${LABEL}\\.)*[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?`;
const PUBLIC = `[Hh][Tt][Tt][Pp][Ss]://${NAME}`;
const THIS_MACHINE = '[Hh][Tt][Tt][Pp]://(localhost|127\\.0\\.0\\.1|\\[::1\\])';
const BEHIND = `${PORT}([/?][^#\\\\${BLANKS}${CONTROLS}]*)?$`;
const RECEIVER = new RegExp(`^(${PUBLIC}|${THIS_MACHINE})${BEHIND}`);

/**
 * Where a coach's own server listens: https and the name of a host. This machine is for whoever tries it out: the configuration
 * says whether it may be, so the document does not.
 */
export const receiverAddress = z
  .string()
  .max(2000, 'must be at most 2000 characters')
  .refine(
    (value) => RECEIVER.test(value) && URL.canParse(value),
    'must be an https address with the name of a host',
  )
  .meta({ pattern: `^${PUBLIC}${BEHIND}`, example: 'https://yoga-with-ana.example/session-events' });

function isWebAddress(value: string): boolean {
  return new RegExp(ADDRESS).test(value) && URL.canParse(value);
}

/** An origin as browsers write it, for the document: lower case, no path, and no port that goes without saying. */
export const ORIGIN = {
  pattern: `^https?://${HOST.replaceAll('A-Z', '')}${PORT}/?$`,
  not: { anyOf: [{ pattern: '^http:.*:80/?$' }, { pattern: '^https:.*:443/?$' }] },
};

/** A whole number in a query, in digits: an empty one is none, and not nought, nor is `0x10` one. */
export const digits = (least: number, most: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value),
    z.int().min(least).max(most),
  );

/** The query of a list. */
export const page = {
  limit: digits(1, 100).default(20).meta({ description: 'How many; 20 unless told' }),
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
