import type { Db } from '../db/client';
import type { Log } from '../log';
import { wordsOf } from '../stripe/errors';
import { eachBounded } from '../domain/bounded';
import type { HintType } from '../domain/hints';
import type { Started } from '../temporal/starts';
import { restartLostMails } from '../store/mails';
import { restartLostDeliveries } from '../store/webhook-deliveries';
import { sweepAddresses } from './address-sweep';
import { sweepBegunAccess, sweepEndedAccess } from './access-sweep';
import { sweepCoupons } from './coupon-sweep';
import { sweepCatalog, type SweepDeps } from './catalog-sweep';

const OVERDUE: HintType = 'internal.overdue';
/** Rows that one sweep hints at; the next goes on with others. */
const LIMIT = 500;
/** Rows of one page, and starts at once. */
const PAGE = 200;
const AT_ONCE = 5;

/**
 * Finds rows whose own deadline passed ten minutes ago and that nobody looked at: their run is gone (terminated, or
 * never started because of a crash between row and start). Each gets a hint in the inbox, which is what wakes it or
 * gives it a run, with the inbox's leases, back-off and fairness: a row that stays overdue is told of less and less
 * often, and none keeps another from its turn. Deadlines are on the account's clock. Answers how many were hinted at.
 */
export async function wakeOverdue(deps: SweepDeps): Promise<number> {
  const results = await Promise.allSettled([
    hintAtOverdue(deps.db),
    startProvisionings(deps),
    startPriceMoves(deps),
    startLiveCopies(deps),
    startErasures(deps),
    startWithdrawals(deps),
    startRefunds(deps),
    sweepAddresses(deps),
    sweepCoupons(deps),
    sweepCatalog(deps),
    sweepEndedAccess(deps, LIMIT),
    sweepBegunAccess(deps, LIMIT),
    restartLostDeliveries(deps.db, Math.floor(Date.now() / 1000), LIMIT),
    restartLostMails(deps.db, Math.floor(Date.now() / 1000), LIMIT),
  ]);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results.reduce((sum, result) => sum + (result.status === 'fulfilled' ? result.value : 0), 0);
}

/**
 * The longest overdue first; not a row that a hint waits for already, nor one that was hinted at within the hour: so a
 * sweep never meets the same rows again, and whoever is behind them has a turn.
 */
export async function hintAtOverdue(db: Db): Promise<number> {
  // The first condition of each is one that an index can be entered by: no clock is further ahead than that.
  return db.$executeRaw`
    WITH ahead AS (
      SELECT now() + COALESCE(max(offset_seconds), 0) * interval '1 second' - interval '10 minutes' AS at FROM account_clock),
    overdue AS (
      SELECT 'membership' AS kind, m.id, m.mode, m.account_id, m.next_deadline_at AS since FROM membership m
        LEFT JOIN account_clock c ON c.mode = m.mode AND c.account_id = m.account_id
        WHERE m.ended_at IS NULL AND m.next_deadline_at < (SELECT at FROM ahead)
          AND m.next_deadline_at < now() + COALESCE(c.offset_seconds, 0) * interval '1 second' - interval '10 minutes'
      UNION ALL
      SELECT 'checkout', k.id, k.mode, k.account_id, COALESCE(k.next_deadline_at, k.created_at) FROM checkout k
        LEFT JOIN account_clock c ON c.mode = k.mode AND c.account_id = k.account_id
        WHERE k.ended_at IS NULL AND (
          k.next_deadline_at < now() + COALESCE(c.offset_seconds, 0) * interval '1 second' - interval '10 minutes'
          OR k.status = 'opening' AND k.created_at < now() - interval '2 minutes')
      UNION ALL
      SELECT 'connection', n.id, n.mode, n.account_id, COALESCE(n.next_deadline_at, n.expires_at) FROM connection n
        LEFT JOIN account_clock c ON c.mode = n.mode AND c.account_id = n.account_id
        WHERE n.ended_at IS NULL AND (
          n.next_deadline_at < now() + COALESCE(c.offset_seconds, 0) * interval '1 second' - interval '10 minutes'
          OR n.expires_at < now() - interval '10 minutes'))
    INSERT INTO inbox (mode, event_id, account_id, type, object_id, payload, target_kind, target_id)
    SELECT o.mode, 'hint_' || gen_random_uuid(), o.account_id, ${OVERDUE}, o.id, '{}'::jsonb, o.kind, o.id
    FROM overdue o
    WHERE NOT EXISTS (
      SELECT 1 FROM inbox i
      WHERE i.target_kind = o.kind AND i.target_id = o.id AND i.type = ${OVERDUE}
        AND (i.status = 'waiting' OR i.received_at > now() - interval '1 hour'))
    ORDER BY o.since LIMIT ${LIMIT}`;
}

