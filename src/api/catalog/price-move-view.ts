import { z } from 'zod';
import type { Db } from '../../db/client';
import type { PriceMove, PriceMoveItem } from '../../db/generated/client';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import { priceMoveWorkflowId } from '../../messages/ids';
import { countOf, standingOf } from '../http/long-run';
import { time } from '../http/schemas';

/** A move, as the API tells of it. */
export const moveSchema = z
  .object({
    id: z.string().meta({ example: 'pmv_3kTMd0fWbJ9xQeN4vYzA' }),
    productId: z.string(),
    fromPriceId: z.string(),
    toPriceId: z.string(),
    prorate: z.boolean(),
    status: z.enum(['running', 'cancelling', 'done', 'incomplete', 'cancelled']).meta({
      description:
        '`incomplete`: everybody was looked at, and some could not be moved; `retry` tries them again',
    }),
    attempt: z.int().meta({ description: 'How often it was run' }),
    total: z.int(),
    moved: z.int(),
    skipped: z.int().meta({ description: 'Left where they are by the rules' }),
    failed: z.int(),
    waiting: z.int().meta({ description: 'Not looked at yet' }),
    workflowId: z.string().meta({ description: 'The run, as the Temporal Web UI finds it' }),
    createdAt: time,
    endedAt: time.nullable(),
  })
  .meta({ id: 'PriceMove' });

/** What became of one member of a move. */
export const itemSchema = z
  .object({
    membershipId: z.string(),
    memberId: z.string(),
    status: z.enum(['waiting', 'moved', 'skipped', 'failed']),
    reason: z.string().nullable().meta({ example: 'membership_paused', description: 'A stable code' }),
    message: z.string().nullable(),
    endedAt: time.nullable(),
  })
  .meta({ id: 'PriceMoveMember' });

export const itemView = ({ membership, ...item }: PriceMoveItem & { membership: { memberId: string } }) => ({
  membershipId: item.membershipId,
  memberId: membership.memberId,
  status: item.status,
  reason: item.reason,
  message: item.message,
  endedAt: isoTimeOrNull(item.endedAt),
});

/** Moves with the numbers of their members. */
export async function viewsOf(db: Db, rows: PriceMove[]) {
  const counts = await db.priceMoveItem.groupBy({
    by: ['moveId', 'status'],
    where: { moveId: { in: rows.map((row) => row.id) } },
    _count: true,
  });
  return rows.map((row) => {
    const count = countOf(counts.filter(({ moveId }) => moveId === row.id));
    return {
      id: row.id,
      productId: row.productId,
      fromPriceId: row.fromPriceId,
      toPriceId: row.toPriceId,
      prorate: row.prorate,
      status: standingOf(row),
      attempt: row.attempt,
      total: count(),
      moved: count('moved'),
      skipped: count('skipped'),
      failed: count('failed'),
      waiting: count('waiting'),
      workflowId: priceMoveWorkflowId(row.id),
      createdAt: isoTime(row.createdAt),
      endedAt: isoTimeOrNull(row.endedAt),
    };
  });
}

export async function viewOf(db: Db, row: PriceMove) {
  const [view] = await viewsOf(db, [row]);
  if (view === undefined) throw new Error('A row without a view');
  return view;
}
