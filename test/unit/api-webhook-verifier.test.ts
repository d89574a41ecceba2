import { createHmac } from 'node:crypto';
import Stripe from 'stripe';
import { verifyWebhook } from '../../src/api/webhooks/verifier';
import type { WebhookSecret } from '../../src/config/stripe-modes';
import { ProblemError } from '../../src/domain/problem';
import type { Mode } from '../../src/domain/mode';

const NOW = 1_800_000_000;
const SECRETS: WebhookSecret[] = [
  { secret: 'whsec_tc_old', scope: 'connect', mode: 'test' },
  { secret: 'whsec_tc', scope: 'connect', mode: 'test' },
  { secret: 'whsec_tp', scope: 'platform', mode: 'test' },
  { secret: 'whsec_lc', scope: 'connect', mode: 'live' },
  { secret: 'whsec_lp', scope: 'platform', mode: 'live' },
];

const event = (over: Record<string, unknown> = {}) =>
  JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type: 'checkout.session.completed',
    created: NOW - 5,
    livemode: false,
    account: 'acct_1',
    data: { object: { id: 'cs_1', object: 'checkout.session' } },
    ...over,
  });

const sign = (payload: string, secret: string, timestamp = NOW) =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });

const verify = (payload: string, header: string | undefined, modes: Mode[] = ['test', 'live']) =>
  verifyWebhook(Buffer.from(payload), header, SECRETS, modes, NOW);

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof ProblemError) return error.code;
    throw error;
  }
  return 'accepted';
};

test('an event of a connected account is read', () => {
  const payload = event();
  expect(verify(payload, sign(payload, 'whsec_tc'))).toEqual({
    mode: 'test',
    eventId: 'evt_1',
    accountId: 'acct_1',
    type: 'checkout.session.completed',
    objectId: 'cs_1',
    created: NOW - 5,
    body: payload,
  });
});

test.each<[string, string, string | undefined, string]>([
  ['the older of two secrets during a rotation', event(), sign(event(), 'whsec_tc_old'), 'accepted'],
  ['no signature', event(), undefined, 'webhook_signature_invalid'],
  ['a blank signature', event(), '', 'webhook_signature_invalid'],
  ['no time', event(), 'v1=00', 'webhook_signature_invalid'],
  ['nonsense', event(), 't=now,v1=zz', 'webhook_signature_invalid'],
  [
    'a signature of another scheme',
    event(),
    sign(event(), 'whsec_tc').replace('v1=', 'v0='),
    'webhook_signature_invalid',
  ],
  ['an unknown secret', event(), sign(event(), 'whsec_other'), 'webhook_signature_invalid'],
  ['an empty secret', event(), `t=${NOW},v1=`, 'webhook_signature_invalid'],
  ['a tampered body', event({ account: 'acct_2' }), sign(event(), 'whsec_tc'), 'webhook_signature_invalid'],
  [
    'a tampered time',
    event(),
    sign(event(), 'whsec_tc').replace(`t=${NOW}`, `t=${NOW - 1}`),
    'webhook_signature_invalid',
  ],
  ['five minutes old', event(), sign(event(), 'whsec_tc', NOW - 300), 'accepted'],
  ['older', event(), sign(event(), 'whsec_tc', NOW - 301), 'webhook_signature_invalid'],
  ['five minutes ahead', event(), sign(event(), 'whsec_tc', NOW + 300), 'accepted'],
  ['farther ahead', event(), sign(event(), 'whsec_tc', NOW + 301), 'webhook_signature_invalid'],
  ['not JSON', 'hello', sign('hello', 'whsec_tc'), 'webhook_body_invalid'],
  ['not an event', '{"id":"evt_1"}', sign('{"id":"evt_1"}', 'whsec_tc'), 'webhook_body_invalid'],
  ['no body', '', sign('', 'whsec_tc'), 'webhook_body_invalid'],
  ['a time of the year 10000', event({ created: 253_402_300_800 }), '', 'webhook_body_invalid'],
  ['a fraction of a second', event({ created: NOW + 0.5 }), '', 'webhook_body_invalid'],
  ['an account of odd letters', event({ account: 'acct_\ud800' }), '', 'webhook_body_invalid'],
  ['an object of odd letters', event({ data: { object: { id: 'cs_\udfff' } } }), '', 'webhook_body_invalid'],
  ['a type of odd letters', event({ type: 'a\u0000b' }), '', 'webhook_body_invalid'],
])('%s', (_name, payload, header, expected) => {
  const signature = header === '' && expected === 'webhook_body_invalid' ? sign(payload, 'whsec_tc') : header;
  expect(codeOf(() => verify(payload, signature))).toBe(expected);
});

