import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient, type Prisma } from './generated/client';
import { createPool, type DatabaseTimeouts, REQUEST_TIMEOUTS_MS } from './pool';

export type Db = PrismaClient;
/** The client inside a transaction. */
export type Tx = Prisma.TransactionClient;

/** A client with a pool of its own; `$disconnect()` ends it. Without timeouts of its own it has those of a request. */
export function createDb(url: string, poolSize = 10, timeouts: DatabaseTimeouts = REQUEST_TIMEOUTS_MS): Db {
  const pool = createPool(url, poolSize, timeouts);
  return new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
}
