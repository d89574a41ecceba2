import { Client, Connection } from '@temporalio/client';
import { query } from '../../src/local/postgres/server';
import { waitFor } from '../../src/local/process/wait';
import { RECONCILIATION_SCHEDULE } from '../../src/temporal/schedules';
import type { ChaosStack } from './chaos-stack';

const AGAIN_MS = 8000;
const PATIENCE_MS = 240_000;

/**
 * The reconciliation's Schedule is triggered, as an operator would who does not want to wait for its minute, until every
 * account was read to its end. What Stripe failed to tell is in the inbox then.
 */
export async function sweep(stack: ChaosStack, accounts: readonly string[]): Promise<void> {
  const checked = async () => {
    const rows = (await query(
      stack.info().databaseUrl,
      `SELECT mode::text || account_id AS account, checked_at FROM event_cursor WHERE page_after IS NULL`,
    )) as { account: string; checked_at: Date }[];
    return new Map(rows.map(({ account, checked_at }) => [account, checked_at.getTime()]));
  };
  const before = await waitFor('the database', checked, { deadlineMs: PATIENCE_MS });
  // Who has been read to its end is being read again by the next sweep, soon after.
  const done = new Set<string>();
  let triggeredAt = 0;
  await waitFor(
    'every account to be reconciled',
    async () => {
      if (Date.now() - triggeredAt > AGAIN_MS) {
        await trigger(stack.info().temporalAddress);
        triggeredAt = Date.now();
      }
      for (const [account, at] of await checked()) if (at > (before.get(account) ?? 0)) done.add(account);
      return done.size >= accounts.length;
    },
    { deadlineMs: PATIENCE_MS, everyMs: 250 },
  );
}

/** So many events may still wait when the story goes on. */
const FEW = 20;
const BACKLOG_MS = 180_000;

/** Waits until most of the events that came are worked off, as they would be in the days of which a leap is made. */
export async function workedOff(stack: ChaosStack): Promise<void> {
  const waiting = async () => {
    const [row] = (await query(
      stack.info().databaseUrl,
      `SELECT count(*)::int AS waiting FROM inbox WHERE status = 'waiting'`,
    )) as { waiting: number }[];
    return row !== undefined && row.waiting < FEW;
  };
  await waitFor('the backlog', waiting, { deadlineMs: BACKLOG_MS, everyMs: 250 }).catch(() => undefined);
}

async function trigger(address: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await connection.withDeadline(Date.now() + 5000, () =>
      new Client({ connection }).schedule.getHandle(RECONCILIATION_SCHEDULE).trigger(),
    );
  } finally {
    await connection.close();
  }
}