/** What has no run, as the log calls it, and under which name its id stands there. */
interface Lost {
  name: string;
  field: string;
}

/** Gives each row a run, in pages; one that cannot be started keeps no other from it. Answers how many there were. */
async function startEach<T extends { id: string }>(
  log: Log,
  { name, field }: Lost,
  page: (after: string) => Promise<T[]>,
  start: (row: T) => Promise<Started>,
): Promise<number> {
  let count = 0;
  for (let after = ''; ;) {
    const rows = await page(after);
    await eachBounded(rows, AT_ONCE, async (row) => {
      try {
        if ((await start(row)) === 'started') log.warn({ [field]: row.id }, `${name} without a run gets one`);
      } catch (error) {
        log.warn({ id: row.id, why: wordsOf(error) }, 'A run could not be started');
      }
    });
    count += rows.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return count;
    after = last.id;
  }
}

/** Whoever inserted a row before that would have started its run by now. */
const aWhileAgo = () => ({ lt: new Date(Date.now() - 2 * 60_000) });

/** A page in the order of ids. */
const IN_ORDER = { orderBy: { id: 'asc' }, take: PAGE } as const;

/** A page of what was begun a while ago and has not ended. */
const openSince = (after: string) => ({
  where: { id: { gt: after }, endedAt: null, createdAt: aWhileAgo() },
  ...IN_ORDER,
});

/** A price whose row was inserted, but whose run was not started: starting it again is harmless. */
const startProvisionings = ({ db, workflows, log }: SweepDeps): Promise<number> =>
  startEach(
    log,
    { name: 'A price', field: 'provisioningId' },
    (after) =>
      db.priceProvisioning.findMany({
        where: { id: { gt: after }, status: 'pending', createdAt: aWhileAgo() },
        ...IN_ORDER,
      }),
    (row) => workflows.startPriceProvisioning(row.id, row),
  );

/** A move of members whose run was not started, or was terminated. */
const startPriceMoves = ({ db, workflows, log }: SweepDeps): Promise<number> =>
  startEach(
    log,
    { name: 'A move of members', field: 'moveId' },
    (after) => db.priceMove.findMany(openSince(after)),
    (row) => workflows.startPriceMove(row.id, row),
  );

/** A copying of test mode whose run was not started, or was terminated. */
const startLiveCopies = ({ db, workflows, log }: SweepDeps): Promise<number> =>
  startEach(
    log,
    { name: 'A copying of test mode', field: 'copyId' },
    (after) => db.liveCopy.findMany(openSince(after)),
    (row) => workflows.startLiveCopy(row.id, row),
  );

/** An erasure whose run was not started, or was terminated. */
const startErasures = ({ db, workflows, log }: SweepDeps): Promise<number> =>
  startEach(
    log,
    { name: 'An erasure', field: 'memberId' },
    async (after) => {
      const rows = await db.erasure.findMany({
        where: { memberId: { gt: after }, endedAt: null, requestedAt: aWhileAgo() },
        orderBy: { memberId: 'asc' },
        take: PAGE,
      });
      return rows.map((row) => ({ ...row, id: row.memberId }));
    },
    (row) => workflows.startMemberErasure(row.memberId, row),
  );

/** A withdrawal whose run was not started, or was terminated. */
const startWithdrawals = ({ db, workflows, log }: SweepDeps): Promise<number> =>
  startEach(
    log,
    { name: 'A withdrawal', field: 'withdrawalId' },
    (after) => db.withdrawal.findMany(openSince(after)),
    (row) => workflows.startWithdrawal(row.id, row),
  );

/** A refund whose run was not started, or was terminated. */
const startRefunds = ({ db, workflows, log }: SweepDeps): Promise<number> =>
  startEach(
    log,
    { name: 'A refund', field: 'refundId' },
    (after) =>
      db.refund.findMany({
        where: { id: { gt: after }, status: 'requested', requestedAt: aWhileAgo() },
        ...IN_ORDER,
      }),
    (row) => workflows.startRefund(row.id, row),
  );
