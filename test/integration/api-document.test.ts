import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import { apiFor, coachFor, connect, createMembership, createPrice, PLATFORM_KEY } from './api-support';

// The document says of every route what it takes and what it answers; here both are held against the routes themselves.
interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: object;
}
interface Operation {
  security: Record<string, unknown>[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, { schema: object }> };
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

let document: Document;
let ids: Record<string, string>;
const ajv = new Ajv2020({ strict: false, validateFormats: false });
const api = apiFor('file');
const coach = coachFor('file', api);
beforeAll(async () => {
  document = (await api.call('GET', '/openapi.json')).body as unknown as Document;
  ajv.addSchema({ $id: 'document', ...document });
  const price = await createPrice(api, coach, await connect(api, coach));
  const member = await api.call('POST', '/v1/members', { key: coach.key, body: { externalId: 'ada' } });
  const membership = await createMembership(api, coach, price, member.body.id as string);
  const gift = await api.call('POST', '/v1/grants', {
    key: coach.key,
    body: { member: { externalId: 'ada' }, productId: price.productId },
  });
  const path = `/v1/coaches/${coach.coachId}/api-keys`;
  const spare = await api.call('POST', path, { key: PLATFORM_KEY, body: { mode: 'test' } });
  ids = {
    '/v1/products/': price.productId,
    '/v1/prices/': price.priceId,
    '/v1/members/': member.body.id as string,
    '/v1/memberships/': membership.membershipId,
    '/v1/checkouts/': membership.checkoutId,
    '/v1/grants/': gift.body.id as string,
    '/v1/coaches/': coach.coachId,
    // Another one than this test's own, which is not to be revoked.
    '/v1/api-keys/': spare.body.id as string,
    '/buy/': price.priceId,
  };
});

/** Pointers into the document have their references resolved. */
const compiled = new Map<string, ValidateFunction>();
function validator(...path: string[]): ValidateFunction {
  const pointer = path
    .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  const known = compiled.get(pointer);
  if (known !== undefined) return known;
  const made = ajv.compile({ $ref: `document#/${pointer}` });
  compiled.set(pointer, made);
  return made;
}

interface Case {
  path: string;
  method: string;
  operation: Operation;
}
/** The JSON routes: what takes a key, and the offer. */
const cases = (): Case[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { responses }]) => Object.values(responses).some(({ content }) => content !== undefined))
      .map(([method, operation]) => ({ path, method, operation })),
  );

/** An address with the ids of what is there; those of nothing are well formed. */
const addressOf = ({ path }: Case) =>
  path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const known = Object.entries(ids).find(([prefix]) => path.startsWith(prefix));
    return known?.[1] ?? `${name}_1`;
  });
const keyOf = ({ operation }: Case) =>
  operation.security.some((one) => 'platformKey' in one) ? PLATFORM_KEY : coach.key;

/** What has no run here: the routes answer before it, or with what it did. */
beforeEach(() => {
  for (const name of [
    'resumeMembership',
    'pauseMembership',
    'cancelMembership',
    'changeMembershipPrice',
  ] as const)
    api.fake.set(name, (membershipId: string) =>
      Promise.resolve({ membershipId, status: 'active', reason: 'paid' }),
    );
});

const differences: string[] = [];
async function send(
  one: Case,
  what: string,
  query: string,
  body: unknown,
  headers: Record<string, string> = {},
) {
  const { method, path, operation } = one;
  const answer = await api.call(method.toUpperCase(), addressOf(one) + query, {
    key: keyOf(one),
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const name = `${method} ${path}, ${what}: ${answer.status}`;
  const documented = operation.responses[String(answer.status)];
  const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
  if (documented === undefined) differences.push(`${name} is not in the document`);
  else if (documented.content?.[type] === undefined) differences.push(`${name} is of another type: ${type}`);
  else {
    const check = validator(
      'paths',
      path,
      method,
      'responses',
      String(answer.status),
      'content',
      type,
      'schema',
    );
    const body: unknown = type.endsWith('json') ? answer.body : answer.text;
    if (check(body) !== true)
      differences.push(`${name} has another body: ${ajv.errorsText(check.errors)} ${answer.text}`);
  }
  if (answer.status >= 500) differences.push(`${name} ${answer.text}`);
  return answer;
}

const VALUES: unknown[] = [null, '', 'x', 0, -1, 1.5, 1e12, true, [], {}, ['x'], { x: 1 }, 'x'.repeat(5000)];

test('every answer is one that the document has, whatever is asked', async () => {
  // The address of what is there is used by all of them, so what ends it comes last.
  const ends = ({ path }: Case) => /revoke|archive|erase|disconnect|expire/.test(path);
  const all = cases().filter(({ path }) => !path.startsWith('/console'));
  const ordered = [...all.filter((one) => !ends(one)), ...all.filter(ends)];
  for (const one of ordered) {
    const { method, operation } = one;
    const hasBody = operation.requestBody !== undefined;
    await send(one, 'plain', '', undefined);
    await send(one, 'an unknown parameter', '?nonsense=1', hasBody ? {} : undefined);
    for (const { name, in: place } of operation.parameters ?? [])
      if (place === 'query')
        for (const value of ['', '0', '-1', 'x', '%00', '%f0%9f%98%80', 'x'.repeat(3000)])
          await send(one, `${name}=${value.slice(0, 9)}`, `?${name}=${value}`, undefined);
    if (method === 'post') await send(one, 'an empty key of idempotency', '', {}, { 'Idempotency-Key': ' ' });
    if (!hasBody) continue;
    for (const body of ['', '{', 'null', '[]', '"x"', '1']) await send(one, `the body ${body}`, '', body);
    await send(one, 'another type', '', 'a=1', { 'Content-Type': 'application/x-www-form-urlencoded' });
  }
  expect(differences.splice(0)).toEqual([]);
});

interface Shape {
  $ref?: string;
  properties?: Record<string, object>;
  required?: string[];
}
const shapeOf = ({ operation }: Case): Shape => {
  const schema = (operation.requestBody?.content['application/json']?.schema ?? {}) as Shape;
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : ((document.components.schemas[name] ?? {}) as Shape);
};

test('what the document does not allow is refused as that, field by field', async () => {
  for (const one of cases()) {
    if (one.operation.requestBody === undefined || one.path.startsWith('/console')) continue;
    const isAllowed = validator(
      'paths',
      one.path,
      one.method,
      'requestBody',
      'content',
      'application/json',
      'schema',
    );
    const bodies = [
      {},
      { nonsense: 1 },
      ...Object.keys(shapeOf(one).properties ?? {}).flatMap((field) =>
        VALUES.map((value) => ({ [field]: value })),
      ),
    ];
    for (const body of bodies) {
      // What it allows may still be refused: which terms go together is said in words.
      if (isAllowed(body) === true) continue;
      const what = JSON.stringify(body).slice(0, 60);
      const answer = await send(one, what, '', body);
      if (answer.status < 400 || answer.status >= 500)
        differences.push(`${one.method} ${one.path} took ${what}, which the document does not allow`);
    }
  }
  expect(differences.splice(0)).toEqual([]);
});
