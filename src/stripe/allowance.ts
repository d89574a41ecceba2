import type { Pool } from 'pg';
import type { Mode } from '../domain/mode';
import { attemptsOf, BURST_SECONDS, secondsOfOneCall } from '../domain/stripe-allowance';
import type { Call, Pace, TakeTurn } from './paced-http-client';

/**
 * Each call takes up its time behind those before it, and learns when its own begins. The row's lock puts processes in line,
 * and only Postgres's clock is asked: theirs may differ. No row: the lane is taken further ahead than may be waited for.
 */
const TAKE = {
  name: 'stripe-allowance',
  text: `
    INSERT INTO stripe_allowance AS a (mode, account_id, lane, taken_until)
    VALUES ($1::"Mode", $2, $3, clock_timestamp() + make_interval(secs => $4::float8 - $5::float8))
    ON CONFLICT (mode, account_id, lane) DO UPDATE
      SET taken_until = greatest(a.taken_until, clock_timestamp() - make_interval(secs => $5))
        + make_interval(secs => $4)
      WHERE a.taken_until <= clock_timestamp() + make_interval(secs => $6::float8)
    RETURNING extract(epoch FROM taken_until)::float8 - $4 AS "beginsAt",
      extract(epoch FROM clock_timestamp())::float8 AS now`,
};

/** When a call that took its turn may begin, and what time it is: seconds since 1970, by Postgres's clock. */
export interface Turn {
  beginsAt: number;
  now: number;
}

/** Takes a turn in one lane; null: there is none within the time. */
export async function takeTurnIn(
  pool: Pool,
  { mode, accountId, lane }: Call,
  limit: number,
  longestWaitSeconds: number,
): Promise<Turn | null> {
  const cost = secondsOfOneCall(lane, limit);
  const values = [mode, accountId, lane, cost, BURST_SECONDS, longestWaitSeconds];
  const { rows } = await pool.query<Turn>({ ...TAKE, values });
  return rows[0] ?? null;
}

/** Turns that every process of an installation takes from the same rows. @param limits calls a second on one account */
export function turnsOf(pool: Pool, limits: Readonly<Record<Mode, number>>): TakeTurn {
  return async (call) => {
    for (const { lane, longestWaitSeconds } of attemptsOf(call.lane)) {
      const turn = await takeTurnIn(pool, { ...call, lane }, limits[call.mode], longestWaitSeconds);
      if (turn !== null) return Math.max(0, turn.beginsAt - turn.now);
    }
    return null;
  };
}

/** How calls of a process are paced; undefined: they are not. */
export function paceOf(
  pool: Pool,
  limits: Readonly<Record<Mode, number>> | null,
  rest: Omit<Pace, 'takeTurn'>,
): Pace | undefined {
  return limits === null ? undefined : { takeTurn: turnsOf(pool, limits), ...rest };
}
