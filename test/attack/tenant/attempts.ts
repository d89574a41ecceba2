import { createHash } from 'node:crypto';
import { exampleOf, idsIn, type Operation, withValue } from '../document';
import type { Headers } from '../wire';
import type { Business } from './business';

/** One request of somebody who may not, for something of the victim's. */
export interface Attempt {
  name: string;
  method: string;
  path: string;
  headers: Headers;
  body?: unknown;
  /**
   * `refused`: no answer may be a success, since whoever asks is nobody, or names what is not theirs. `empty`: a success may
   * be, as of a list of one's own, but has nothing of the victim's.
   */
  expected: 'refused' | 'empty';
}

export interface Parties {
  attacker: Business;
  victim: Business;
  platformKey: string;
  /** A token that says to the victim's pages who is buying. */
  memberToken: string;
}

const bearer = (key: string): Headers => [['Authorization', `Bearer ${key}`]];
const digest = (text: string, encoding: 'hex' | 'base64url') =>
  createHash('sha256').update(text).digest(encoding);

/** Who cannot be anybody: no answer to them is a success, wherever they ask. */
function nobodies({ attacker, victim, memberToken }: Parties): Record<string, Headers> {
  const { test: key } = victim.keys;
  const random = key.slice('ses_test_'.length);
  const last = key.at(-1) === 'A' ? 'B' : 'A';
  return {
    'no key': [],
    'an empty header': [['Authorization', '']],
    'no key behind the word': [['Authorization', 'Bearer ']],
    'a key that was made up': bearer(`ses_test_${'A'.repeat(43)}`),
    'a revoked key': bearer(victim.keys.revoked),
    'a key with another end': bearer(`${key.slice(0, -1)}${last}`),
    'a part of a key': bearer(key.slice(0, -1)),
    'more than a key': bearer(`${key}A`),
    'the random part of a key': bearer(random),
    'a key that says the other mode': bearer(`ses_live_${random}`),
    'a key in capitals': bearer(key.toUpperCase()),
    'two keys': bearer(`${attacker.keys.test}, ${key}`),
    'two headers': [...bearer('x'), ...bearer(key)],
    'what is stored of a key': bearer(digest(key, 'hex')),
    'what is stored of a key, as a key': bearer(`ses_test_${digest(key, 'base64url')}`),
    'the id of a key': bearer(victim.ids['key_'] ?? ''),
    'the id of the coach': bearer(victim.coachId),
    'the signing secret': bearer(victim.signingSecret.secret),
    'the token of a member': bearer(memberToken),
    'a key as user and password': [['Authorization', `Basic ${Buffer.from(`${key}:`).toString('base64')}`]],
    'a key without the word': [['Authorization', key]],
    'a key in another header': [['X-Api-Key', key]],
    'a key in a cookie': [['Cookie', `session_console=${key}; Authorization=Bearer ${key}`]],
    'the cookie of the console': [['Cookie', victim.console.cookie]],
    'a quotation mark': bearer(`ses_test_' OR '1'='1`),
  };
}

/** Wrong credentials, with each of an operation's requests for what the victim has. */
export function wrongCredentials(operation: Operation, parties: Parties): Attempt[] {
  const { attacker, victim, platformKey } = parties;
  const request = requestFor(operation, victim.ids);
  const { body } = request;
  const keyOfVictim = victim.keys.test;
  const attempts = Object.entries(nobodies(parties)).map(([name, headers]) =>
    attempt(`${name}`, request, headers, 'refused'),
  );
  for (const parameter of ['key', 'api_key', 'access_token', 'authorization'])
    attempts.push(
      attempt(
        `a key in the address (${parameter})`,
        { ...request, path: withQuery(request.path, `${parameter}=${keyOfVictim}`) },
        [],
        'refused',
      ),
    );
  if (operation.key === 'platform')
    return [
      ...attempts,
      attempt('the key of the coach that it is about', request, bearer(keyOfVictim), 'refused'),
      attempt('the key of another coach', request, bearer(attacker.keys.test), 'refused'),
      attempt('a part of the platform’s key', request, bearer(platformKey.slice(0, -1)), 'refused'),
    ];
  // What is copied to live belongs to live mode.
  const otherMode = operation.path.startsWith('/v1/live-copies') ? keyOfVictim : victim.keys.live;
  const names = namesVictim(operation, body, victim);
  const expected = names ? 'refused' : 'empty';
  return [
    ...attempts,
    attempt('the platform’s key', request, bearer(platformKey), 'refused'),
    attempt('the key of another coach', request, bearer(attacker.keys.test), expected),
    attempt('another coach’s key for the other mode', request, bearer(attacker.keys.live), expected),
    attempt('their own key for the other mode', request, bearer(otherMode), expected),
  ];
}

