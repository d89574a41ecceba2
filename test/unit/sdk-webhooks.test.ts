import { signWebhook, verifyWebhook, type WebhookRequest } from '@session/sdk';
import { Webhook } from 'standardwebhooks';

// The example of the specification's own libraries: the same id, time, body and secret lead to this signature.
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const AT = 1614265330;
const BODY = '{"test": 2432232314}';
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

const HEADERS = { 'webhook-id': ID, 'webhook-timestamp': String(AT), 'webhook-signature': SIGNATURE };
const MESSAGE: WebhookRequest = { body: BODY, headers: HEADERS, secret: SECRET, now: AT };
const verify = (more: Partial<WebhookRequest> = {}) => verifyWebhook({ ...MESSAGE, ...more });
const withHeader = (name: string, value: string) => ({ headers: { ...HEADERS, [name]: value } });

const OTHER = 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=';

test.each<[string, Partial<WebhookRequest>]>([
  ['as it came', {}],
  ['a secret without its prefix', { secret: SECRET.slice('whsec_'.length) }],
  ['headers of the web', { headers: new Headers(HEADERS) }],
  [
    'headers in any case',
    { headers: { 'Webhook-Id': ID, 'WEBHOOK-TIMESTAMP': String(AT), 'Webhook-Signature': SIGNATURE } },
  ],
  [
    'headers as lists',
    { headers: Object.fromEntries(Object.entries(HEADERS).map(([name, value]) => [name, [value]])) },
  ],
  ['bytes', { body: new TextEncoder().encode(BODY) }],
  ['a buffer', { body: Buffer.from(BODY) }],
  ['an ArrayBuffer', { body: new Uint8Array(Buffer.from(BODY)).buffer }],
  [
    'one signature of several',
    withHeader('webhook-signature', `${OTHER} v2,${SIGNATURE.slice(3)} ${SIGNATURE} v1,%%% v1`),
  ],
  ['one secret of several', { secret: ['whsec_dGhlIG9uZSBiZWZvcmU=', SECRET] }],
  ['five minutes old', { now: AT + 300 }],
  ['five minutes ahead', { now: AT - 300 }],
  ['older where that is wanted', { now: AT + 3600, toleranceSeconds: 3600 }],
])('is verified: %s', async (_, more) => {
  expect(await verify(more)).toEqual({ test: 2432232314 });
});

test.each<[string, string, Partial<WebhookRequest>]>([
  ['no_matching_signature', 'another body', { body: '{"test": 2432232315}' }],
  ['no_matching_signature', 'a body that was written anew', { body: '{"test":2432232314}' }],
  ['no_matching_signature', 'another secret', { secret: 'whsec_dGhlIG9uZSBiZWZvcmU=' }],
  ['no_matching_signature', 'no secret at all', { secret: [] }],
  ['no_matching_signature', 'another id', withHeader('webhook-id', 'msg_other')],
  ['no_matching_signature', 'another time', { ...withHeader('webhook-timestamp', String(AT + 1)) }],
  [
    'no_matching_signature',
    'a part of the signature',
    withHeader('webhook-signature', SIGNATURE.slice(0, 11)),
  ],
  ['no_matching_signature', 'an empty one', withHeader('webhook-signature', 'v1,')],
  ['no_matching_signature', 'another version', withHeader('webhook-signature', `v1a,${SIGNATURE.slice(3)}`)],
  ['no_matching_signature', 'no base64', withHeader('webhook-signature', 'v1,dawfeoifkpqwoekfpqoekf%')],
  ['too_old', 'five minutes and a second', { now: AT + 301 }],
  ['too_new', 'five minutes and a second', { now: AT - 301 }],
  ['too_old', 'no tolerance', { now: AT + 1, toleranceSeconds: 0 }],
  ['timestamp_invalid', 'words', withHeader('webhook-timestamp', 'hello')],
  ['timestamp_invalid', 'more behind the number', withHeader('webhook-timestamp', `${AT}x`)],
  ['timestamp_invalid', 'a fraction', withHeader('webhook-timestamp', `${AT}.0`)],
  ['missing_header', 'id', withHeader('webhook-id', '')],
  ['missing_header', 'time', { headers: { ...HEADERS, 'webhook-timestamp': undefined } }],
  [
    'missing_header',
    'signature',
    { headers: new Headers({ 'webhook-id': ID, 'webhook-timestamp': String(AT) }) },
  ],
])('is refused as %s: %s', async (reason, _, more) => {
  await expect(verify(more)).rejects.toMatchObject({ name: 'WebhookVerificationError', reason });
});

test('scenario 71: a message that was kept is not taken later, however well it is signed', async () => {
  await expect(verify({ now: undefined })).rejects.toMatchObject({ reason: 'too_old' });
});

test.each(['', 'whsec_', 'whsec_%%%'])(
  'a secret that is none is a mistake of the configuration: %s',
  async (secret) => {
    await expect(verify({ secret })).rejects.toBeInstanceOf(TypeError);
  },
);

test('a body that a framework has parsed is a mistake that says what to do', async () => {
  await expect(verify({ body: { test: 2432232314 } as never })).rejects.toThrow('as it came');
});

test('what is signed and is no JSON is refused', async () => {
  const headers = await signWebhook({ id: ID, body: 'hello', secret: SECRET, at: AT });
  await expect(verify({ headers, body: 'hello' })).rejects.toMatchObject({ reason: 'not_json' });
});

test("it signs as the specification's own library does, whatever the letters", async () => {
  for (const body of [BODY, '{"name":"Zoë 🧘"}', '']) {
    const headers = await signWebhook({ id: ID, body, secret: SECRET, at: AT });
    expect(headers['webhook-signature']).toBe(new Webhook(SECRET).sign(ID, new Date(AT * 1000), body));
  }
  expect((await signWebhook({ id: ID, body: BODY, secret: SECRET, at: AT }))['webhook-signature']).toBe(
    SIGNATURE,
  );
});

test("what the specification's own library signs is verified", async () => {
  const body = '{"name":"Zoë 🧘"}';
  const signature = new Webhook(SECRET).sign(ID, new Date(AT * 1000), body);
  expect(await verify({ body, ...withHeader('webhook-signature', signature) })).toEqual({ name: 'Zoë 🧘' });
});
