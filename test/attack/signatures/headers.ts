import { createHash, createHmac } from 'node:crypto';
import { delivery, type Delivery, HEADER, macOf, type Material, signed } from './delivery';

/** This header on the event. */
const header = (write: (material: Material) => string | null) => (material: Material) =>
  delivery(material, write(material));

const MINUTES = 60;
const TOLERANCE = 5 * MINUTES;
/** Clocks of two processes, and the way. */
const SLACK = 10;

/** The time as somebody else would write it, signed as it is written. */
const timed = (at: (material: Material) => number | string) =>
  header((material) => signed(material, { at: at(material) }));

/** About the time of the signature. */
const TIMES: Record<string, (material: Material) => Delivery> = {
  'another time than was signed': header(
    (material) => `t=${material.now - 1 - material.number(200)},v1=${macOf(material)}`,
  ),
  'too old': timed(({ now, number }) => now - TOLERANCE - SLACK - number(100_000)),
  'too far ahead': timed(({ now, number }) => now + TOLERANCE + SLACK + number(100_000)),
  'at the beginning of time': timed(({ number }) => number(1000)),
  'before the beginning of time': timed(({ now }) => -now),
  'in milliseconds': timed(({ now, number }) => now * 1000 + number(1000)),
  'with zeros in front': timed(({ now, number }) => `${'0'.repeat(1 + number(9))}${now}`),
  'with a sign': timed(({ now }) => `+${now}`),
  'in hexadecimal': timed(({ now }) => `0x${now.toString(16)}`),
  'with an exponent': timed(({ now }) => `${now}e0`),
  'with a fraction': timed(({ now, number }) => `${now}.${number(1000)}`),
  'with a blank': timed(({ now }) => `${now} 0`),
  'in words': timed(({ now }) => new Date(now * 1000).toISOString()),
  'no number': timed(({ number }) => ['NaN', 'Infinity', 'undefined', 'null', 'now', ''][number(6)] ?? ''),
  'no time': header((material) => `v1=${macOf(material)}`),
  'no time signed': header(
    (material) => `v1=${createHmac('sha256', material.secret).update(material.body).digest('hex')}`,
  ),
  'the time under another name': header((material) => `time=${material.now},v1=${macOf(material)}`),
  'the time in capitals': header((material) => `T=${material.now},v1=${macOf(material)}`),
  'two times, the signed one first': header(
    (material) => `t=${material.now},t=${material.now + 1 + material.number(99)},v1=${macOf(material)}`,
  ),
  'two times, the signed one last': header(
    (material) => `t=${material.now - 1 - material.number(99)},t=${material.now},v1=${macOf(material)}`,
  ),
  'now, and a time long ago that was signed': header((material) => {
    const at = material.now - 86_400 - material.number(86_400);
    return `t=${material.now},t=${at},v1=${macOf(material, { at })}`;
  }),
  'a time ahead that was signed, and now': header((material) => {
    const at = material.now + 86_400 + material.number(86_400);
    return `t=${at},t=${material.now},v1=${macOf(material, { at })}`;
  }),
  'the same time twice': header((material) => `t=${material.now},t=${material.now},v1=${macOf(material)}`),
};

const changed = (change: (mac: string, material: Material) => string) =>
  header((material) => `t=${material.now},v1=${change(macOf(material), material)}`);

const otherHash = (algorithm: string) =>
  changed((_mac, { secret, now, body }) =>
    createHmac(algorithm, secret).update(`${now}.`).update(body).digest('hex'),
  );

