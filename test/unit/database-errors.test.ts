import { isDatabaseUnavailable, isUniqueViolation, meetsOthers, refusesValue } from '../../src/db/errors';

/** As Prisma 7 with `@prisma/adapter-pg` throws it: each of these was provoked on a real server. */
const known = (code: string, cause: Record<string, unknown> | null = null) =>
  Object.assign(new Error('Invalid `prisma.coach.count()` invocation'), {
    name: 'PrismaClientKnownRequestError',
    code,
    meta: cause === null ? {} : { driverAdapterError: { cause } },
  });
const state = (code: string, originalCode: string) => known(code, { kind: 'postgres', originalCode });

describe('the database cannot be used at the moment', () => {
  test.each<[string, Error]>([
    ['down', known('P1001', { kind: 'DatabaseNotReachable' })],
    ['down, a raw statement', known('P2010', { kind: 'DatabaseNotReachable' })],
    ['starting', state('P2039', '57P03')],
    ['starting, a raw statement', state('P2010', '57P03')],
    ['shut down under a statement', state('P2010', '57P01')],
    ['crashed under a statement', state('P2039', '57P02')],
    ['no connection to spare', known('P2037', { kind: 'TooManyConnections', originalCode: '53300' })],
    ['no connection to spare, raw', known('P2010', { kind: 'TooManyConnections', originalCode: '53300' })],
    ['disk full', state('P2039', '53100')],
    ['input or output failed', state('P2039', '58030')],
    ['a statement took too long', state('P2010', '57014')],
    ['a lock was not to be had', state('P2039', '55P03')],
    ['read-only, in a failover', state('P2039', '25006')],
    ['a transaction stood still', state('P2039', '25P03')],
    [
      'the password is being changed',
      known('P1000', { kind: 'AuthenticationFailed', originalCode: '28P01' }),
    ],
    ['no such database', known('P1003', { kind: 'DatabaseDoesNotExist', originalCode: '3D000' })],
    ['two writers met', known('P2034', { kind: 'TransactionWriteConflict', originalCode: '40001' })],
    ['a transaction was not over in time', known('P2028')],
    ['frozen', new Error('Query read timeout')],
    ['frozen, all connections taken', new Error('timeout exceeded when trying to connect')],
    ['frozen, a new connection', new Error('Connection terminated due to connection timeout')],
    ['cut', new Error('Connection terminated unexpectedly')],
    ['cut within a transaction', new Error('Client has encountered a connection error and is not queryable')],
    ['a connection of our own', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['a statement of our own', Object.assign(new Error('starting up'), { code: '57P03' })],
  ])('%s', (_what, error) => {
    expect(isDatabaseUnavailable(error)).toBe(true);
  });
});

describe('something else', () => {
  test.each<[string, unknown]>([
    [
      'a unique row of somebody else’s',
      known('P2002', { kind: 'UniqueConstraintViolation', originalCode: '23505' }),
    ],
    ['a foreign key', known('P2003', { kind: 'ForeignKeyConstraintViolation', originalCode: '23503' })],
    ['no right to do it', state('P2039', '42501')],
    ['a mistake in a statement', state('P2010', '42601')],
    ['a row that is not there', known('P2025')],
    ['any error', new Error('undefined is not a function')],
    ['no error at all', 'ECONNREFUSED'],
  ])('%s', (_what, error) => {
    expect(isDatabaseUnavailable(error)).toBe(false);
  });
});

test('a unique violation is told by its code', () => {
  expect(isUniqueViolation(known('P2002'))).toBe(true);
  expect(isUniqueViolation(known('P2003'))).toBe(false);
});

describe('of several rows in one statement', () => {
  const raw = (code: string) => Object.assign(new Error('error'), { code });

  test.each<[string, Error, { others: boolean; value: boolean }]>([
    ['a deadlock', raw('40P01'), { others: true, value: false }],
    ['a lock was not to be had', state('P2039', '55P03'), { others: true, value: false }],
    ['it took too long', raw('57014'), { others: true, value: false }],
    ['a number out of range', raw('22003'), { others: false, value: true }],
    ['a character that cannot be kept', state('P2010', '22P05'), { others: false, value: true }],
    ['nested too deep', raw('54001'), { others: false, value: true }],
    ['a constraint', raw('23514'), { others: false, value: false }],
    ['shut down', raw('57P01'), { others: false, value: false }],
    ['cut', new Error('Connection terminated unexpectedly'), { others: false, value: false }],
  ])('%s', (_name, error, { others, value }) => {
    expect(meetsOthers(error)).toBe(others);
    expect(refusesValue(error)).toBe(value);
  });
});