describe('scenario 16: the header is read in one way', () => {
  const mac = (at: string | number) =>
    createHmac('sha256', 'whsec_tc').update(`${at}.${event()}`).digest('hex');
  test.each<[string, string, 'accepted' | 'refused']>([
    ['as Stripe writes it', `t=${NOW},v1=${mac(NOW)},v0=${'0'.repeat(64)}`, 'accepted'],
    ['with two signatures during a rotation', `t=${NOW},v1=${'0'.repeat(64)},v1=${mac(NOW)}`, 'accepted'],
    ['with blanks', `t=${NOW}, v1=${mac(NOW)}`, 'accepted'],
    [
      'a fresh time before the old one that was signed',
      `t=${NOW},t=${NOW - 900},v1=${mac(NOW - 900)}`,
      'refused',
    ],
    ['a fresh time behind the old one', `t=${NOW - 900},v1=${mac(NOW - 900)},t=${NOW}`, 'refused'],
    ['a fresh time before a future one', `t=${NOW},t=${NOW + 9e6},v1=${mac(NOW + 9e6)}`, 'refused'],
    ['the same time twice', `t=${NOW},t=${NOW},v1=${mac(NOW)}`, 'refused'],
    ['a blank before the second time', `t=${NOW}, t=${NOW - 900},v1=${mac(NOW - 900)}`, 'refused'],
    ['a time with zeros before it', `t=0${NOW},v1=${mac(`0${NOW}`)}`, 'refused'],
    ['a time with a fraction', `t=${NOW}.5,v1=${mac(`${NOW}.5`)}`, 'refused'],
    ['a time with an exponent', `t=18e8,v1=${mac('18e8')}`, 'refused'],
    ['a time with a sign', `t=+${NOW},v1=${mac(`+${NOW}`)}`, 'refused'],
    ['no time', `v1=${mac(NOW)}`, 'refused'],
    ['an empty time', `t=,v1=${mac('')}`, 'refused'],
    ['a signature cut off', `t=${NOW},v1=${mac(NOW).slice(0, 62)}`, 'refused'],
    ['a signature with more behind it', `t=${NOW},v1=${mac(NOW)}00`, 'refused'],
  ])('%s', (_name, header, expected) => {
    const refused = 'webhook_signature_invalid';
    expect(codeOf(() => verify(event(), header))).toBe(expected === 'refused' ? refused : expected);
  });
});

describe('scenario 34, A14: a thin event is signed like any other', () => {
  const thin = (over: Record<string, unknown> = {}) =>
    JSON.stringify({
      id: 'evt_test_65R9Ijk8',
      object: 'v2.core.event',
      type: 'v2.core.account.closed',
      livemode: false,
      created: '2027-01-15T08:00:00.250Z',
      context: 'acct_1',
      related_object: { id: 'acct_1', type: 'v2.core.account', url: '/v2/core/accounts/acct_1' },
      ...over,
    });

  test('it is read: the account from its context, the time from a text', () => {
    expect(verify(thin(), sign(thin(), 'whsec_tc'))).toMatchObject({
      mode: 'test',
      eventId: 'evt_test_65R9Ijk8',
      accountId: 'acct_1',
      type: 'v2.core.account.closed',
      objectId: 'acct_1',
      created: NOW,
    });
  });

  test.each<[string, string, string, string]>([
    ['of the platform itself', thin({ context: null }), 'whsec_tp', 'accepted'],
    ['without a context', thin({ context: undefined }), 'whsec_tp', 'accepted'],
    ['about no object', thin({ related_object: null }), 'whsec_tc', 'accepted'],
    ['of the other scope', thin(), 'whsec_tp', 'webhook_scope_invalid'],
    ['tampered with', thin({ context: 'acct_2' }), '', 'webhook_signature_invalid'],
    ['without a time', thin({ created: 'soon' }), 'whsec_tc', 'webhook_body_invalid'],
    ['an object that is no event', thin({ object: 'v3.core.event' }), 'whsec_tc', 'webhook_body_invalid'],
    ['a list of events', '[]', 'whsec_tc', 'webhook_body_invalid'],
    ['an event without an object', event({ data: {} }), 'whsec_tc', 'webhook_body_invalid'],
    ['a time beyond all time', event({ created: 9e15 }), 'whsec_tc', 'webhook_body_invalid'],
    ['a time before all time', event({ created: -1 }), 'whsec_tc', 'webhook_body_invalid'],
  ])('%s', (_name, payload, secret, expected) => {
    const header = secret === '' ? sign(thin(), 'whsec_tc') : sign(payload, secret);
    expect(codeOf(() => verify(payload, header))).toBe(expected);
  });
});

describe('what a secret may carry', () => {
  const account = 'acct_1';
  test.each<[string, { livemode: boolean; account?: string }, string]>([
    ['whsec_tc', { livemode: false, account }, 'accepted'],
    ['whsec_tc', { livemode: true, account }, 'webhook_scope_invalid'],
    ['whsec_tc', { livemode: false }, 'webhook_scope_invalid'],
    ['whsec_tp', { livemode: false }, 'accepted'],
    ['whsec_tp', { livemode: true }, 'webhook_scope_invalid'],
    ['whsec_tp', { livemode: false, account }, 'webhook_scope_invalid'],
    ['whsec_lc', { livemode: true, account }, 'accepted'],
    ['whsec_lc', { livemode: false, account }, 'accepted'],
    ['whsec_lc', { livemode: true }, 'webhook_scope_invalid'],
    ['whsec_lp', { livemode: true }, 'accepted'],
    ['whsec_lp', { livemode: false }, 'webhook_scope_invalid'],
    ['whsec_lp', { livemode: true, account }, 'webhook_scope_invalid'],
  ])('%s carries %o: %s', (secret, over, expected) => {
    const payload = event({ account: undefined, ...over });
    expect(codeOf(() => verify(payload, sign(payload, secret)))).toBe(expected);
  });

  test('livemode, not the secret, decides the mode', () => {
    const payload = event({ livemode: false });
    expect(verify(payload, sign(payload, 'whsec_lc')).mode).toBe('test');
  });

  test('a mode that is switched off is refused', () => {
    const payload = event({ livemode: true });
    expect(codeOf(() => verify(payload, sign(payload, 'whsec_lc'), ['test']))).toBe('webhook_scope_invalid');
  });
});

test('what Postgres cannot store is taken out, the rest stays', () => {
  const payload = event({ data: { object: { id: 'cs_1', metadata: { 'a\u0000b': 'x\u0000y \ud800 😀' } } } });
  const read = verify(payload, sign(payload, 'whsec_tc'));
  expect((JSON.parse(read.body) as { data: unknown }).data).toEqual({
    object: { id: 'cs_1', metadata: { ab: 'xy \ufffd 😀' } },
  });
});
