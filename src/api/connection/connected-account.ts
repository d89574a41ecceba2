import type { Config } from '../../config/config';
import type { Db } from '../../db/client';
import type { Clock } from '../../db/clock';
import type { Connection } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import type { Mode } from '../../domain/mode';
import type { Seconds } from '../../domain/time';

/** A connection that stands, with its account. */
export type Connected = Connection & { accountId: string };

/** The coach's connection that stands in a mode; null when there is none. */
export async function findConnected(db: Db, coachId: string, mode: Mode): Promise<Connected | null> {
  const row = await db.connection.findFirst({ where: { coachId, mode, status: 'connected' } });
  return row?.accountId == null ? null : { ...row, accountId: row.accountId };
}

/** @throws ProblemError `not_connected` */
export async function expectConnected(db: Db, coachId: string, mode: Mode): Promise<Connected> {
  const connection = await findConnected(db, coachId, mode);
  if (connection === null)
    throw new ProblemError('not_connected', `No Stripe account is connected in ${mode} mode.`);
  return connection;
}

/** The account that a coach sells or last sold through, whose clock is the coach's. */
export async function latestAccountOf(db: Db, coachId: string, mode: Mode): Promise<string | null> {
  const row = await db.connection.findFirst({
    where: { coachId, mode, accountId: { not: null } },
    orderBy: [{ connectedAt: { sort: 'desc', nulls: 'last' } }, { createdAt: 'desc' }],
    select: { accountId: true },
  });
  return row?.accountId ?? null;
}

/** The coach's present time (seconds, UTC): the system's, unless the clocks of this installation can be moved. */
export async function coachNow(
  deps: { db: Db; clock: Clock; config: Config },
  coachId: string,
  mode: Mode,
): Promise<Seconds> {
  const accountId = deps.config.localClock ? await latestAccountOf(deps.db, coachId, mode) : null;
  return deps.clock.now(mode, accountId);
}

/** The country of the account that a coach sells or last sold through, ISO 3166; null: not known. */
export async function latestCountryOf(db: Db, coachId: string, mode: Mode): Promise<string | null> {
  const row = await db.connection.findFirst({
    where: { coachId, mode, accountId: { not: null } },
    orderBy: [{ connectedAt: { sort: 'desc', nulls: 'last' } }, { createdAt: 'desc' }],
    select: { country: true },
  });
  return row?.country ?? null;
}
