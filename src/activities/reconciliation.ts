import type Stripe from 'stripe';
import type { Prisma } from '../db/generated/client';
import { newId } from '../domain/ids';
import type { Mode } from '../domain/mode';
import { DAY, HOUR, type Seconds, toDate, toSeconds } from '../domain/time';
import { isAccountInvalid, toActivityFailure } from '../stripe/errors';
import type { ActivityDeps } from './deps';

/** One account in one mode. */
export interface AccountRef {
  mode: Mode;
  accountId: string;
  coachId: string;
}

/** What one look at an account repaired. */
export interface AccountRepair {
  /** Events that Stripe lists and the inbox lacked. */
  eventsRecovered: number;
  /** Memberships that are looked at again because of it. */
  membershipsWoken: number;
}

/** Accounts of one page. */
const PAGE = 50;
/** Stripe keeps events for 30 days. https://docs.stripe.com/api/events */
const EVENTS_KEPT = 30 * DAY;
/** What was read is read again this far back: events are not listed in the order in which they become visible. */
const OVERLAP = HOUR;
/** A membership that nobody looked at for so long is looked at. */
const STALE = 7 * DAY;
/** Rows of one insert. */
const BATCH = 200;

/** Activities of the reconciliation: its cost grows with events and accounts, not with memberships. */
export function createReconciliationActivities(deps: ActivityDeps) {
  const { db, clock } = deps;

  return {
    /** The connected accounts after `after`, a page of them, in a stable order. */
    async listConnectedAccounts(input: { after: string | null }): Promise<(AccountRef & { id: string })[]> {
      const rows = await db.connection.findMany({
        where: {
          status: 'connected',
          accountId: { not: null },
          ...(input.after === null ? {} : { id: { gt: input.after } }),
        },
        orderBy: { id: 'asc' },
        take: PAGE,
        select: { id: true, mode: true, accountId: true, coachId: true },
      });
      return rows.flatMap(({ accountId, ...row }) => (accountId === null ? [] : [{ ...row, accountId }]));
    },

    /** Feeds the inbox with what it lacks of Stripe's list, and has doubtful memberships looked at. Safe to repeat. */
    async reconcileAccount({ mode, accountId, coachId }: AccountRef): Promise<AccountRepair> {
      const now = await clock.now(mode, accountId);
      try {
        const eventsRecovered = await recoverEvents({ mode, accountId, coachId }, now);
        return { eventsRecovered, membershipsWoken: await wakeDoubtful({ mode, accountId, coachId }, now) };
      } catch (error) {
        // Its connection's own look finds that out and says so.
        if (isAccountInvalid(error)) return { eventsRecovered: 0, membershipsWoken: 0 };
        throw toActivityFailure(error);
      }
    },
  };

  async function recoverEvents({ mode, accountId, coachId }: AccountRef, now: Seconds): Promise<number> {
    const key = { mode_accountId: { mode, accountId } };
    const cursor = await db.eventCursor.findUnique({ where: key });
    const connection = await db.connection.findFirst({
      where: { mode, accountId, coachId },
      orderBy: { createdAt: 'asc' },
    });
    const begin = toSeconds(cursor?.readTo ?? connection?.connectedAt ?? toDate(now)) - OVERLAP;
    const since = Math.max(begin, now - EVENTS_KEPT);
    let recovered = 0;
    let newest = since;
    let batch: Stripe.Event[] = [];
    const flush = async () => {
      recovered += await storeMissing({ mode, accountId }, batch);
      batch = [];
    };
    const events = deps.stripe
      .of(mode)
      .events.list({ created: { gte: since }, limit: 100 }, { stripeAccount: accountId });
    for await (const event of events) {
      newest = Math.max(newest, event.created);
      batch.push(event);
      if (batch.length === BATCH) await flush();
    }
    await flush();
    const columns = {
      readTo: toDate(newest),
      checkedAt: toDate(now),
      ...(recovered === 0 ? {} : { gapFoundAt: toDate(now) }),
    };
    await db.eventCursor.upsert({ where: key, create: { mode, accountId, ...columns }, update: columns });
    return recovered;
  }

  async function storeMissing(
    { mode, accountId }: Pick<AccountRef, 'mode' | 'accountId'>,
    events: readonly Stripe.Event[],
  ): Promise<number> {
    if (events.length === 0) return 0;
    const { count } = await db.inbox.createMany({
      skipDuplicates: true,
      data: events.map((event) => ({
        mode,
        eventId: event.id,
        accountId,
        type: event.type,
        objectId: (event.data.object as { id?: string }).id ?? null,
        // Listed on the account itself, an event does not name it; delivered, it would.
        payload: { ...event, account: accountId } as unknown as Prisma.InputJsonObject,
        stripeCreated: toDate(event.created),
      })),
    });
    return count;
  }

  /**
   * Has the relay wake the memberships of an account whose deadline passed, that nobody looked at for a week, or that
   * were last looked at before events were found missing.
   */
  async function wakeDoubtful({ mode, accountId, coachId }: AccountRef, now: Seconds): Promise<number> {
    const cursor = await db.eventCursor.findUnique({ where: { mode_accountId: { mode, accountId } } });
    const doubtful = await db.membership.findMany({
      where: {
        coachId,
        mode,
        accountId,
        endedAt: null,
        OR: [
          { nextDeadlineAt: { lt: toDate(now - HOUR) } },
          { nextDeadlineAt: { not: null }, verifiedAt: { lt: toDate(now - STALE) } },
          ...(cursor?.gapFoundAt == null ? [] : [{ verifiedAt: { lt: cursor.gapFoundAt } }]),
        ],
      },
      select: { id: true },
    });
    const waiting = await db.inbox.findMany({
      where: { targetKind: 'membership', targetId: { in: doubtful.map(({ id }) => id) }, status: 'waiting' },
      select: { targetId: true },
    });
    const told = new Set(waiting.map(({ targetId }) => targetId));
    const untold = doubtful.filter(({ id }) => !told.has(id));
    await db.inbox.createMany({
      data: untold.map(({ id }) => ({
        mode,
        eventId: newId('hint'),
        accountId,
        type: 'internal.reconciliation',
        payload: {},
        targetKind: 'membership',
        targetId: id,
      })),
    });
    return untold.length;
  }
}
