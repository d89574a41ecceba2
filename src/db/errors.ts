import { READ_TIMEOUT } from './pool';

/** A unique constraint or index refused the write (Postgres 23505). */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === 'P2002';
}

/**
 * SQLSTATEs by which Postgres says that it cannot do now what it can do in a moment, or once a person has mended it; two
 * characters stand for a whole class. https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const UNAVAILABLE_STATES = [
  '08', // connection exception
  '53', // insufficient resources: connections, memory, disk
  '57', // operator intervention: starting, shutting down, a statement that took too long
  '58', // system error: input or output failed
  '25006', // read-only: a replica, or a failover under way
  '25P03', // idle in transaction for too long
  '25P04', // transaction took too long
  '28000', // this role may not connect
  '28P01', // wrong password, as while it is being changed
  '3D000', // no such database
  '40001', // met another transaction
  '40P01', // deadlock
  '55P03', // a lock was not to be had in time
];

/** What Prisma's adapter calls an error that has no SQLSTATE. */
const UNAVAILABLE_KINDS = [
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TlsConnectionError',
  'TransactionAlreadyClosed',
];

/**
 * Prisma's own: no connection (P1…, P2024, P2037), and a transaction that could not begin, or was not over, in time (P2028).
 * https://www.prisma.io/docs/orm/reference/error-reference
 */
const UNAVAILABLE_CODES = ['P1000', 'P1001', 'P1002', 'P1003', 'P1008', 'P1010', 'P1011', 'P1017'].concat([
  'P2024',
  'P2028',
  'P2034',
  'P2037',
]);

const SOCKET_CODES = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE'];

/** What `pg` and its pool say of a connection, without a code. */
const LOST_CONNECTION = [
  READ_TIMEOUT,
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'Client was closed and is not queryable',
  'Client has encountered a connection error and is not queryable',
];

interface DriverCause {
  originalCode?: unknown;
  kind?: unknown;
}

/**
 * Whether an error says that the database cannot be used at the moment: it is down, starting, full, frozen, read-only, or
 * was too slow. Nothing is wrong with what was asked, so it may be asked again; what became of a write is not known.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'PrismaClientInitializationError' || LOST_CONNECTION.includes(error.message))
    return true;
  const { code, meta } = error as {
    code?: unknown;
    meta?: { driverAdapterError?: { cause?: DriverCause } };
  };
  const { originalCode, kind } = meta?.driverAdapterError?.cause ?? {};
  return (
    isOneOf(UNAVAILABLE_CODES, code) ||
    isOneOf(SOCKET_CODES, code) ||
    isOneOf(UNAVAILABLE_KINDS, kind) ||
    isUnavailableState(originalCode) ||
    isUnavailableState(code)
  );
}

/** The SQLSTATE of an error, from `pg` itself or through Prisma. */
function stateOf(error: unknown): string | null {
  const { code, meta } = (error ?? {}) as {
    code?: unknown;
    meta?: { driverAdapterError?: { cause?: DriverCause } };
  };
  const state = meta?.driverAdapterError?.cause?.originalCode ?? code;
  return typeof state === 'string' && /^[0-9A-Z]{5}$/.test(state) ? state : null;
}

/** Met another transaction, or waited for one too long (deadlock, lock, statement): of several rows only one may have. */
export function meetsOthers(error: unknown): boolean {
  return ['40001', '40P01', '55P03', '57014'].includes(stateOf(error) ?? '');
}

/** A value is not one that Postgres can keep: class 22, or more of something than it takes, class 54. */
export function refusesValue(error: unknown): boolean {
  return /^(22|54)/.test(stateOf(error) ?? '');
}

function isOneOf(known: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && known.includes(value);
}

function isUnavailableState(state: unknown): boolean {
  return (
    typeof state === 'string' &&
    /^[0-9A-Z]{5}$/.test(state) &&
    UNAVAILABLE_STATES.some((known) => state.startsWith(known))
  );
}