/** About the signature itself. */
const MACS: Record<string, (material: Material) => Delivery> = {
  'the old scheme alone': header((material) => `t=${material.now},v0=${macOf(material)}`),
  'a scheme to come': header(
    (material) => `t=${material.now},v${2 + material.number(98)}=${macOf(material)}`,
  ),
  'the scheme in capitals': header((material) => `t=${material.now},V1=${macOf(material)}`),
  'a scheme that ends alike': header((material) => `t=${material.now},xv1=${macOf(material)}`),
  'a blank behind the scheme': header((material) => `t=${material.now},v1 =${macOf(material)}`),
  'no scheme': header((material) => `t=${material.now},${macOf(material)}`),
  'no signature': header(({ now }) => `t=${now}`),
  'an empty signature': changed(() => ''),
  'a part of it': changed((mac, { number }) => mac.slice(0, number(64))),
  'the end of it': changed((mac, { number }) => mac.slice(1 + number(63))),
  'more than it': changed((mac, { hex, number }) => `${mac}${hex(1 + number(64))}`),
  'it twice in a row': changed((mac) => `${mac}${mac}`),
  'in capitals': changed((mac) => mac.toUpperCase().replace(/^[^A-F]*$/, 'F'.repeat(64))),
  'in base64': changed((mac) => Buffer.from(mac, 'hex').toString('base64')),
  'as raw bytes': changed((mac) =>
    Buffer.from(mac, 'hex')
      .toString('latin1')
      .replaceAll(/[^\x21-\xff]|\x7f/g, '!'),
  ),
  'with 0x in front': changed((mac) => `0x${mac}`),
  'in quotation marks': changed((mac) => `"${mac}"`),
  'with a blank in it': changed((mac, { number }) => {
    const at = 1 + number(62);
    return `${mac.slice(0, at)} ${mac.slice(at)}`;
  }),
  'one letter changed': changed((mac, { number }) => {
    const at = number(64);
    return `${mac.slice(0, at)}${mac[at] === 'a' ? 'b' : 'a'}${mac.slice(at + 1)}`;
  }),
  'its letters turned round': changed((mac) => [...mac].reverse().join('')),
  zeros: changed(() => '0'.repeat(64)),
  'made up': changed((_mac, { hex }) => hex(64)),
  'many that are made up': header(
    ({ now, hex, number }) =>
      `t=${now}${Array.from({ length: 2 + number(48) }, () => `,v1=${hex(64)}`).join('')}`,
  ),
  'a made-up one, and the right one in the old scheme': header(
    (material) => `t=${material.now},v1=${material.hex(64)},v0=${macOf(material)}`,
  ),
  'with SHA-1': otherHash('sha1'),
  'with SHA-512': otherHash('sha512'),
  'with MD5': otherHash('md5'),
  'with SHA-512, cut to its length': changed((_mac, { secret, now, body }) =>
    createHmac('sha512', secret).update(`${now}.`).update(body).digest('hex').slice(0, 64),
  ),
  'a hash without a secret': changed((_mac, { now, body }) =>
    createHash('sha256').update(`${now}.`).update(body).digest('hex'),
  ),
  'a hash of secret and event': changed((_mac, { secret, now, body }) =>
    createHash('sha256').update(`${secret}${now}.`).update(body).digest('hex'),
  ),
  'without the time': changed((_mac, { secret, body }) =>
    createHmac('sha256', secret).update(body).digest('hex'),
  ),
  'without the dot': changed((_mac, { secret, now, body }) =>
    createHmac('sha256', secret).update(`${now}`).update(body).digest('hex'),
  ),
  'of the time alone': changed((_mac, { secret, now }) =>
    createHmac('sha256', secret).update(`${now}.`).digest('hex'),
  ),
  'as Standard Webhooks signs': changed((_mac, { secret, now, event, body }) =>
    createHmac('sha256', secret)
      .update(`${String(event['id'])}.${now}.`)
      .update(body)
      .digest('hex'),
  ),
};

const raw = (lines: (material: Material) => string) => (material: Material) => ({
  ...delivery(material, null),
  raw: lines(material),
});

/** About where the signature stands. */
const PLACES: Record<string, (material: Material) => Delivery> = {
  'no header': header(() => null),
  'an empty header': header(() => ''),
  'a header of commas': header(({ number }) => ','.repeat(1 + number(99))),
  'a long header': header(({ hex, number }) => hex(1000 + number(3000))),
  'semicolons for commas': header((material) => signed(material).replace(',', ';')),
  'as JSON': header((material) => JSON.stringify({ t: material.now, v1: macOf(material) })),
  'the header twice': (material) =>
    delivery(material, signed(material), material.body, [[HEADER, signed(material)]]),
  'a made-up header, and then the right one': (material) =>
    delivery(material, `t=${material.now},v1=${material.hex(64)}`, material.body, [
      [HEADER, signed(material)],
    ]),
  'the right header, and then one of long ago': (material) => {
    const at = material.now - 86_400 - material.number(86_400);
    return delivery(material, signed(material), material.body, [[HEADER, signed(material, { at })]]);
  },
  'in another header': (material) =>
    delivery(material, null, material.body, [['X-Stripe-Signature', signed(material)]]),
  'in a header with an underscore': (material) =>
    delivery(material, null, material.body, [['Stripe_Signature', signed(material)]]),
  'in the header for keys': (material) =>
    delivery(material, null, material.body, [['Authorization', `Bearer ${signed(material)}`]]),
  'in a cookie': (material) =>
    delivery(material, null, material.body, [
      ['Cookie', `Stripe-Signature=${encodeURIComponent(signed(material))}`],
    ]),
  'in the address': (material) => ({
    ...delivery(material, null),
    path: `/webhooks/stripe?Stripe-Signature=${encodeURIComponent(signed(material))}`,
  }),
  'in another header’s value, behind a line break': raw(
    (material) => `X-Note: x\n${HEADER}: t=${material.now},v1=${material.hex(64)}\r\n`,
  ),
  'with a blank before the colon': raw((material) => `${HEADER} : ${signed(material)}\r\n`),
  'on a folded line': raw((material) => `${HEADER}:\r\n ${signed(material)}\r\n`),
  'split over two lines': raw((material) => {
    const [time = '', mac = ''] = signed(material).split(',');
    return `${HEADER}: ${time},\r\n\t${mac}\r\n`;
  }),
  'behind a zero byte': raw((material) => `${HEADER}: \0${signed(material)}\r\n`),
};

export const HEADERS = { ...TIMES, ...MACS, ...PLACES };
