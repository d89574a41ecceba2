import { randomBytes } from 'node:crypto';
import { modeOfKey, newApiKey } from '../../src/api/platform/api-key-secret';
import { sameSecret } from '../../src/api/http/auth';
import { html } from '../../src/html';
import { pageArgs, pageOf } from '../../src/api/http/paging';
import { withOutcome } from '../../src/api/checkout/return-page';
import { amount, currency, email, externalId, text, webAddress } from '../../src/api/http/schemas';
import { PROBLEMS, ProblemError } from '../../src/domain/problem';
import { formatMoney } from '../../src/domain/money';
import { problemBody } from '../../src/api/http/problem';

test('an API key carries its mode and 256 random bits', () => {
  const key = newApiKey('live');
  expect(key).toMatch(/^ses_live_[A-Za-z0-9_-]{43}$/);
  expect(modeOfKey(key)).toBe('live');
  expect(modeOfKey(`${key}x`)).toBeNull();
  expect(modeOfKey('ses_prod_' + 'a'.repeat(43))).toBeNull();
});

test('secrets of any length are compared', () => {
  const secret = randomBytes(40).toString('hex');
  expect(sameSecret(secret, secret)).toBe(true);
  expect(sameSecret(secret, secret.slice(1))).toBe(false);
  expect(sameSecret('', secret)).toBe(false);
});

test('values in a template are escaped, templates are not', () => {
  const bad = `<script>alert("1")</script>'&`;
  expect(
    html`<p title="${bad}">${html`<b>${bad}</b>`}${null}${false}${[html`<i></i>`, html`<u></u>`]}</p>`.text,
  ).toBe(
    '<p title="&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#39;&#38;"><b>&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#39;&#38;</b><i></i><u></u></p>',
  );
});

test.each<[number, string, string]>([
  [4900, 'eur', '€49.00'],
  [4900, 'jpy', '¥4,900'],
  [4900, 'kwd', 'KWD 4.900'],
  [4900, 'isk', 'ISK 49.00'],
  [1, 'usd', '$0.01'],
])('%i %s reads %s', (amountOf, code, expected) => {
  expect(formatMoney(amountOf, code).replaceAll(/\s/g, ' ')).toBe(expected);
});

test('pages go on after the last row shown', () => {
  const rows = [3, 2, 1].map((n) => ({ id: `pdt_${n}`, createdAt: new Date(n * 1000) }));
  const { data, nextCursor } = pageOf(rows, 2, (row) => row.id);
  expect(data).toEqual(['pdt_3', 'pdt_2']);
  expect(pageArgs({ limit: 2, cursor: nextCursor ?? '' }).after).toEqual({
    // An index is entered here; what is as old as the row is told apart by its id.
    createdAt: { lte: new Date(2000) },
    OR: [{ createdAt: { lt: new Date(2000) } }, { id: { lt: 'pdt_2' } }],
  });
  expect(pageOf(rows.slice(0, 2), 2, (row) => row.id).nextCursor).toBeNull();
});

test.each([
  '',
  'x',
  Buffer.from('1|').toString('base64url'),
  Buffer.from('NaN|pdt_1').toString('base64url'),
  Buffer.from('9e99|pdt_1').toString('base64url'),
])('the cursor %j is refused', (cursor) => {
  expect(() => pageArgs({ limit: 2, cursor })).toThrow(ProblemError);
});

test('the outcome is added to an address and nothing else is touched', () => {
  expect(withOutcome('https://a.example/x?y=1&status=old#z', { id: 'chk_1', status: 'completed' })).toBe(
    'https://a.example/x?y=1&status=completed&checkout=chk_1#z',
  );
});

test.each<[string, { safeParse(value: unknown): { success: boolean } }, unknown[], unknown[]]>([
  ['currency', currency, ['eur', 'jpy', 'kwd'], ['EUR', 'euro', 'xyz', '', 1]],
  ['amount', amount, [1, 99_999_999], [0, -1, 1.5, 100_000_000, '100', NaN, null]],
  [
    'email',
    email,
    ['Mia@Example.com', `${'a'.repeat(64)}@example.com`, `mia@${'a'.repeat(63)}.example`],
    [
      ...['mia', 'a@b', '', 'mia@a-.example', `mia@${'a'.repeat(64)}.example`],
      ...[`${'a'.repeat(65)}@example.com`, `${'a'.repeat(250)}@example.com`],
    ],
  ],
  ['externalId', externalId, ['user-42', 'mia@example.com'], ['', ' ', 'mbr_1', 'a\u0000b', 'x'.repeat(201)]],
  ['text', text(5), ['abc', ' abc '], ['', 'abcdef', 'a\u0007', '\u000cabc', 'abc\u000b']],
  [
    'webAddress',
    webAddress,
    ['https://a.example/x', 'http://localhost:3000'],
    ['javascript:alert(1)', '/x', 'https://u:p@a.example', 'ftp://a.example', 'https://'],
  ],
])('%s', (_name, schema, good, bad) => {
  for (const value of good) expect([value, schema.safeParse(value).success]).toEqual([value, true]);
  for (const value of bad) expect([value, schema.safeParse(value).success]).toEqual([value, false]);
});

test('every code makes a complete problem', () => {
  for (const code of Object.keys(PROBLEMS) as (keyof typeof PROBLEMS)[]) {
    const body = problemBody(new ProblemError(code, 'What happened.', { field: 'x', more: 1 }));
    expect(body).toMatchObject({ code, type: `/problems#${code}`, field: 'x', details: { more: 1 } });
    expect(body.status).toBeGreaterThanOrEqual(400);
    expect(body.todo.length).toBeGreaterThan(10);
  }
});
