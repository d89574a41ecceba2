import { z } from 'zod';
import type { Db } from '../../db/client';
import type { LiveCopy, LiveCopyItem, Price } from '../../db/generated/client';
import { COPY_ACTIONS, COPY_KINDS, COPY_NOTES, COPY_REASONS } from '../../domain/live-copy';
import { INTERVALS, PRICING_MODELS } from '../../domain/pricing';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import { liveCopyWorkflowId } from '../../messages/ids';
import type { Compared } from '../../store/live-copy/kind';
import { shownTerms } from '../catalog/price-view';
import { countOf, standingOf } from '../http/long-run';
import { currency, time } from '../http/schemas';

const codes = (table: object) => z.enum(Object.keys(table) as [string, ...string[]]);

const kind = z.enum(COPY_KINDS);
const price = z
  .object({
    model: z.enum(PRICING_MODELS),
    unitAmount: z.int(),
    currency,
    recurring: z.object({ interval: z.enum(INTERVALS), intervalCount: z.int() }).nullable(),
    trialDays: z.int().nullable(),
    setupFee: z.int().nullable(),
    ...shownTerms,
    seats: z.int().nullable(),
  })
  .nullable()
  .meta({ description: 'What a price costs; null for everything else' });

/** One thing in test mode, beside live mode. */
export const comparedSchema = z
  .object({
    kind,
    testId: z.string(),
    liveId: z.string().nullable().meta({ description: 'Null: live mode has none yet' }),
    name: z.string().meta({ description: 'What it is called in test mode' }),
    productName: z.string().nullable().meta({ description: 'Of the product of a price' }),
    action: z.enum(COPY_ACTIONS),
    reason: codes(COPY_REASONS).nullable().meta({ description: 'Why it is not possible; a stable code' }),
    message: z.string().nullable().meta({ description: 'The reason as a sentence, with what to do' }),
    note: codes(COPY_NOTES).nullable().meta({ description: 'What should be known of it' }),
    changes: z
      .array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() }))
      .meta({ description: 'What becomes otherwise in live mode' }),
    price,
  })
  .meta({ id: 'LiveCopyComparison' });

export const previewSchema = z
  .object({
    connected: z.boolean().meta({ description: 'A Stripe account is connected in live mode' }),
    chargesEnabled: z.boolean().meta({ description: 'It may take payments already' }),
    new: z.int(),
    change: z.int(),
    same: z.int(),
    impossible: z.int(),
    data: z.array(comparedSchema),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'LiveCopyPreview' });

const priceOf = (row: Price): z.input<typeof price> => ({
  model: row.model,
  unitAmount: row.unitAmount,
  currency: row.currency,
  recurring:
    row.interval === null
      ? null
      : {
          interval: row.interval as (typeof INTERVALS)[number],
          intervalCount: row.intervalCount ?? 1,
        },
  trialDays: row.trialDays,
  setupFee: row.setupFee,
  installments: row.installments,
  minAmount: row.minAmount,
  maxAmount: row.maxAmount,
  suggestedAmount: row.suggestedAmount,
  accessDays: row.accessDays,
  accessStartsAt: isoTimeOrNull(row.accessStartsAt),
  seats: row.seats,
});

export const comparedView = (found: Compared): z.input<typeof comparedSchema> => ({
  kind: found.kind,
  testId: found.testId,
  liveId: found.liveId,
  name: found.name,
  productName: found.productName,
  action: found.action,
  reason: found.reason,
  message: found.reason === null ? null : COPY_REASONS[found.reason],
  note: found.note,
  changes: found.changes,
  price: found.price === null ? null : priceOf(found.price),
});

/** A copying, as the API tells of it. */
export const copySchema = z
  .object({
    id: z.string().meta({ example: 'cpy_3kTMd0fWbJ9xQeN4vYzA' }),
    status: z.enum(['running', 'cancelling', 'done', 'incomplete', 'cancelled']).meta({
      description:
        '`incomplete`: everything was looked at, and some of it could not be copied; copying again tries only that',
    }),
    total: z.int().meta({ description: 'How many things there were to copy; none: everything was the same' }),
    copied: z.int(),
    creating: z.int().meta({ description: 'Being made at Stripe' }),
    skipped: z.int().meta({ description: 'Left out, as it was not possible any more' }),
    failed: z.int(),
    waiting: z.int(),
    workflowId: z.string().meta({ description: 'The run, as the Temporal Web UI finds it' }),
    createdAt: time,
    endedAt: time.nullable(),
  })
  .meta({ id: 'LiveCopy' });

/** What became of one thing. */
export const itemSchema = z
  .object({
    position: z.int(),
    kind,
    testId: z.string(),
    liveId: z.string().nullable(),
    name: z.string(),
    action: z.enum(['new', 'change']),
    status: z.enum(['waiting', 'creating', 'copied', 'skipped', 'failed']),
    reason: z.string().nullable().meta({ description: 'A stable code' }),
    message: z.string().nullable(),
    endedAt: time.nullable(),
  })
  .meta({ id: 'LiveCopyItem' });

export const itemView = (row: LiveCopyItem): z.input<typeof itemSchema> => ({
  position: row.position,
  kind: row.kind as z.input<typeof kind>,
  testId: row.testId,
  liveId: row.liveId,
  name: row.name,
  action: row.action as 'new' | 'change',
  status: row.status,
  reason: row.reason,
  message: row.message,
  endedAt: isoTimeOrNull(row.endedAt),
});

/** Copyings with the numbers of their things. */
export async function viewsOf(db: Db, rows: LiveCopy[]) {
  const counts = await db.liveCopyItem.groupBy({
    by: ['copyId', 'status'],
    where: { copyId: { in: rows.map(({ id }) => id) } },
    _count: true,
  });
  return rows.map((row) => {
    const count = countOf(counts.filter(({ copyId }) => copyId === row.id));
    return {
      id: row.id,
      status: standingOf(row),
      total: count(),
      copied: count('copied'),
      creating: count('creating'),
      skipped: count('skipped'),
      failed: count('failed'),
      waiting: count('waiting'),
      workflowId: liveCopyWorkflowId(row.id),
      createdAt: isoTime(row.createdAt),
      endedAt: isoTimeOrNull(row.endedAt),
    };
  });
}

export async function viewOf(db: Db, row: LiveCopy) {
  const [view] = await viewsOf(db, [row]);
  if (view === undefined) throw new Error('A row without a view');
  return view;
}
