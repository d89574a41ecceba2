import { describeApi } from '../../src/api/describe';
import {
  mayDo,
  OPERATIONS,
  operationIdOf,
  operationName,
  type Permission,
  permissionOf,
  refusedTo,
  ROLES,
} from '../../src/domain/permissions';

type Operation = { operationId: string; security: Record<string, unknown>[]; 'x-roles'?: string[] };
const document = describeApi() as unknown as { paths: Record<string, Record<string, Operation>> };
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method, path, ...operation })),
);
const withKey = operations.filter(({ security }) => security.length > 0);
const of = (name: string): Permission => {
  const [method = '', path = ''] = name.split(' ');
  return permissionOf({ method, path });
};

test('every operation that takes a key is in the table, and nothing else but what anybody may and the clock of a laptop', () => {
  const isLocal = (name: string) => name.includes(' /local/');
  const inTable = Object.keys(OPERATIONS).filter((name) => of(name).may !== 'anybody' && !isLocal(name));
  expect(inTable.sort()).toEqual(withKey.map(operationName).sort());
});

test('scenario 98: what a role may not do is told with the session: all that others may, nothing of the platform’s', () => {
  expect(refusedTo('owner')).toEqual([]);
  for (const role of ROLES)
    for (const name of Object.keys(OPERATIONS)) {
      const isOfCoaches = Array.isArray(of(name).may);
      expect([role, name, refusedTo(role).includes(name)]).toEqual([
        role,
        name,
        isOfCoaches && !mayDo(role, of(name)),
      ]);
    }
  expect(refusedTo('read_only')).toContain('POST /v1/payments/{id}/refunds');
});

test('an operation without a line is refused, with the file to add it to', () => {
  expect(() => permissionOf({ method: 'post', path: '/v1/vouchers' })).toThrow(
    /add a line for it to OPERATIONS in src\/domain\/permissions\.ts, such as 'POST \/v1\/vouchers'/,
  );
  expect(() => permissionOf({ method: 'to', path: 'String' })).toThrow('src/domain/permissions.ts');
});

test('what the platform alone may, no role may; and an owner may all that coaches may', () => {
  for (const { method, path, security } of withKey) {
    const permission = permissionOf({ method, path });
    const isOfPlatform = 'platformKey' in (security[0] ?? {});
    expect([path, permission.may === 'platform']).toEqual([path, isOfPlatform]);
    expect([path, mayDo('owner', permission)]).toEqual([path, !isOfPlatform]);
    if (isOfPlatform) for (const role of ROLES) expect(mayDo(role, permission)).toBe(false);
  }
});

test('who may only read changes nothing', () => {
  const changed = Object.keys(OPERATIONS).filter(
    (name) => of(name).kind !== 'read' && mayDo('read_only', of(name)),
  );
  expect(changed).toEqual([]);
  // What is no GET and yet is open to readers is a look at what would be.
  const odd = Object.keys(OPERATIONS).filter(
    (name) => !name.startsWith('GET') && mayDo('read_only', of(name)),
  );
  expect(odd).toEqual(['POST /v1/mail-previews']);
});

test('what changes something is written down: whatever is no GET is a change, a sale, or a look at what would be', () => {
  const looks = Object.keys(OPERATIONS).filter((name) => !name.startsWith('GET') && of(name).kind === 'read');
  expect(looks.filter((name) => !name.includes(' /local/'))).toEqual([
    'POST /v1/members/{id}/merge/preview',
    'POST /v1/memberships/{id}/change-price/preview',
    'POST /v1/payments/{id}/refund/preview',
    'POST /v1/mail-previews',
  ]);
  for (const name of Object.keys(OPERATIONS).filter((one) => one.startsWith('GET')))
    expect(of(name).kind).toBe('read');
});

test('people, keys, secrets, settings and the audit log are for owners', () => {
  const isOwners = (name: string) =>
    /^(?!GET)\w+ \/v1\/(people|keys|settings|connection|webhook|products|signing)|\/v1\/(people|keys|audit-log|signing-secrets)/.test(
      name,
    );
  for (const name of Object.keys(OPERATIONS).filter(isOwners))
    expect([name, of(name).may]).toEqual([name, ['owner']]);
});

test('the document says who may, and calls an operation as the audit log does', () => {
  for (const { method, path, operationId, security, ...more } of withKey) {
    expect(operationId).toBe(operationIdOf({ method, path }));
    if ('coachKey' in (security[0] ?? {}))
      expect(more['x-roles']).toEqual(permissionOf({ method, path }).may);
  }
});
