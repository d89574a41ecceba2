import { z } from 'zod';
import type { Db } from '../../db/client';
import type { Prisma } from '../../db/generated/client';
import { literally } from '../../db/like';
import { PAYMENT_STATUSES } from '../../domain/payments';
import { ProblemError } from '../../domain/problem';
import { toDate } from '../../domain/time';
import type { CoachAuth } from '../http/route';
import { currency, id, moment, text } from '../http/schemas';

/** What a list of payments may be narrowed down by, each by an index. */
export const filters = {
  status: z
    .enum([...PAYMENT_STATUSES, 'refunded', 'partially_refunded', 'disputed'])
    .optional()
    .meta({
      description:
        'How the payment stands. `refunded`: in full; `partially_refunded`: in part; `disputed`: with a dispute that the bank has not decided yet',
    }),
  product: id('pdt').optional(),
  member: id('mbr').optional(),
  currency: currency.optional(),
  from: moment.optional().meta({ description: 'Paid then or later' }),
  to: moment.optional().meta({ description: 'Paid before then' }),
  search: text(254).optional().meta({
    description:
      'An id of ours or of Stripe’s (member, membership, invoice, payment, charge, refund), or a part of the member’s e-mail address or your id for them',
  }),
};

export type Filters = z.output<z.ZodObject<typeof filters>>;

/** Members that a search may mean; more say nothing. */
const MOST_MEMBERS = 50;

/** The condition of a list. @throws ProblemError `invalid_request` */
export async function whereOf(
  db: Db,
  { coachId, mode }: Pick<CoachAuth, 'coachId' | 'mode'>,
  filters: Filters,
): Promise<Prisma.PaymentWhereInput> {
  const { from, to } = filters;
  if (from !== undefined && to !== undefined && to <= from)
    throw new ProblemError('invalid_request', 'to must be later than from.', { field: 'to' });
  return {
    ...{ coachId, mode },
    ...(filters.product === undefined ? {} : { productId: filters.product }),
    ...(filters.currency === undefined ? {} : { currency: filters.currency }),
    ...(from === undefined && to === undefined
      ? {}
      : {
          paidAt: {
            ...(from === undefined ? {} : { gte: toDate(from) }),
            ...(to === undefined ? {} : { lt: toDate(to) }),
          },
        }),
    AND: [
      byStatus(db, filters.status),
      filters.member === undefined ? {} : { memberId: filters.member },
      filters.search === undefined ? {} : await bySearch(db, { coachId, mode }, filters.search),
    ],
  };
}

function byStatus(db: Db, status: Filters['status']): Prisma.PaymentWhereInput {
  switch (status) {
    case undefined:
      return {};
    case 'refunded':
      return { amountRefunded: { gt: 0, gte: db.payment.fields.amount } };
    case 'partially_refunded':
      return { amountRefunded: { gt: 0, lt: db.payment.fields.amount } };
    case 'disputed':
      return { dispute: 'open' };
    case 'pending':
    case 'succeeded':
    case 'failed':
    case 'canceled':
      return { status };
  }
}

async function bySearch(
  db: Db,
  owned: Pick<CoachAuth, 'coachId' | 'mode'>,
  search: string,
): Promise<Prisma.PaymentWhereInput> {
  if (/^(in|pi)_/.test(search)) return { stripeId: search };
  if (/^(ch|py)_/.test(search)) return { chargeId: search };
  if (search.startsWith('msp_')) return { membershipId: search };
  if (search.startsWith('mbr_')) return { memberId: search };
  if (/^(rfd|re|pyr)_/.test(search)) {
    const refunds = await db.refund.findMany({
      where: search.startsWith('rfd_') ? { ...owned, id: search } : { ...owned, stripeRefundId: search },
      select: { paymentId: true },
    });
    return { stripeId: { in: refunds.map(({ paymentId }) => paymentId) } };
  }
  const part = { contains: literally(search), mode: 'insensitive' as const };
  const members = await db.member.findMany({
    where: { ...owned, OR: [{ email: part }, { externalId: part }] },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { id: true },
    take: MOST_MEMBERS,
  });
  return { memberId: { in: members.map(({ id }) => id) } };
}
