import { z } from 'zod';
import type { Config } from '../../config/config';
import { connectionFacts } from '../../store/connection-state';
import type { Db } from '../../db/client';
import type { Connection } from '../../db/generated/client';
import { CONNECT_FLOWS, CONNECTION_STATUSES } from '../../domain/connection';
import { selling } from '../../domain/selling';
import type { Mode } from '../../domain/mode';
import { toDate } from '../../domain/time';
import { mode, time } from '../http/schemas';

const fields = z.array(z.string());

export const connectionSchema = z
  .object({
    id: z.string().nullable(),
    mode,
    status: z
      .enum(['not_connected', ...CONNECTION_STATUSES])
      .meta({ description: '`returned`: back from Stripe, waits for POST /v1/connection/confirm' }),
    flow: z
      .enum(CONNECT_FLOWS)
      .nullable()
      .meta({ description: 'How it was made: with an account that the coach had, or with one created here' }),
    accountId: z.string().nullable().meta({ example: 'acct_1OyDc2JxQkZ4mTgH' }),
    accountName: z.string().nullable().meta({ description: 'What the business is called at Stripe' }),
    chargesEnabled: z.boolean(),
    payoutsEnabled: z.boolean(),
    detailsSubmitted: z.boolean(),
    defaultCurrency: z.string().nullable(),
    country: z.string().nullable(),
    requirements: z
      .object({
        currentlyDue: fields,
        eventuallyDue: fields,
        pastDue: fields,
        pendingVerification: fields,
        disabledReason: z.string().nullable(),
        currentDeadline: time.nullable(),
      })
      .nullable()
      .meta({ description: "What Stripe wants, in Stripe's own names" }),
    canSell: z.boolean(),
    reason: z.string().meta({ description: 'Why the coach can sell or not, in words' }),
    todo: z.string().nullable().meta({ description: 'What the coach does next' }),
    dashboardUrl: z
      .string()
      .nullable()
      .meta({ description: "The coach's own Stripe Dashboard, where what is due is given" }),
    activeSubscriptions: z
      .int()
      .meta({ description: 'Subscriptions that Stripe goes on charging, also after a disconnection' }),
    endReason: z.string().nullable(),
    expiresAt: time.nullable().meta({ description: 'The next step of connecting has to be taken by then' }),
    connectedAt: time.nullable(),
    endedAt: time.nullable(),
  })
  .meta({ id: 'Connection' });

/** The connection that stands or is being made; else the latest that ended. Null: never tried. */
export async function findConnection(db: Db, coachId: string, at: Mode): Promise<Connection | null> {
  const standing = await db.connection.findFirst({
    where: { coachId, mode: at, status: { in: ['authorizing', 'returned', 'connected', 'disconnecting'] } },
  });
  return (
    standing ?? db.connection.findFirst({ where: { coachId, mode: at }, orderBy: { createdAt: 'desc' } })
  );
}

/** How many subscriptions on the account Stripe charges again, whether or not we stay connected. */
export function countActiveSubscriptions(db: Db, row: Connection): Promise<number> {
  const { coachId, mode: at, accountId } = row;
  if (accountId === null) return Promise.resolve(0);
  return db.membership.count({
    where: {
      coachId,
      mode: at,
      accountId,
      kind: 'subscription',
      endedAt: null,
      // One that is to be cancelled is charged again only if a renewal comes before.
      OR: [
        { status: { in: ['trialing', 'active', 'past_due', 'suspended'] } },
        { status: 'canceling', cancelAt: { gt: db.membership.fields.paidThrough } },
      ],
    },
  });
}

/** A connection as the API shows it. */
export async function connectionView(db: Db, at: Mode, row: Connection | null, stripe: Config['stripe']) {
  const facts = row === null ? null : connectionFacts(row);
  const { canSell, reason, todo } = selling(facts);
  const due = facts?.requirements ?? null;
  const iso = (date: Date | null | undefined) => date?.toISOString() ?? null;
  return {
    id: row?.id ?? null,
    mode: at,
    status: row?.status ?? ('not_connected' as const),
    flow: row?.flow ?? null,
    accountId: row?.accountId ?? null,
    accountName: row?.accountName ?? null,
    chargesEnabled: row?.chargesEnabled ?? false,
    payoutsEnabled: row?.payoutsEnabled ?? false,
    detailsSubmitted: row?.detailsSubmitted ?? false,
    defaultCurrency: row?.defaultCurrency ?? null,
    country: row?.country ?? null,
    requirements:
      due === null
        ? null
        : { ...due, currentDeadline: due.currentDeadline === null ? null : iso(toDate(due.currentDeadline)) },
    canSell,
    reason,
    todo,
    dashboardUrl:
      row?.accountId == null || row.endedAt !== null ? null : dashboardUrl(at, row.accountId, stripe),
    activeSubscriptions: row === null ? 0 : await countActiveSubscriptions(db, row),
    endReason: row?.endReason ?? null,
    expiresAt: iso(row?.expiresAt),
    connectedAt: iso(row?.connectedAt),
    endedAt: iso(row?.endedAt),
  };
}

/** Where Stripe says what it still wants from an account. An emulator has one page for that, beside its OAuth pages. */
function dashboardUrl(at: Mode, accountId: string, stripe: Config['stripe']): string {
  if (stripe.apiBase !== null) return `${stripe.connectBase.replace(/\/+$/, '')}/onboarding/${accountId}`;
  return `https://dashboard.stripe.com/${accountId}/${at === 'test' ? 'test/' : ''}dashboard`;
}
