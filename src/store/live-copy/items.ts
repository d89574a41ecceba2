import type { Db, Tx } from '../../db/client';
import type { LiveCopyItem } from '../../db/generated/client';
import { COPY_REASONS } from '../../domain/live-copy';
import { ProblemError } from '../../domain/problem';
import type { CatalogTarget } from '../../messages/messages';
import type { BeingMade, CarryContext, Outcome } from './kind';
import { COPIED_KINDS, copiedKind } from './kinds';
import { liveAccountOf } from './plan';

/** What follows of something that was written in live mode. */
export interface Follows {
  /** Stripe has to be told of this. */
  push: CatalogTarget | null;
  /** Stripe has to make it. */
  isBeingMade: boolean;
}

const NOTHING: Follows = { push: null, isBeingMade: false };
type Tools = Pick<CarryContext, 'receivers' | 'now' | 'newSecret'>;

/**
 * Brings one thing to live mode, as both modes are now: it is compared again in the transaction that writes it, and the pair is
 * noted in the same. So it is made once, however often this is called.
 */
export async function carryItem(db: Db, item: LiveCopyItem, tools: Tools): Promise<Follows> {
  try {
    return await db.$transaction((tx) => carry(tx, item, tools));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    await note(db, item, { status: 'failed', reason: error.code, message: error.message });
    return NOTHING;
  }
}

async function carry(tx: Tx, item: LiveCopyItem, tools: Tools): Promise<Follows> {
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
  const { liveId, copied, isBeingMade = false, push } = await kind.carry(tx, context, found);
  const key = { coachId, kind: item.kind, testId };
  await tx.liveTwin.upsert({
    where: { coachId_kind_testId: key },
    create: { ...key, liveId, copied: copied as object },
    update: { copied: copied as object },
  });
  await note(tx, item, { status: isBeingMade ? 'creating' : 'copied', liveId });
  return { push: push ?? null, isBeingMade };
}

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

/**
 * Notes what has become of what Stripe was to make.
 * @returns whose runs have no end yet
 */
export async function settleItems(db: Db, copyId: string): Promise<BeingMade> {
  const items = await db.liveCopyItem.findMany({ where: { copyId, status: 'creating' } });
  const open: BeingMade = { provisioningIds: [], couponIds: [] };
  for (const kind of COPIED_KINDS) {
    const mine = items.filter((item) => item.kind === kind.kind);
    if (mine.length === 0 || kind.settle === undefined) continue;
    const { outcomes, provisioningIds, couponIds } = await kind.settle(
      db,
      mine.map(({ liveId }) => liveId ?? ''),
    );
    open.provisioningIds.push(...(provisioningIds ?? []));
    open.couponIds.push(...(couponIds ?? []));
    for (const item of mine) {
      const outcome = outcomes.get(item.liveId ?? '');
      if (outcome !== undefined) await note(db, item, outcome);
    }
  }
  return { ...open, couponIds: [...new Set(open.couponIds)] };
}
