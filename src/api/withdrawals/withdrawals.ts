import { z } from 'zod';
import type { Withdrawal } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import { isoTime, isoTimeOrNull, toDate, toSeconds } from '../../domain/time';
import { decideBy, isInTime, refundDue, WITHDRAWAL_STATUSES } from '../../domain/withdrawal';
import { withdrawalWorkflowId } from '../../messages/ids';
import { tellOutcome } from '../../store/withdrawal-mails';
import { acceptWithdrawal, refuseWithdrawal } from '../../store/withdrawals';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOf } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { currency, id, listOf, page, text, time } from '../http/schemas';
import { tellRun } from './state';

const TAG = 'Withdrawals';

const withdrawalSchema = z
  .object({
    id: z.string().meta({ example: 'wdr_3kTMd0fWbJ9xQeN4vYzA' }),
    status: z.enum(WITHDRAWAL_STATUSES).meta({
      description:
        '`unproven`: stated without signing in; you see whose it is, or the member signs in. `to_decide`: you decide. `accepted`: it is carried out. `failed`: `failureCode` says why; accept it again when that is mended',
    }),
    memberId: z.string().nullable(),
    membershipId: z.string().nullable().meta({ description: 'Null: say which one when you accept it' }),
    statedAt: time.meta({ description: "When it was stated, on the Stripe account's clock" }),
    name: z.string().nullable(),
    contract: z.string().nullable().meta({ description: 'What they withdraw from, in their words' }),
    email: z.string().nullable().meta({ description: 'Where the receipt went' }),
    inTime: z
      .boolean()
      .meta({ description: 'Stated within the period; false also where the purchase is not known' }),
    rightLost: z.boolean().meta({ description: 'They had given the right up, for digital content' }),
    provenAt: time.nullable().meta({ description: 'When the member said so themselves, signed in' }),
    decideBy: time.meta({
      description:
        'Decide until then; what is certain is then settled in full, the rest is told to be overdue',
    }),
    refundDueAt: time.meta({ description: 'Until then the money has to have gone back' }),
    refund: z.enum(['full', 'proportional', 'none']).nullable(),
    refundAmount: z.int().nullable().meta({ description: 'Minor units' }),
    currency: currency.nullable(),
    decidedBy: z.enum(['setting', 'coach', 'deadline']).nullable(),
    decidedAt: time.nullable(),
    refusedBecause: z.string().nullable(),
    failureCode: z.string().nullable(),
    overdueAt: time.nullable(),
    endedAt: time.nullable(),
    workflowId: z.string().meta({ description: 'The run, as the Temporal Web UI finds it' }),
  })
  .meta({ id: 'Withdrawal' });

const view = (row: Withdrawal): z.input<typeof withdrawalSchema> => {
  const statedAt = toSeconds(row.statedAt);
  return {
    id: row.id,
    status: row.status,
    memberId: row.memberId,
    membershipId: row.membershipId,
    statedAt: isoTime(row.statedAt),
    name: row.statedName,
    contract: row.statedContract,
    email: row.statedEmail,
    inTime: row.inTime,
    rightLost: row.rightLost,
    provenAt: isoTimeOrNull(row.provenAt),
    decideBy: isoTime(toDate(decideBy(statedAt))),
    refundDueAt: isoTime(toDate(refundDue(statedAt))),
    // Written here alone, in these words.
    refund: row.refund as 'full' | 'proportional' | 'none' | null,
    refundAmount: row.refundAmount,
    currency: row.currency,
    decidedBy: row.decidedBy as 'setting' | 'coach' | 'deadline' | null,
    decidedAt: isoTimeOrNull(row.decidedAt),
    refusedBecause: row.refusedBecause,
    failureCode: row.failureCode,
    overdueAt: isoTimeOrNull(row.overdueAt),
    endedAt: isoTimeOrNull(row.endedAt),
    workflowId: withdrawalWorkflowId(row.id),
  };
};

