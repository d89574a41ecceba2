import { encrypt } from '../db/encryption';
import type { LiveCopy } from '../db/generated/client';
import { newWebhookSecret } from '../webhooks-out/sign';
import { endLiveCopy } from '../store/live-copy/copies';
import { carryItem, settleItems } from '../store/live-copy/items';
import type { BeingMade } from '../store/live-copy/kind';
import { copiedKind } from '../store/live-copy/kinds';
import { liveAccountOf } from '../store/live-copy/plan';
import { webhookSecretContext } from '../store/webhook-endpoints';
import type { ActivityDeps } from './deps';
import { ownClient } from './own-client';

/** How a copying stands, for its run and for operators. */
export interface LiveCopyState extends BeingMade {
  status: LiveCopy['status'];
  waitsFor: string;
  accountId: string | null;
  isOver: boolean;
}

const NOTHING: BeingMade = { provisioningIds: [], couponIds: [] };
const isAny = ({ provisioningIds, couponIds }: BeingMade) => provisioningIds.length + couponIds.length > 0;

/** Things that are brought at once: as many prices are made at Stripe side by side. */
const PAGE = 20;
/** Milliseconds that Temporal is given to take a push; what it does not take is the sweep's. */
const TEMPORAL_TIMEOUT_MS = 5_000;

/** Activities of the copying of test mode to live mode. What became of each thing is a row. */
export function createLiveCopyActivities(deps: ActivityDeps) {
  const { db, log } = deps;
  const keys = {
    receivers: deps.receivers,
    newSecret: (endpointId: string) =>
      encrypt(deps.encryptionKey, newWebhookSecret(), webhookSecretContext({ id: endpointId })),
  };

  async function stateOf(copy: LiveCopy, beingMade: BeingMade): Promise<LiveCopyState> {
    const groups = await db.liveCopyItem.groupBy({
      by: ['status'],
      where: { copyId: copy.id },
      _count: true,
    });
    const count = (status: string) => groups.find((group) => group.status === status)?._count ?? 0;
    const total = groups.reduce((sum, group) => sum + group._count, 0);
    return {
      status: copy.status,
      waitsFor:
        `${count('copied')} of ${total} copied, ${count('creating')} being made at Stripe, ` +
        `${count('skipped')} left out, ${count('failed')} failed, ${count('waiting')} to go.`,
      accountId: await liveAccountOf(db, copy.coachId),
      isOver: copy.endedAt !== null,
      ...beingMade,
    };
  }

  /**
   * Brings the next things, one after the other: a price needs its product. What needs something that Stripe is only to make now
   * comes with the next page.
   */
  async function carryPage(copy: LiveCopy): Promise<number> {
    const items = await db.liveCopyItem.findMany({
      where: { copyId: copy.id, status: 'waiting' },
      orderBy: { position: 'asc' },
      take: PAGE,
    });
    const owner = {
      coachId: copy.coachId,
      mode: copy.mode,
      accountId: await liveAccountOf(db, copy.coachId),
    };
    const tools = { ...keys, now: await deps.clock.now(copy.mode, owner.accountId) };
    const isBeingMade = new Set<string>();
    let carried = 0;
    for (const item of items) {
      if (isBeingMade.has(copiedKind(item.kind).after ?? '')) break;
      carried += 1;
      const { push, ...follows } = await carryItem(db, item, tools);
      if (follows.isBeingMade) isBeingMade.add(item.kind);
      if (push === null || owner.accountId === null) continue;
      const runs = ownClient();
      await runs
        .withDeadline(TEMPORAL_TIMEOUT_MS, () => runs.syncCatalog(push, owner))
        .catch((error: unknown) =>
          log.warn({ target: push.id, err: (error as Error).name }, 'A change is left to the sweep'),
        );
    }
    return carried;
  }

  return {
    /**
     * Notes what became of what Stripe was to make, and brings the next things. Ends the copying when nothing is
     * left, or somebody cancelled it. Safe to repeat.
     */
    async nextOfLiveCopy(input: { copyId: string }): Promise<LiveCopyState> {
      const copy = await db.liveCopy.findUniqueOrThrow({ where: { id: input.copyId } });
      if (copy.endedAt !== null) return stateOf(copy, NOTHING);
      const isCancelled = copy.cancelRequestedAt !== null;
      let open = await settleItems(db, copy.id);
      if (!isAny(open) && !isCancelled) {
        const carried = await carryPage(copy);
        open = await settleItems(db, copy.id);
        if (carried > 0) return stateOf(copy, open);
      }
      return isAny(open)
        ? stateOf(copy, open)
        : stateOf(await endLiveCopy(db, copy.id, isCancelled), NOTHING);
    },

    /** Somebody cancelled the run itself. */
    async cancelLiveCopy(input: { copyId: string }): Promise<LiveCopyState> {
      return stateOf(await endLiveCopy(db, input.copyId, true), NOTHING);
    },
  };
}
