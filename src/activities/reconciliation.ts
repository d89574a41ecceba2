import type Stripe from 'stripe';
import type { Prisma } from '../db/generated/client';
import { DAY, HOUR, MINUTE, type Seconds, toDate, toSeconds } from '../domain/time';
import { isAccountInvalid, isMissing, toActivityFailure } from '../stripe/errors';
import { isEventType } from '../stripe/event-types';
import { onePage } from '../stripe/every-page';
import { STILL_GIVES } from '../store/offers-beside';
import { hintAtUntold } from '../store/untold';
import { type JsonObject, storable } from '../domain/storable-json';
import { type AccountRef, type AccountRepair, NOTHING_REPAIRED } from './account-repair';
import { compareMemberships } from './comparison';
import type { ActivityDeps } from './deps';

/** Accounts of one page. */
const PAGE = 50;
/** Stripe keeps events for 30 days. https://docs.stripe.com/api/events */
const EVENTS_KEPT = 30 * DAY;
/** What was read is read again this far back: events are not listed in the order in which they become visible. */
const OVERLAP = HOUR;
/**
 * A membership that nobody looked at for so long is looked at. Longer than any month: what renews monthly is looked at by
 * its renewals, and what happens in between is in Stripe's list of events, which is read to its end.
 */
const STALE = 32 * DAY;
/** An event that is younger may still be on its way to us: that it is not here yet is no gap. */
const UNDER_WAY = 5 * MINUTE;
/** Events of one page of Stripe's list, the most that there can be. */
const EVENTS = 100;
/** Memberships of one read, and of one insert. */
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

    /** Feeds the inbox with what it lacks of Stripe's list, has doubtful memberships looked at, and compares once a day. Safe to repeat. */
    async reconcileAccount({ mode, accountId, coachId }: AccountRef): Promise<AccountRepair> {
      const now = await clock.now(mode, accountId);
      try {
        const eventsRecovered = await recoverEvents({ mode, accountId, coachId }, now);
        const membershipsWoken = await wakeDoubtful({ mode, accountId, coachId }, now);
        const repair = { ...NOTHING_REPAIRED, eventsRecovered, membershipsWoken };
        // What has just been heard is worked on first; the next sweep compares.
        if (eventsRecovered > 0) return repair;
        return { ...repair, ...(await compareMemberships(deps, { mode, accountId, coachId }, now)) };
      } catch (error) {
        // Its connection's own look finds that out and says so.
        if (isAccountInvalid(error)) return NOTHING_REPAIRED;
        throw toActivityFailure(error);
      }
    },
  };

  /**
   * Reads Stripe's list, newest first, a page at a time. After each page the place is stored, so that an interrupted
   * reading goes on there, in the same sweep or in the next; only a list that was read to its end moves `readTo`.
   * @param overlap seconds that are read again before `readTo`
   */
  async function recoverEvents(
    { mode, accountId, coachId }: AccountRef,
    now: Seconds,
    overlap = OVERLAP,
  ): Promise<number> {
    const key = { mode_accountId: { mode, accountId } };
    const [cursor, connection] = await Promise.all([
      db.eventCursor.findUnique({ where: key }),
      db.connection.findFirst({ where: { mode, accountId, coachId }, orderBy: { createdAt: 'asc' } }),
    ]);
    const begin = cursor?.readTo ?? connection?.connectedAt ?? toDate(now);
    const since = Math.max(toSeconds(begin) - overlap, now - EVENTS_KEPT);
    const store = async (columns: Prisma.EventCursorUncheckedUpdateInput & { checkedAt: Date }) => {
      const create = { mode, accountId, readTo: begin, ...columns } as Prisma.EventCursorUncheckedCreateInput;
      await db.eventCursor.upsert({ where: key, create, update: columns });
    };

    let recovered = 0;
    let after = cursor?.pageAfter ?? null;
    const isResumed = after !== null;
    let newest = Math.max(since, isResumed && cursor?.pageNewest ? toSeconds(cursor.pageNewest) : 0);
    for (;;) {
      const page = await readPage({ mode, accountId }, since, after);
      if (page === 'place_gone') {
        await store({ checkedAt: toDate(now), pageAfter: null, pageNewest: null });
        return recovered + (await recoverEvents({ mode, accountId, coachId }, now));
      }
      const stored = await storeMissing({ mode, accountId }, page);
      const more = page.length === EVENTS;
      recovered += stored.length;
      newest = Math.max(newest, ...page.map(({ created }) => created));
      after = page.at(-1)?.id ?? after;
      const gap = stored.some((created) => created < now - UNDER_WAY);
      await store({
        checkedAt: toDate(now),
        ...(gap ? { gapFoundAt: toDate(now) } : {}),
        ...(more
          ? { pageAfter: after, pageNewest: toDate(newest) }
          : { pageAfter: null, pageNewest: null, readTo: toDate(newest) }),
      });
      if (!more) break;
    }
    if (!isResumed) return recovered;
    // What happened since the interrupted reading began is in front of it. The hour before has just been read, and the
    // next sweep reads it again: where every other page fails, what is read twice is not read to its end.
    const isRecent = now - newest < OVERLAP / 2;
    return (
      recovered + (await recoverEvents({ mode, accountId, coachId }, now, isRecent ? UNDER_WAY : OVERLAP))
    );
  }

  /** One page of what happened on the account. `place_gone`: Stripe does not keep the event any more that it follows. */
  async function readPage(
    { mode, accountId }: Pick<AccountRef, 'mode' | 'accountId'>,
    since: Seconds,
    after: string | null,
  ): Promise<Stripe.Event[] | 'place_gone'> {
    const created = { gte: since };
    const place = after === null ? {} : { starting_after: after };
    try {
      return await onePage(
        deps.stripe.of(mode).events.list({ created, limit: EVENTS, ...place }, { stripeAccount: accountId }),
      );
    } catch (error) {
      if (after !== null && isMissing(error)) return 'place_gone';
      throw error;
    }
  }

  /**
   * Stores what our endpoints would have been sent, and nothing else: what else happens on the account is the coach's
   * other business. Answers when those that were not here were created.
   */
  async function storeMissing(
    { mode, accountId }: Pick<AccountRef, 'mode' | 'accountId'>,
    events: readonly Stripe.Event[],
  ): Promise<Seconds[]> {
    const needed = events.filter(({ type }) => isEventType(type));
    if (needed.length === 0) return [];
    const stored = await db.inbox.createManyAndReturn({
      skipDuplicates: true,
      data: needed.map((event) => ({
        mode,
        eventId: event.id,
        accountId,
        type: event.type,
        objectId: (event.data.object as { id?: string }).id ?? null,
        // Listed on the account itself, an event does not name it; delivered, it would.
        payload: storable({
          ...event,
          account: accountId,
        } as unknown as JsonObject) as Prisma.InputJsonObject,
        stripeCreated: toDate(event.created),
      })),
      select: { stripeCreated: true },
    });
    return stored.flatMap(({ stripeCreated }) => (stripeCreated === null ? [] : [toSeconds(stripeCreated)]));
  }

  /**
   * Has the relay wake the memberships of an account whose deadline passed, that nobody looked at for a week, or that
   * were last looked at before events were found missing.
   */
  async function wakeDoubtful({ mode, accountId, coachId }: AccountRef, now: Seconds): Promise<number> {
    const cursor = await db.eventCursor.findUnique({ where: { mode_accountId: { mode, accountId } } });
    let woken = 0;
    for (let after: string | null = null; ;) {
      const doubtful: { id: string }[] = await db.membership.findMany({
        where: {
          coachId,
          mode,
          accountId,
          ...(after === null ? {} : { id: { gt: after } }),
          OR: [
            { endedAt: null, nextDeadlineAt: { lt: toDate(now - HOUR) } },
            { endedAt: null, nextDeadlineAt: { not: null }, verifiedAt: { lt: toDate(now - STALE) } },
            ...(cursor?.gapFoundAt == null
              ? []
              : [{ ...STILL_GIVES, verifiedAt: { lt: cursor.gapFoundAt } }]),
          ],
        },
        select: { id: true },
        orderBy: { id: 'asc' },
        take: BATCH,
      });
      woken += await hintAtUntold(db, { mode, accountId }, doubtful, 'internal.reconciliation');
      after = doubtful.at(-1)?.id ?? null;
      if (doubtful.length < BATCH) return woken;
    }
  }
}
