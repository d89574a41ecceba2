import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { delivery, type Delivery, type Material, newEvent, signed } from './delivery';

/** What was signed is the event; what is sent is made of it. */
const sent = (body: (material: Material) => Buffer | string) => (material: Material) =>
  delivery(material, signed(material), body(material));

/** Something else was signed than is sent, which is the event. */
const signedOver = (body: (material: Material) => Buffer | string) => (material: Material) =>
  delivery(material, signed(material, { body: body(material) }));

const withFields = (fields: (material: Material) => object) =>
  sent((material) => JSON.stringify({ ...material.event, ...fields(material) }));

/** Bytes in place of the letter that stands for what is none. */
function withBytes(body: Buffer, bytes: number[]): Buffer {
  const at = body.indexOf(Buffer.from('\ufffd'));
  return Buffer.concat([body.subarray(0, at), Buffer.from(bytes), body.subarray(at + 3)]);
}

const compressed =
  (encoding: string, compress: (body: Buffer) => Buffer, isSigned: boolean) =>
  (material: Material): Delivery => {
    const body = compress(material.body);
    const signature = isSigned ? signed(material, { body }) : signed(material);
    return delivery(material, signature, body, [['Content-Encoding', encoding]]);
  };

/** Signed by Stripe, but not an event. */
const noEvent = (body: (material: Material) => unknown) => (material: Material) => {
  const written = body(material);
  const bytes = Buffer.isBuffer(written) ? written : Buffer.from(JSON.stringify(written));
  return delivery(material, signed(material, { body: bytes }), bytes);
};

/** What is read is not what was signed. */
export const BODIES: Record<string, (material: Material) => Delivery> = {
  'one byte changed': sent(({ body, number }) => {
    const changed = Buffer.from(body);
    const at = number(changed.length);
    changed[at] = (changed[at] ?? 0) ^ (1 << number(7));
    return changed;
  }),
  'bytes put behind': sent(({ body, hex, number }) => Buffer.concat([body, Buffer.from(hex(1 + number(9)))])),
  'a blank put in front': sent(({ body }) => Buffer.concat([Buffer.from(' '), body])),
  'a line break put behind': sent(({ body }) => Buffer.concat([body, Buffer.from('\n')])),
  'a zero byte put behind': sent(({ body }) => Buffer.concat([body, Buffer.from([0])])),
  'the end cut off': sent(({ body, number }) => body.subarray(0, number(body.length))),
  'written with blanks': sent(({ event, number }) => JSON.stringify(event, null, 1 + number(4))),
  'its fields in another order': sent(({ event }) =>
    JSON.stringify(Object.fromEntries(Object.entries(event).reverse())),
  ),
  'of another account': withFields(({ hex }) => ({ account: `acct_${hex(16)}` })),
  'of no account': withFields(() => ({ account: undefined })),
  'of the other mode': withFields(({ event }) => ({ livemode: event['livemode'] !== true })),
  'with another id': withFields(({ hex }) => ({ id: `evt_${hex(24)}` })),
  'of another type': withFields(() => ({ type: 'checkout.session.completed' })),
  'about another object': withFields(({ hex }) => ({ data: { object: { id: `cs_${hex(24)}` } } })),
  'created at another time': withFields(({ now, number }) => ({ created: now - 1 - number(9999) })),
  'its account said twice': sent(
    ({ body, hex }) => `${body.toString().slice(0, -1)},"account":"acct_${hex(16)}"}`,
  ),
  'the body of another event': sent(({ hex }) =>
    JSON.stringify(newEvent({ scope: 'connect', mode: 'test' }, hex)),
  ),
  'the signature of another event': signedOver(({ hex }) =>
    JSON.stringify(newEvent({ scope: 'connect', mode: 'test' }, hex)),
  ),
  'no body': sent(() => ''),
  'the signature of no body': signedOver(() => ''),
  'the signature of a part': signedOver(({ body, number }) => body.subarray(0, number(body.length))),
  'a byte of no text for the letter that stands for it': sent(({ body, number }) =>
    withBytes(body, [0xf8 + number(8)]),
  ),
  'the letter for a byte of no text that was signed': signedOver(({ body, number }) =>
    withBytes(body, [0xf8 + number(8)]),
  ),
  'half of a pair for that letter': sent(({ body, number }) =>
    withBytes(body, [0xed, 0xa0 + number(32), 0x80]),
  ),
  'a letter written too long': sent(({ body, number }) =>
    withBytes(body, [0xe0, 0x80 + number(32), 0x80 + number(64)]),
  ),
  'a mark of byte order in front': sent(({ body }) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body])),
  'a signed mark of byte order left out': signedOver(({ body }) =>
    Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]),
  ),
  'in UTF-16': sent(({ body }) => Buffer.from(body.toString(), 'utf16le')),
  'in Latin-1': sent(({ body }) => Buffer.from(body.toString(), 'latin1')),
  'signed in UTF-16': signedOver(({ body }) => Buffer.from(body.toString(), 'utf16le')),
  'letters decomposed': sent(({ body }) => body.toString().normalize('NFD')),
  'letters as escapes': sent(({ body }) => body.toString().replaceAll('\u00e9', '\\u00e9')),
  'slashes as escapes, percent-encoded': sent(({ body }) => encodeURIComponent(body.toString())),
  'in base64': sent(({ body }) => body.toString('base64')),
  'compressed with gzip, signed before': compressed('gzip', gzipSync, false),
  'compressed with deflate, signed before': compressed('deflate', deflateSync, false),
  'compressed with brotli, signed before': compressed('br', brotliCompressSync, false),
  'compressed with gzip, signed after': compressed('gzip', gzipSync, true),
  'compressed twice': compressed('gzip, gzip', (body) => gzipSync(gzipSync(body)), false),
  'said to be compressed': sent(({ body }) => gzipSync(body)),
  'in an encoding that there is not': compressed('identity-2', (body) => body, false),
  'a list': noEvent(({ event }) => [event]),
  'a text': noEvent(({ event }) => JSON.stringify(event)),
  'another object of Stripe’s': noEvent(({ event, hex }) => ({
    ...event,
    object: 'charge',
    id: `ch_${hex(24)}`,
  })),
  'an event without an id': noEvent(({ event }) => ({ ...event, id: undefined })),
  'an event with a number for an id': noEvent(({ event, number }) => ({ ...event, id: number(9999) })),
  'an event whose id leads elsewhere': noEvent(({ event, hex }) => ({ ...event, id: `evt_../${hex(9)}` })),
  'an event without a mode': noEvent(({ event }) => ({ ...event, livemode: undefined })),
  'an event whose mode is a text': noEvent(({ event }) => ({ ...event, livemode: 'false' })),
  'an event whose account is a list': noEvent(({ event }) => ({ ...event, account: [event['account']] })),
  'an event whose account is empty': noEvent(({ event }) => ({ ...event, account: '' })),
  'an event without an object': noEvent(({ event }) => ({ ...event, data: {} })),
  'fields that are inherited': noEvent(({ event }) => ({ ['__proto__x']: 1, constructor: event })),
  'what is no JSON': noEvent(({ body }) => Buffer.concat([body, Buffer.from('}')])),
  'bytes of no text, rightly signed': noEvent(({ body }) => withBytes(body, [0xff])),
};