/** The victim's ids with the attacker's own key, one place at a time. */
export function foreignIds(operation: Operation, { attacker, victim }: Parties): Attempt[] {
  if (operation.key !== 'coach') return [];
  const own = requestFor(operation, attacker.ids);
  const key = bearer(attacker.keys.test);
  const attempts: Attempt[] = [];
  for (const { way, prefix } of idsIn(operation.body ?? {}))
    attempts.push(
      attempt(
        `a foreign ${way.join('.')}`,
        { ...own, body: withValue(own.body, way, victim.ids[prefix]) },
        key,
        'refused',
      ),
    );
  for (const { name } of operation.query) {
    for (const value of foreignValues(name, victim))
      attempts.push(
        attempt(
          `a foreign ${name}`,
          { ...own, path: withQuery(own.path, `${name}=${encodeURIComponent(value)}`) },
          key,
          'empty',
        ),
      );
  }
  if (operation.method === 'POST') {
    const { key: used, path, body } = victim.idempotent;
    const repeated =
      operation.path === path ? { method: 'POST', path, body } : requestFor(operation, victim.ids);
    const expected = operation.path.includes('{') ? 'refused' : 'empty';
    attempts.push(
      attempt('a foreign Idempotency-Key', repeated, [...key, ['Idempotency-Key', used]], expected),
    );
  }
  return attempts;
}

function foreignValues(name: string, victim: Business): string[] {
  const { ids, trace, cursors } = victim;
  switch (name) {
    case 'cursor':
      return cursors;
    case 'member':
      return [ids['mbr_'] ?? '', `member-${trace}`];
    case 'product':
      return [ids['pdt_'] ?? ''];
    case 'price':
      return [ids['amt_'] ?? ''];
    case 'externalId':
      return [`member-${trace}`];
    case 'search':
      return [trace, `${trace}@members.example`, '%', '_'];
    default:
      return [];
  }
}

