import Ajv2020 from 'ajv/dist/2020';
import { exampleOf, type Operation, operationsOf, type Schema } from '../attack/document';
import {
  type ApiTest,
  connect,
  createCoach,
  createPrice,
  PLATFORM_KEY,
  startApi,
  type TestCoach,
} from './api-support';

// The other half of api-document.test.ts: what the document allows of a field by itself, the routes take. What only two
// fields together make impossible is said in words.
let api: ApiTest;
let coach: TestCoach;
let ids: Record<string, string>;
let operations: Operation[];
beforeAll(async () => {
  api = await startApi();
  coach = await createCoach(api);
  const { productId, priceId } = await createPrice(api, coach, await connect(api, coach));
  const member = await api.call('POST', '/v1/members', { key: coach.key, body: { externalId: 'ada' } });
  ids = { pdt_: productId, amt_: priceId, mbr_: member.body.id as string, coach_: coach.coachId };
  operations = await operationsOf(api.url);
});
afterAll(() => api.close());

const isTime = (text: string) => !Number.isNaN(Date.parse(text));
const ajv = new Ajv2020({ strict: false, formats: { 'date-time': isTime, email: true } });

/** What people, programs and attackers write into fields of any kind. */
const VALUES: unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    1,
    2,
    -1,
    15,
    61,
    200,
    366,
    731,
    1000,
    3651,
    100_001,
    99_999_999,
    100_000_000,
    1.5,
  ],
  ...[
    '',
    ' ',
    '\u00a0',
    '\ufeff',
    '\u0000',
    'a\u0007',
    'a\tb',
    ' a ',
    'x',
    'é',
    '😀',
    'x'.repeat(150),
    'mbr_x',
    ' mbr_x',
  ],
  ...['eur', 'EUR', 'xyz', 'usd ', 'live', 'now', '0', '1', '01', '-1', '9'.repeat(18)],
  ...[
    'a@b.example',
    'a@b',
    'a..b@c.example',
    '.a@b.example',
    "a'@b.example",
    'A@B.example',
    'é@b.example',
    'a@-b.example',
  ],
  ...[
    '2027-01-01T00:00:00Z',
    '2027-01-01',
    '1960-01-01T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '2027-13-01T00:00:00Z',
  ],
  ...[
    'http://a.example',
    'https://a.example/',
    'https://a.example/b?c#d',
    'HTTPS://A.example',
    'https://a.example:443',
  ],
  ...[
    'http://a.example:80/',
    'https://a.example:0443',
    'http:a.example',
    'http:\\\\a.example',
    'https://a.example\\b',
  ],
  ...[
    'https://a@b.example',
    'https://a.example/\u00e9',
    'https://a.example/ b',
    'https://1.2.3',
    'https://1.2.3.4',
  ],
  ...[
    'https://256.1.1.1',
    'http://[::1]/',
    'https://a..b',
    'https://a.example:65536',
    'ftp://a.example',
    '//a.example',
  ],
  ...[
    [],
    {},
    ['x'],
    ['test'],
    ['https://a.example'],
    { interval: 'year', intervalCount: 4 },
    { interval: 'week' },
  ],
  ...[
    { interval: 'day', intervalCount: 366 },
    { interval: 'month', intervalCount: 37 },
    { id: 'mbr_1' },
    { externalId: 'x' },
  ],
];

/** Cursors are those that a list has answered: no document can name them. */
const isCursor = (name: string) => name === 'cursor';

const keyOf = ({ key }: Operation) => (key === 'platform' ? PLATFORM_KEY : coach.key);
const pathOf = ({ path }: Operation) =>
  path.replaceAll(/\{\w+\}/g, () => (path.startsWith('/v1/products') ? ids['pdt_'] : undefined) ?? 'x_1');

/** The field that a refusal of the form names; null for any other answer. */
async function refusedField(operation: Operation, query: string, body?: unknown): Promise<string | null> {
  const answer = await api.call(operation.method, pathOf(operation) + query, {
    key: keyOf(operation),
    ...(body === undefined ? {} : { body }),
  });
  return answer.body.code === 'invalid_request' ? String(answer.body.field) : null;
}

const isBy = (field: string | null, name: string) =>
  field === name || (field?.startsWith(`${name}.`) ?? false);

/** Whether a field of this name and schema has been tried before: `limit` is the same in every list. */
function triedBefore(
  seen: Set<string>,
  name: string,
  { description: _, ...schema }: Schema & object,
): boolean {
  const key = `${name} ${JSON.stringify(schema)}`;
  const was = seen.has(key);
  seen.add(key);
  return was;
}

test('a value that the document allows in a body is taken there', async () => {
  const differences: string[] = [];
  const seen = new Set<string>();
  for (const operation of operations.filter(({ key, body }) => key !== null && body !== null)) {
    const schema = operation.body as Schema;
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      // Of a field that goes with others only, nothing is said here.
      if (TOGETHER[operation.path]?.includes(name) === true || triedBefore(seen, name, property)) continue;
      const allows = ajv.compile(property as object);
      for (const value of VALUES.filter((one) => allows(one))) {
        const beside = BESIDE[name];
        // Null says that there is none of it, which is then missing.
        if (beside !== undefined && value === null) continue;
        const body = { ...(exampleOf(schema, ids) as object), ...beside, [name]: value };
        const field = await refusedField(operation, '', body);
        if (isBy(field, name))
          differences.push(`${operation.method} ${operation.path} ${name}: ${JSON.stringify(value)}`);
      }
    }
  }
  expect(differences).toEqual([]);
});

test('a value that the document allows in a query is taken there', async () => {
  const differences: string[] = [];
  const seen = new Set<string>();
  for (const operation of operations.filter(({ key }) => key !== null))
    for (const { name, schema } of operation.query.filter((one) => !isCursor(one.name))) {
      if (triedBefore(seen, name, schema)) continue;
      const allows = ajv.compile(schema as object);
      const written = VALUES.filter((value) => typeof value !== 'object').map(String);
      for (const value of written.filter(
        (one) => allows(one) || (/^-?\d+$/.test(one) && allows(Number(one))),
      )) {
        const field = await refusedField(operation, `?${name}=${encodeURIComponent(value)}`);
        if (isBy(field, name)) differences.push(`${operation.method} ${operation.path} ?${name}=${value}`);
      }
    }
  expect(differences).toEqual([]);
});

/** Fields of which one may be impossible beside another: which go together, the description says. */
const TERMS = [
  'model',
  'unitAmount',
  'setupFee',
  'minAmount',
  'maxAmount',
  'suggestedAmount',
  'promotionCodes',
];
const TOGETHER: Record<string, readonly string[]> = {
  // How many of it one purchase may be of, and in which currencies, each price says.
  '/v1/checkouts': ['quantity', 'currency'],
  '/v1/prices/{id}': ['promotionCodes'],
  '/v1/coupons': ['percentOff', 'amountOff', 'currency', 'duration', 'months'],
  '/v1/products/{id}/prices': TERMS,
  '/v1/prices/{id}/replace': TERMS,
};
/** What a field needs beside it to mean anything. */
const BESIDE: Record<string, object> = {
  recurring: { model: 'recurring' },
  trialDays: { model: 'recurring', unitAmount: 4900, recurring: { interval: 'month' } },
  installments: { model: 'installments', unitAmount: 4900, recurring: { interval: 'month' } },
};