/** Withdrawals from contracts, for the coach to see and to decide. Directive 2011/83/EU, articles 9 to 16. */
export function withdrawalRoutes(deps: ApiDeps): Route[] {
  const { db, clock, config } = deps;
  const params = z.strictObject({ id: id('wdr') });

  const expectOne = async ({ coachId, mode }: CoachAuth, withdrawalId: string) => {
    const row = await db.withdrawal.findFirst({
      where: { id: withdrawalId, coachId, mode },
      include: { membership: true },
    });
    if (row === null) throw new ProblemError('not_found', 'There is no withdrawal with this id.');
    return row;
  };
  const settled = () => new ProblemError('withdrawal_settled', 'This withdrawal is decided already.');
  const nowOf = (row: Awaited<ReturnType<typeof expectOne>>) =>
    clock.now(row.mode, row.membership?.accountId ?? null);

  /** Says which purchase is meant, where nobody knew. @throws ProblemError */
  async function name(auth: CoachAuth, row: Withdrawal, membershipId: string): Promise<void> {
    const { coachId, mode } = auth;
    const membership = await db.membership.findFirst({
      where: { id: membershipId, coachId, mode },
      include: { withdrawal: true },
    });
    if (membership === null)
      throw new ProblemError('not_found', 'There is no membership with this id.', { field: 'membershipId' });
    if (membership.withdrawal !== null && membership.withdrawal.id !== row.id)
      throw new ProblemError('withdrawal_settled', 'Of this membership there is a withdrawal already.', {
        withdrawalId: membership.withdrawal.id,
      });
    const { count } = await db.withdrawal.updateMany({
      where: { id: row.id, membershipId: null },
      data: {
        membershipId,
        memberId: membership.memberId,
        inTime: isInTime(toSeconds(membership.startedAt), toSeconds(row.statedAt)),
      },
    });
    if (count === 0 && row.membershipId !== membershipId)
      throw new ProblemError('invalid_request', 'The withdrawal is of another membership.', {
        field: 'membershipId',
      });
  }

  return [
    route({
      method: 'get',
      path: '/v1/withdrawals',
      tag: TAG,
      auth: 'coach',
      summary: 'List the withdrawals',
      query: z.strictObject({ ...page, status: z.enum(WITHDRAWAL_STATUSES).optional() }),
      answers: { 200: { description: 'A page of withdrawals', schema: listOf(withdrawalSchema) } },
      async handler({ auth: { coachId, mode }, query }) {
        const { after, order } = pageArgs(query);
        const status = query.status === undefined ? {} : { status: query.status };
        const rows = await db.withdrawal.findMany({
          where: { coachId, mode, ...status, ...after },
          ...order,
        });
        return answer(200, pageOf(rows, query.limit, view));
      },
    }),
    route({
      method: 'get',
      path: '/v1/withdrawals/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'Read a withdrawal',
      params,
      answers: { 200: { description: 'The withdrawal', schema: withdrawalSchema } },
      handler: async ({ auth, params }) => answer(200, view(await expectOne(auth, params.id))),
    }),
    route({
      method: 'post',
      path: '/v1/withdrawals/{id}/accept',
      tag: TAG,
      auth: 'coach',
      summary: 'Accept a withdrawal: it ends what was bought, and gives back what you say',
      description:
        'In proportion counts only where the buyer had asked that you begin at once; else all of it goes back.',
      params,
      body: z.strictObject({
        refund: z.enum(['full', 'proportional', 'none']),
        membershipId: id('msp')
          .optional()
          .meta({ description: 'Which purchase is meant, where the withdrawal has none' }),
      }),
      answers: { 200: { description: 'The withdrawal', schema: withdrawalSchema } },
      problems: ['not_found', 'withdrawal_settled'],
      async handler({ auth, params, body }) {
        const asked = await expectOne(auth, params.id);
        if (body.membershipId !== undefined) await name(auth, asked, body.membershipId);
        const row = await expectOne(auth, params.id);
        if (row.membership === null)
          throw new ProblemError('invalid_request', 'Say which purchase is meant.', {
            field: 'membershipId',
          });
        const now = await nowOf(row);
        if (!(await db.$transaction((tx) => acceptWithdrawal(tx, row.id, body.refund, 'coach', now))))
          throw settled();
        await tellRun(deps, row);
        return answer(200, view(await expectOne(auth, row.id)));
      },
    }),
    route({
      method: 'post',
      path: '/v1/withdrawals/{id}/refuse',
      tag: TAG,
      auth: 'coach',
      summary: 'Refuse a withdrawal',
      description:
        'When it came too late, is of nobody here, or the right was given up. Nothing changes by it.',
      params,
      body: z.strictObject({ because: text(500).meta({ description: 'The member reads it' }) }),
      answers: { 200: { description: 'The withdrawal', schema: withdrawalSchema } },
      problems: ['not_found', 'withdrawal_settled'],
      async handler({ auth, params, body }) {
        const row = await expectOne(auth, params.id);
        const now = await nowOf(row);
        const isDone = await db.$transaction(async (tx) => {
          const refused = await refuseWithdrawal(tx, row, body.because, now);
          if (refused) await tellOutcome(tx, config.encryptionKey, row.id);
          return refused;
        });
        if (!isDone) throw settled();
        await tellRun(deps, row);
        return answer(200, view(await expectOne(auth, row.id)));
      },
    }),
  ];
}