/** Whether a request is for something of the victim's, and not for what whoever asks has of their own. */
const namesVictim = ({ path }: Operation, body: unknown, { ids }: Business): boolean =>
  /\{/.test(path) || Object.values(ids).some((id) => (JSON.stringify(body) ?? '').includes(id));

/** The console's copies of the routes: other cookies, no token of the page, another site's page. */
export function throughTheConsole(operation: Operation, { attacker, victim }: Parties): Attempt[] {
  if (operation.key !== 'coach') return [];
  const { method, path, body } = requestFor(operation, victim.ids);
  const changes = method !== 'GET';
  const names = namesVictim(operation, body, victim);
  const signedIn = ({ console: { cookie, csrf } }: Business): Headers => [
    ['Cookie', cookie],
    ['X-CSRF-Token', csrf],
  ];
  return (['test', 'live'] as const).flatMap((mode) => {
    const request = { method, path: `/console/api/${mode}${path}`, body };
    const at = (name: string, headers: Headers, expected: Attempt['expected']) =>
      attempt(`console, ${mode}: ${name}`, request, headers, expected);
    return [
      at('no cookie', [['X-CSRF-Token', victim.console.csrf]], 'refused'),
      at('a key for a cookie', bearer(victim.keys[mode]), 'refused'),
      at('a key as the cookie', [['Cookie', `session_console=${victim.keys[mode]}`]], 'refused'),
      at('another coach', signedIn(attacker), names ? 'refused' : 'empty'),
      ...(changes
        ? [
            at('no token of the page', [['Cookie', victim.console.cookie]], 'refused'),
            at(
              'the token of another session',
              [
                ['Cookie', victim.console.cookie],
                ['X-CSRF-Token', attacker.console.csrf],
              ],
              'refused',
            ),
            at('another site', [...signedIn(victim), ['Origin', 'https://evil.example']], 'refused'),
            at('a page without an origin', [...signedIn(victim), ['Origin', 'null']], 'refused'),
          ]
        : []),
    ];
  });
}

/** Sessions of the victim, by the attacker's. */
export function consoleSessions({ attacker, victim }: Parties): Attempt[] {
  const { cookie, csrf } = attacker.console;
  const own: Headers = [
    ['Cookie', cookie],
    ['X-CSRF-Token', csrf],
  ];
  const path = `/console/api/sessions/${victim.console.sessionId}`;
  return [
    attempt('console: a foreign session', { method: 'DELETE', path }, own, 'refused'),
    attempt('console: a session, by nobody', { method: 'DELETE', path }, [], 'refused'),
    attempt(
      'console: all sessions, without the token',
      { method: 'DELETE', path: '/console/api/sessions' },
      [['Cookie', victim.console.cookie]],
      'refused',
    ),
    attempt('console: the sessions', { method: 'GET', path: '/console/api/sessions' }, own, 'empty'),
  ];
}

interface Request {
  method: string;
  path: string;
  body?: unknown;
}

/** An operation's request with somebody's ids. */
function requestFor({ method, path, body }: Operation, ids: Record<string, string>): Request {
  return {
    method,
    path: path.replaceAll(/\{(\w+)\}/g, (_, name) => ids[name === 'eventId' ? 'fct_' : kindIn(path)] ?? '1'),
    ...(body === null ? {} : { body: exampleOf(body, ids) }),
  };
}

const KINDS: readonly (readonly [string, string])[] = [
  ['/v1/products/', 'pdt_'],
  ['/v1/prices/', 'amt_'],
  ['/v1/price-moves/', 'pmv_'],
  ['/v1/coupons/', 'cpn_'],
  ['/v1/promotion-codes/', 'pcd_'],
  ['/v1/live-copies/', 'cpy_'],
  ['/v1/members/', 'mbr_'],
  ['/v1/member-views/', 'mvw_'],
  ['/v1/member-notes/', 'mnt_'],
  ['/v1/memberships/', 'msp_'],
  ['/v1/checkouts/', 'chk_'],
  ['/v1/grants/', 'gnt_'],
  ['/v1/signing-secrets/', 'sgn_'],
  ['/v1/payments/', 'payments'],
  ['/v1/withdrawals/', 'wdr_'],
  ['/v1/events/', 'fct_'],
  ['/v1/webhook-endpoints/', 'whe_'],
  ['/v1/mails/', 'mail_'],
  ['/v1/mail-suppressions/', 'mail-suppressions'],
  ['/v1/coaches/', 'coach_'],
  ['/v1/api-keys/', 'key_'],
  ['/v1/people/', 'psn_'],
  ['/v1/keys/', 'key_'],
  ['/v1/inbox/', 'inbox'],
];

/** @throws Error for a path with an id of a kind that is not known here: a new resource is to be attacked as well. */
function kindIn(path: string): string {
  const found = KINDS.find(([prefix]) => path.startsWith(prefix));
  if (found === undefined) throw new Error(`Whose id is in ${path}? Add it to KINDS.`);
  return found[1];
}

function attempt(
  name: string,
  { method, path, body }: Request,
  headers: Headers,
  expected: Attempt['expected'],
): Attempt {
  return { name: `${method} ${path}: ${name}`, method, path, headers, body, expected };
}

const withQuery = (path: string, query: string) => `${path}${path.includes('?') ? '&' : '?'}${query}`;
