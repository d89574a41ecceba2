import { z } from 'zod';
import type { Db } from '../../db/client';
import type { Prisma, TimelineEntry } from '../../db/generated/client';
import { isoTime } from '../../domain/time';
import { rowNumber } from '../http/paging';
import type { CoachAuth } from '../http/route';
import { listOf, page, time } from '../http/schemas';

const entrySchema = z
  .object({
    id: z.string(),
    at: time.meta({ description: "When it happened, on the Stripe account's clock" }),
    kind: z.string().meta({ example: 'renewed', description: 'What happened, a stable code' }),
    effect: z.string().meta({
      example: 'Access goes on, until 2026-12-26T06:00:00.000Z.',
      description: 'What it did to access, in words',
    }),
    cause: z.string().meta({
      example: 'stripe_event',
      description: '`stripe_event`, `timer`, `member_returned`, `person` or `system`',
    }),
    causeId: z.string().nullable().meta({ description: "Stripe's event, when one was the cause" }),
    productId: z.string().nullable(),
    checkoutId: z.string().nullable(),
    membershipId: z.string().nullable(),
    workflowId: z
      .string()
      .nullable()
      .meta({ description: 'The run that did it, as the Temporal Web UI finds it' }),
    runId: z.string().nullable(),
    details: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'TimelineEntry' });

const entryView = (entry: TimelineEntry) => ({
  id: entry.id.toString(),
  at: isoTime(entry.at),
  kind: entry.kind,
  effect: entry.effect,
  cause: entry.cause,
  causeId: entry.causeId,
  productId: entry.productId,
  checkoutId: entry.checkoutId,
  membershipId: entry.membershipId,
  workflowId: entry.workflowId,
  runId: entry.runId,
  details: entry.details as Record<string, unknown> | null,
});

/** A page of a timeline. */
export const timelinePage = listOf(entrySchema);

export const timelineQuery = z.strictObject({
  limit: page.limit,
  cursor: rowNumber.optional().meta({ description: '`nextCursor` of the page before' }),
  order: z.enum(['oldest_first', 'newest_first']).default('oldest_first'),
});

/** What happened to whom or what `where` names, of a coach's in a mode. */
export async function timelineOf(
  db: Db,
  { coachId, mode }: CoachAuth,
  where: Prisma.TimelineEntryWhereInput,
  query: z.output<typeof timelineQuery>,
): Promise<z.input<typeof timelinePage>> {
  const oldestFirst = query.order === 'oldest_first';
  const from = query.cursor === undefined ? undefined : BigInt(query.cursor);
  const rows = await db.timelineEntry.findMany({
    where: {
      AND: [where, from === undefined ? {} : { id: oldestFirst ? { gt: from } : { lt: from } }],
      coachId,
      mode,
    },
    orderBy: { id: oldestFirst ? 'asc' : 'desc' },
    take: query.limit + 1,
  });
  const shown = rows.slice(0, query.limit);
  const nextCursor = rows.length > query.limit ? (shown.at(-1)?.id.toString() ?? null) : null;
  return { data: shown.map(entryView), nextCursor };
}
