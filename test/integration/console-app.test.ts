import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type ApiTest, startApi } from './api-support';

const SCRIPT = 'console.log("the console")';
const INDEX = '<!doctype html><script type="module" src="/console/assets/app-1a2b.js"></script>';

let folder: string;
let api: ApiTest;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'console-'));
  const built = join(folder, 'built');
  mkdirSync(join(built, 'assets'), { recursive: true });
  writeFileSync(join(built, 'index.html'), INDEX);
  writeFileSync(join(built, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(built, 'assets', 'app-1a2b.js'), SCRIPT);
  writeFileSync(join(built, 'assets', 'app-1a2b.js.br'), brotliCompressSync(SCRIPT));
  writeFileSync(join(built, 'assets', 'app-1a2b.js.gz'), gzipSync(SCRIPT));
  writeFileSync(join(built, 'assets', 'style-3c4d.css'), 'body{margin:0}');
  writeFileSync(join(folder, 'secret.txt'), 'not to be seen');
  api = await startApi({ CONSOLE_DIR: built });
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

test.each(['/console', '/console/', '/console/test/settings/payments', '/console/live/members/mbr_1?tab=a'])(
  '%s is the app, under its own policy and never kept',
  async (path) => {
    const { status, text, headers } = await api.call('GET', path);
    expect(status).toBe(200);
    expect(text).toBe(INDEX);
    expect(headers.get('content-type')).toContain('text/html');
    expect(headers.get('cache-control')).toBe('no-store');
    // In any order: it means nothing there.
    expect(headers.get('content-security-policy')?.split(';').sort()).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "font-src 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "img-src 'self' data:",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
    ]);
    expect(headers.get('x-frame-options')).toBe('DENY');
  },
);

test.each([
  ['br, gzip', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['identity', null],
])('a browser that takes %s gets the script in %s, kept for ever', async (accepts, encoding) => {
  const { status, text, headers } = await api.call('GET', '/console/assets/app-1a2b.js', {
    headers: { 'accept-encoding': accepts },
  });
  expect(status).toBe(200);
  expect(text).toBe(SCRIPT);
  expect(headers.get('content-encoding')).toBe(encoding);
  expect(headers.get('content-type')).toContain('text/javascript');
  expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(headers.get('vary')).toContain('Accept-Encoding');
});

test('a file without a compressed one is sent as it is', async () => {
  const { text, headers } = await api.call('GET', '/console/assets/style-3c4d.css');
  expect(text).toBe('body{margin:0}');
  expect(headers.get('content-encoding')).toBeNull();
  const icon = await api.call('GET', '/console/favicon.svg');
  expect(icon.headers.get('content-type')).toContain('image/svg+xml');
  expect(icon.headers.get('cache-control')).toBe('public, max-age=0');
});

test('an asset of another build is missing, not the page', async () => {
  const answer = await api.call('GET', '/console/assets/app-gone.js');
  expect(answer.status).toBe(404);
  expect(answer.body).toMatchObject({ code: 'route_not_found' });
});

test('nothing outside the folder can be had', async () => {
  for (const path of [
    '/console/..%2fsecret.txt',
    '/console/assets/..%2f..%2fsecret.txt',
    '/console/%2e%2e/secret.txt',
  ])
    expect((await api.call('GET', path)).text).not.toContain('not to be seen');
});

test('the app is only read, and its API is no page', async () => {
  expect((await api.call('POST', '/console/settings', { body: {} })).status).toBe(405);
  const answer = await api.call('GET', '/console/api/nothing');
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toContain('problem+json');
});

test('where it was not built, a sentence says so', async () => {
  const empty = await startApi({ CONSOLE_DIR: join(folder, 'nowhere') });
  try {
    const { status, text } = await empty.call('GET', '/console/test/home');
    expect(status).toBe(503);
    expect(text).toContain('The console is not built');
    expect(text).toContain('npm run build');
  } finally {
    await empty.close();
  }
});

test('who opens the address alone in a browser is led to the console; a program hears that nothing is there', async () => {
  const person = await api.call('GET', '/', {
    headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
  });
  expect(person.status).toBe(302);
  expect(person.headers.get('location')).toBe('/console');
  const program = await api.call('GET', '/', { headers: { Accept: 'application/json' } });
  expect(program.status).toBe(404);
  expect(program.body).toMatchObject({ code: 'route_not_found' });
});
