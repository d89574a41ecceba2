import type Stripe from 'stripe';
import type { EventCursor, Membership, Prisma } from '../db/generated/client';
import { COMPARE_EVERY, type Compared, differencesOf } from '../domain/drift';
import { type Seconds, toDate, toSeconds } from '../domain/time';
import { comparedHere, type ComparedRow, recordComparison } from '../store/drift';
import { hintAtUntold, toldOf } from '../store/untold';
import { comparedOf } from '../stripe/compared';
import { isMissing } from '../stripe/errors';
import { onePage } from '../stripe/every-page';
import type { AccountRef, AccountRepair } from './account-repair';
import type { ActivityDeps } from './deps';

type Found = Pick<AccountRepair, 'membershipsCompared' | 'membershipsDiffering'>;

/** Subscriptions of one page of Stripe's list, the most that there can be. */
const PAGE = 100;
/** Memberships that Stripe's list did not have, asked for one by one: so many a sweep, the others in the next. */
const ONE_BY_ONE = 50;

/**
 * Holds every live membership of an account against Stripe's list of its subscriptions, once a day: a call for a hundred of them.
 * What differs is written down and looked at. After each page the place is stored, so that what is interrupted goes on there.
 * What has ended at Stripe is not in the list, nor is what hangs on a test clock: those that were not met are asked for one by one.
 * https://docs.stripe.com/api/subscriptions/list
 */
export async function compareMemberships(
  deps: ActivityDeps,
  account: AccountRef,
  now: Seconds,
): Promise<Found> {
  const { db } = deps;
  const { mode, accountId } = account;
  const key = { mode_accountId: { mode, accountId } };
  const cursor = await db.eventCursor.findUnique({ where: key });
  const found: Found = { membershipsCompared: 0, membershipsDiffering: 0 };
  if (cursor === null || !isDue(cursor, now)) return found;
  const began = cursor.compareBeganAt ?? toDate(now);
  const store = (data: Prisma.EventCursorUncheckedUpdateInput) => db.eventCursor.update({ where: key, data });

  const settle = async (compared: ComparedRow[]): Promise<void> => {
    const differing = compared.filter(({ differences }) => differences.length > 0).map(({ row }) => row);
    await recordComparison(db, compared, now);
    await hintAtUntold(db, account, differing, 'internal.drift');
    found.membershipsCompared += compared.length;
    found.membershipsDiffering += differing.length;
  };

  // Behind the last page there is nothing more of the list: only what it did not have.
  if (cursor.compareAfter !== LIST_READ) {
    let after = cursor.compareAfter;
    for (;;) {
      const page = await readPage(deps, account, after);
      if (page === 'place_gone') {
        await store({ compareBeganAt: null, compareAfter: null });
        return found;
      }
      await settle(await compareWith(deps, account, page));
      after = page.length === PAGE ? (page.at(-1)?.id ?? LIST_READ) : LIST_READ;
      await store({ compareBeganAt: began, compareAfter: after });
      if (after === LIST_READ) break;
    }
  }
  const unmet = await notMet(deps, account, began);
  await settle(await compareOneByOne(deps, account, unmet));
  if (unmet.length < ONE_BY_ONE)
    await store({ comparedAt: toDate(now), compareBeganAt: null, compareAfter: null });
  return found;
}

/** No id of Stripe's: the list was read to its end. */
const LIST_READ = 'read';

const isDue = ({ comparedAt, compareBeganAt }: EventCursor, now: Seconds): boolean =>
  compareBeganAt !== null || comparedAt === null || toSeconds(comparedAt) + COMPARE_EVERY <= now;

/** `place_gone`: the subscription that the page follows is not in Stripe's list any more. */
async function readPage(
  deps: ActivityDeps,
  { mode, accountId }: AccountRef,
  after: string | null,
): Promise<Stripe.Subscription[] | 'place_gone'> {
  const place = after === null ? {} : { starting_after: after };
  try {
    return await onePage(
      deps.stripe.of(mode).subscriptions.list({ limit: PAGE, ...place }, { stripeAccount: accountId }),
    );
  } catch (error) {
    if (after !== null && isMissing(error)) return 'place_gone';
    throw error;
  }
}

/** The memberships that a page of subscriptions is of; what else the coach sells there has none. */
async function compareWith(
  { db, stripe }: ActivityDeps,
  { mode, accountId, coachId }: AccountRef,
  page: readonly Stripe.Subscription[],
): Promise<ComparedRow[]> {
  const rows = await db.membership.findMany({
    where: { coachId, mode, accountId, stripeSubscriptionId: { in: page.map(({ id }) => id) } },
  });
  const told = await toldOf(db, rows);
  const byId = new Map(page.map((subscription) => [subscription.id, subscription]));
  const client = { stripe: stripe.of(mode), accountId };
  const compared: ComparedRow[] = [];
  for (const row of rows) {
    const theirs = byId.get(row.stripeSubscriptionId ?? '');
    if (theirs !== undefined && !told.has(row.id))
      compared.push(compare(row, await comparedOf(client, theirs)));
  }
  return compared;
}

const compare = (row: Membership, theirs: Compared | null): ComparedRow => ({
  row,
  differences: differencesOf(
    { status: row.status, hasInstallments: row.installmentsDue !== null },
    comparedHere(row),
    theirs,
  ),
});

/** Live memberships of before the comparison began that it has not met. */
async function notMet(
  { db }: ActivityDeps,
  { mode, accountId, coachId }: AccountRef,
  began: Date,
): Promise<Membership[]> {
  return db.membership.findMany({
    where: {
      ...{ coachId, mode, accountId, kind: 'subscription', endedAt: null },
      createdAt: { lt: began },
      OR: [{ comparedAt: null }, { comparedAt: { lt: began } }],
    },
    orderBy: { id: 'asc' },
    take: ONE_BY_ONE,
  });
}

async function compareOneByOne(
  { stripe }: ActivityDeps,
  { mode, accountId }: AccountRef,
  rows: readonly Membership[],
): Promise<ComparedRow[]> {
  const client = { stripe: stripe.of(mode), accountId };
  const compared: ComparedRow[] = [];
  for (const row of rows) {
    const id = row.stripeSubscriptionId ?? '';
    try {
      const theirs = await client.stripe.subscriptions.retrieve(id, undefined, { stripeAccount: accountId });
      compared.push(compare(row, await comparedOf(client, theirs)));
    } catch (error) {
      if (!isMissing(error)) throw error;
      compared.push(compare(row, null));
    }
  }
  return compared;
}
