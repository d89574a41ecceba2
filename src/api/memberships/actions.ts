import type { z } from 'zod';
import type { Membership } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import type { ApiDeps } from '../deps';
import type { CoachAuth } from '../http/route';
import { planChange, type priceChangeBody } from './price-change';
import { previewChange } from './price-change-preview';

/** Milliseconds that a request waits for Stripe's outcome. */
const UPDATE_TIMEOUT_MS = 25_000;

/** Whose membership it is. */
type Owner = Pick<CoachAuth, 'coachId' | 'mode'>;

/** What may be asked of a membership, whoever asks: the coach by a route, or the member on their page. */
export function createMembershipActions(deps: ApiDeps) {
  const { db, workflows, clock } = deps;

  /** @throws ProblemError `not_found` */
  const expectMembership = async ({ coachId, mode }: Owner, membershipId: string) => {
    const row = await db.membership.findFirst({
      where: { id: membershipId, coachId, mode },
      include: { grants: true },
    });
    if (row === null) throw new ProblemError('not_found', 'There is no membership with this id.');
    return row;
  };
  /** A subscription that still lives: its run takes the request. */
  const expectLiving = async (auth: Owner, membershipId: string) => {
    const row = await expectMembership(auth, membershipId);
    if (row.kind === 'one_off')
      throw new ProblemError(
        'membership_not_subscription',
        'This membership was bought once; nothing is charged again.',
      );
    if (row.status === 'ended') throw new ProblemError('membership_ended', 'This membership has ended.');
    const owner = { coachId: row.coachId, mode: row.mode, accountId: row.accountId, memberId: row.memberId };
    return { row, owner };
  };
  /** One whose charging may be changed: a plan of installments is Stripe's schedule from the first payment to the last. */
  const expectChangeable = async (auth: Owner, membershipId: string) => {
    const living = await expectLiving(auth, membershipId);
    if (living.row.installmentsDue !== null)
      throw new ProblemError(
        'membership_in_installments',
        'This membership is paid in installments, whose number and amount stay as they were bought.',
      );
    return living;
  };
  const nowOf = ({ mode, accountId }: Membership) => clock.now(mode, accountId);
  const plan = async (row: Membership, body: z.output<typeof priceChangeBody>) =>
    planChange(db, row, body, await nowOf(row));

  return {
    expectMembership,

    /** Cancels now, or at the end of the paid period. */
    async cancel(
      auth: Owner,
      membershipId: string,
      request: { requestId: string; at: 'now' | 'period_end' },
    ): Promise<void> {
      const expectOne = request.at === 'now' ? expectLiving : expectChangeable;
      const { row, owner } = await expectOne(auth, membershipId);
      await workflows.withDeadline(UPDATE_TIMEOUT_MS, () =>
        workflows.cancelMembership(row.id, owner, request),
      );
    },

    /** Takes a cancellation that is still ahead, or a pause, back. */
    async resume(auth: Owner, membershipId: string, request: { requestId: string }): Promise<void> {
      const { row, owner } = await expectChangeable(auth, membershipId);
      await workflows.withDeadline(UPDATE_TIMEOUT_MS, () =>
        workflows.resumeMembership(row.id, owner, request),
      );
    },

    /** Pauses the collection. @param request `until` in seconds; null: until told */
    async pause(
      auth: Owner,
      membershipId: string,
      { requestId, until }: { requestId: string; until: number | null | undefined },
    ): Promise<void> {
      const { row, owner } = await expectChangeable(auth, membershipId);
      if (until != null && until <= (await nowOf(row)))
        throw new ProblemError('invalid_request', 'The end of the pause lies in the past.', {
          field: 'until',
        });
      await workflows.withDeadline(UPDATE_TIMEOUT_MS, () =>
        workflows.pauseMembership(row.id, owner, {
          requestId,
          ...(until === undefined ? {} : { until }),
        }),
      );
    },

    /** Puts a coupon of the account on it, beside what it has. */
    async addCoupon(
      auth: Owner,
      membershipId: string,
      request: { requestId: string; stripeCouponId: string },
    ): Promise<void> {
      const { row, owner } = await expectChangeable(auth, membershipId);
      await workflows.withDeadline(UPDATE_TIMEOUT_MS, () =>
        workflows.addMembershipCoupon(row.id, owner, request),
      );
    },

    /** Moves it to another price or quantity of its product. */
    async changePrice(
      auth: Owner,
      membershipId: string,
      body: z.output<typeof priceChangeBody>,
      requestId: string,
    ): Promise<void> {
      const { row, owner } = await expectChangeable(auth, membershipId);
      const { asked, prorate, prorationDate } = await plan(row, body);
      await workflows.withDeadline(UPDATE_TIMEOUT_MS, () =>
        workflows.changeMembershipPrice(row.id, owner, {
          requestId,
          ...(asked.priceId === undefined ? {} : { priceId: asked.priceId }),
          ...(asked.quantity === undefined ? {} : { quantity: asked.quantity }),
          prorate,
          ...(prorationDate === undefined ? {} : { prorationDate }),
        }),
      );
    },

    /** What that would cost, calculated by Stripe. Changes nothing. */
    async previewPrice(auth: Owner, membershipId: string, body: z.output<typeof priceChangeBody>) {
      const { row } = await expectChangeable(auth, membershipId);
      const change = await plan(row, body);
      return previewChange(deps, row, change, await nowOf(row));
    },
  };
}
