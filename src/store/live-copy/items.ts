import type { Db, Tx } from '../../db/client';
import type { LiveCopyItem, Price } from '../../db/generated/client';
import { COPY_REASONS } from '../../domain/live-copy';
import { ProblemError } from '../../domain/problem';
import type { CatalogTarget } from '../../messages/messages';
import type { CarryContext } from './kind';
import { copiedKind } from './kinds';
import { liveAccountOf } from './plan';

/** What follows of something that was written in live mode. */
export interface Follows {
  /** Stripe has to be told of this. */
  push: CatalogTarget | null;
}

const NOTHING: Follows = { push: null };

/**
 * Brings one thing to live mode, as both modes are now: it is compared again in the transaction that writes it, and the pair is
 * noted in the same. So it is made once, however often this is called.
 */
export async function carryItem(
  db: Db,
  item: LiveCopyItem,
  tools: Pick<CarryContext, 'receivers' | 'newSecret'>,
): Promise<Follows> {
  try {
    return await db.$transaction((tx) => carry(tx, item, tools));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    await note(db, item, { status: 'failed', reason: error.code, message: error.message });
    return NOTHING;
  }
}

async function carry(
  tx: Tx,
  item: LiveCopyItem,
  tools: Pick<CarryContext, 'receivers' | 'newSecret'>,
): Promise<Follows> {
  const { coachId, testId, copyId, position } = item;
  const kind = copiedKind(item.kind);
  await tx.$queryRaw`SELECT 1 FROM live_copy_item
    WHERE copy_id = ${copyId} AND position = ${position} FOR UPDATE`;
  const present = await tx.liveCopyItem.findUniqueOrThrow({
    where: { copyId_position: { copyId, position } },
  });
  if (present.status !== 'waiting') return NOTHING;
  const accountId = await liveAccountOf(tx, coachId);
  const context = { coachId, accountId, only: testId, ...tools };
  const [found] = await kind.compare(tx, context);
  if (found === undefined || found.action === 'same') {
    await note(tx, item, { status: 'copied', liveId: found?.liveId ?? null });
    return NOTHING;
  }
  if (found.action === 'impossible') {
    const reason = found.reason ?? 'archived_in_test';
    await note(tx, item, { status: 'skipped', reason, message: COPY_REASONS[reason] });
    return NOTHING;
  }
  const { liveId, copied, provisioning, push } = await kind.carry(tx, context, found);
  const key = { coachId, kind: item.kind, testId };
  await tx.liveTwin.upsert({
    where: { coachId_kind_testId: key },
    create: { ...key, liveId, copied: copied as object },
    update: { copied: copied as object },
  });
  await note(tx, item, { status: provisioning == null ? 'copied' : 'creating', liveId });
  return { push: push ?? null };
}

type Outcome = Partial<Pick<LiveCopyItem, 'liveId' | 'reason' | 'message'>> & Pick<LiveCopyItem, 'status'>;

async function note(
  db: Db | Tx,
  { copyId, position }: Pick<LiveCopyItem, 'copyId' | 'position'>,
  outcome: Outcome,
): Promise<void> {
  const isOver = outcome.status !== 'creating';
  await db.liveCopyItem.update({
    where: { copyId_position: { copyId, position } },
    data: { ...outcome, endedAt: isOver ? new Date() : null },
  });
}

/** What became of a price that nobody works on any more. */
function outcomeOf({ status, failureCode, failureMessage }: Price): Outcome {
  if (status === 'failed') return { status, reason: failureCode, message: failureMessage };
  if (status !== 'provisioning') return { status: 'copied' };
  // It is at Stripe, on an account that was left meanwhile.
  const reason = 'live_not_connected';
  return { status: 'skipped', reason, message: COPY_REASONS[reason] };
}

/**
 * Notes what has become of the prices that Stripe was to make, and lists the attempts that have no end yet.
 * @returns ids of provisionings
 */
export async function settleItems(db: Db, copyId: string): Promise<string[]> {
  const items = await db.liveCopyItem.findMany({ where: { copyId, status: 'creating' } });
  const ids = items.map(({ liveId }) => liveId ?? '');
  // First the attempts: one that has ended by then has told its price what became of it.
  const attempts = await db.priceProvisioning.findMany({
    where: { priceId: { in: ids }, status: 'pending' },
  });
  const prices = await db.price.findMany({ where: { id: { in: ids } } });
  const tried = new Set(attempts.map(({ priceId }) => priceId));
  const byId = new Map(prices.map((price) => [price.id, price]));
  for (const item of items) {
    const price = byId.get(item.liveId ?? '');
    if (price === undefined || tried.has(price.id)) continue;
    await note(db, item, outcomeOf(price));
  }
  return attempts.map(({ id }) => id);
}
