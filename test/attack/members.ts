import { createHash, createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { CoachUi } from '../support/coach-ui';
import type { AttackOptions, Outcome } from './attack';
import type { Stack } from './stack';
import { type Business, openBusiness } from './tenant/business';

type Json = Record<string, unknown>;
interface Material {
  now: number;
  secret: { id: string; secret: string };
  /** Texts that somebody else has or finds, none of which signs for this coach in this mode. */
  others: Record<string, { id?: string; secret: string }>;
}
type Forgery = (material: Material) => string;

const part = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const mac = (text: string, key: string | Buffer, hash = 'sha256') =>
  createHmac(hash, key).update(text).digest('base64url');

/** A token with anything in its header and payload, signed as it says or otherwise. */
function token(
  { now, secret }: Material,
  { header = {}, payload = {}, key = secret.secret, hash = 'sha256' }: Partial<Parts> = {},
): string {
  const head = { alg: 'HS256', typ: 'JWT', kid: secret.id, ...header };
  const text = `${part(head)}.${part({ sub: 'mia', exp: now + 600, ...payload })}`;
  return `${text}.${mac(text, key, hash)}`;
}
interface Parts {
  header: Json;
  payload: Json;
  key: string | Buffer;
  hash: string;
}

const without = (whole: string, at: number, instead = '') =>
  whole
    .split('.')
    .map((one, index) => (index === at ? instead : one))
    .join('.');

const SIGNATURES: Record<string, Forgery> = {
  'no algorithm': (m) => without(token(m, { header: { alg: 'none' } }), 2),
  'no algorithm, in other letters': (m) => without(token(m, { header: { alg: 'nOnE' } }), 2),
  'no algorithm, but signed': (m) => token(m, { header: { alg: 'none' } }),
  'no signature': (m) => without(token(m), 2),
  'two parts only': (m) => token(m).split('.').slice(0, 2).join('.'),
  'four parts': (m) => `${token(m)}.x`,
  'five parts': (m) => `${token(m)}.x.y`,
  'a signature of nothing': (m) => without(token(m), 2, 'AA'),
  'half a signature': (m) => token(m).slice(0, -20),
  'another end of the signature': (m) => token(m, { key: 'x' }),
  'another algorithm of the same family (384)': (m) => token(m, { header: { alg: 'HS384' }, hash: 'sha384' }),
  'another algorithm of the same family (512)': (m) => token(m, { header: { alg: 'HS512' }, hash: 'sha512' }),
  'the algorithm in small letters': (m) => token(m, { header: { alg: 'hs256' } }),
  'a list of algorithms': (m) => token(m, { header: { alg: ['HS256'] } }),
  'a key of their own in the header': (m) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const head = { alg: 'ES256', kid: m.secret.id, jwk: publicKey.export({ format: 'jwk' }) };
    const text = `${part(head)}.${part({ sub: 'mia', exp: m.now + 600 })}`;
    const signature = signWith('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${text}.${signature.toString('base64url')}`;
  },
  'an extension that has to be understood': (m) => token(m, { header: { crit: ['x'], x: 1 } }),
  'a payload that is not encoded': (m) => token(m, { header: { crit: ['b64'], b64: false } }),
  'another payload under a true signature': (m) =>
    without(token(m), 1, part({ sub: 'ada', exp: m.now + 600 })),
  'another header under a true signature': (m) =>
    without(token(m), 0, part({ alg: 'HS256', kid: m.secret.id })),
  'a header that is a list': (m) => without(token(m), 0, part([])),
  'a header that is no JSON': (m) => without(token(m), 0, part('{')),
  'nothing but points': () => '..',
  'a long text': () => 'x'.repeat(6000),
};

const SECRETS: Record<string, Forgery> = {
  nothing: (m) => token(m, { key: '' }),
  'the id of the secret': (m) => token(m, { key: m.secret.id }),
  'the secret without its beginning': (m) =>
    token(m, { key: m.secret.secret.slice('ses_sign_test_'.length) }),
  'the secret, decoded': (m) =>
    token(m, { key: Buffer.from(m.secret.secret.slice('ses_sign_test_'.length), 'base64url') }),
  'the hash of the secret': (m) =>
    token(m, { key: createHash('sha256').update(m.secret.secret).digest('hex') }),
  'a secret that does not exist': (m) => token(m, { header: { kid: 'sgn_AAAAAAAAAAAAAAAAAAAAAA' } }),
  ...Object.fromEntries(
    ['', '../../dev/null', "' OR '1'='1", '%', '*', 'x'.repeat(2000)].map((kid) => [
      `of ${JSON.stringify(kid.slice(0, 20))}`,
      (m: Material) => token(m, { header: { kid } }),
    ]),
  ),
  ...Object.fromEntries(
    [null, 1, true, [], {}].map((kid) => [
      `of ${JSON.stringify(kid)}`,
      (m: Material) => token(m, { header: { kid } }),
    ]),
  ),
  'a list of its id': (m) => token(m, { header: { kid: [m.secret.id] } }),
};

const CLAIMS: Record<string, Forgery> = {
  'no time': (m) => token(m, { payload: { exp: undefined } }),
  'a time that has passed': (m) => token(m, { payload: { exp: m.now - 1 } }),
  'a time a day and more ahead': (m) => token(m, { payload: { exp: m.now + 25 * 3600 } }),
  'a time in milliseconds': (m) => token(m, { payload: { exp: (m.now + 600) * 1000 } }),
  'a time below nothing': (m) => token(m, { payload: { exp: -1 } }),
  'a time in words': (m) => token(m, { payload: { exp: String(m.now + 600) } }),
  'half a second': (m) => token(m, { payload: { exp: m.now + 600.5 } }),
  'not before tomorrow': (m) => token(m, { payload: { nbf: m.now + 86_400 } }),
  nobody: (m) => token(m, { payload: { sub: undefined } }),
  'an empty name': (m) => token(m, { payload: { sub: '' } }),
  'a name of blanks': (m) => token(m, { payload: { sub: '  ' } }),
  'a list of names': (m) => token(m, { payload: { sub: ['mia'] } }),
  'a number': (m) => token(m, { payload: { sub: 1 } }),
  'an id of ours': (m) => token(m, { payload: { sub: 'mbr_AAAAAAAAAAAAAAAAAAAAAA' } }),
  'nothing within a name': (m) => token(m, { payload: { sub: 'mi\u0000a' } }),
  'half a letter': (m) => token(m, { payload: { sub: 'mi\ud800a' } }),
  'a long name': (m) => token(m, { payload: { sub: 'x'.repeat(500) } }),
  'no address': (m) => token(m, { payload: { email: 'mia' } }),
  'two addresses': (m) => token(m, { payload: { email: 'mia@a.example,eve@b.example' } }),
  'an address with a line behind it': (m) =>
    token(m, { payload: { email: 'mia@a.example\nBcc: eve@b.example' } }),
};

/**
 * Tokens that say to the purchase page who is buying, of somebody who may not say it. Accepted is one with which the page
 * answers otherwise than with a refusal, or that leaves a member.
 */
export async function attackMembers(stack: Stack, { progress }: AttackOptions): Promise<Outcome> {
  const owner = await openBusiness(stack);
  const other = await openBusiness(stack);
  const page = `${stack.api}/buy/${owner.ids['amt_']}`;
  const material = await materialOf(stack, owner, other);
  const forgeries = forgeriesOf(material);
  const members = () => stack.db.member.count({ where: { coachId: owner.coachId } });
  const ask = async (token: string, method: string) => {
    const answer = await fetch(`${page}?member=${encodeURIComponent(token)}`, { method, redirect: 'manual' });
    await answer.arrayBuffer();
    return answer.status;
  };
  await expectGenuine(ask, token(material));
  const before = await members();
  const opened: string[] = [];
  let tried = 0;
  for (const [name, forged] of Object.entries(forgeries))
    for (const method of ['GET', 'POST']) {
      tried += 1;
      const status = await ask(forged, method);
      if (status < 400 || status >= 500) opened.push(`${method}, ${name}: ${status}`);
    }
  if ((await members()) !== before) opened.push('one of them has made a member');
  await expectGenuine(ask, token(material));
  progress(`members: ${tried} forged tokens of ${Object.keys(forgeries).length} classes`);
  return { figures: { tried, accepted: opened.length }, opened };
}

function forgeriesOf(material: Material): Record<string, string> {
  const made = (prefix: string, classes: Record<string, Forgery>) =>
    Object.entries(classes).map(([name, forge]) => [`${prefix}: ${name}`, forge(material)]);
  const others = Object.entries(material.others).flatMap(([name, { id, secret }]) => [
    [`signed by ${name}`, token(material, { key: secret })],
    ...(id === undefined
      ? []
      : [[`signed by ${name}, and named`, token(material, { key: secret, header: { kid: id } })]]),
  ]);
  return Object.fromEntries([
    ...made('signature', SIGNATURES),
    ...made('secret', SECRETS),
    ...made('claims', CLAIMS),
    ...others,
  ]) as Record<string, string>;
}

async function materialOf(stack: Stack, owner: Business, other: Business): Promise<Material> {
  const { body: live } = await (
    await CoachUi.open(stack, 'live', owner.coachId)
  ).call('POST', '/v1/signing-secrets', {});
  const { body: expired } = await owner.coach.call('POST', '/v1/signing-secrets', {});
  await owner.coach.call('POST', `/v1/signing-secrets/${expired.id}/expire`, {});
  const { body: secret } = await owner.coach.call('POST', '/v1/signing-secrets', {});
  const { sealed } = await stack.db.signingSecret.findUniqueOrThrow({ where: { id: secret.id } });
  return {
    now: Math.floor(Date.now() / 1000),
    secret,
    others: {
      'the secret of another coach': other.signingSecret,
      'the secret of the other mode': live,
      'a secret that has ended': expired,
      'the key of the coach': { secret: owner.keys.test },
      'the hash of their key': { secret: createHash('sha256').update(owner.keys.test).digest('hex') },
      'the key of the platform': { secret: stack.config.platformKey },
      'the id of the coach': { secret: owner.coachId },
      'what is stored of the secret': { secret: sealed },
      'a secret of webhooks': { secret: stack.config.stripe.webhookSecrets[0]?.secret ?? '' },
      'the code of the console’s page': { secret: owner.console.csrf },
    },
  };
}

/** @throws Error where a token that is right is refused: then no refusal proves anything. */
async function expectGenuine(ask: (token: string, method: string) => Promise<number>, right: string) {
  const status = await ask(right, 'GET');
  if (status !== 200) throw new Error(`A token that is right was answered with ${status}`);
}
