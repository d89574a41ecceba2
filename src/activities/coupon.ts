import type { Coupon, PromotionCode } from '../db/generated/client';
import type { Tx } from '../db/client';
import { explainCouponFailure } from '../domain/coupons';
import type { ProvisioningProblem } from '../domain/price-provisioning';
import type { Seconds } from '../domain/time';
import { withMappedErrors } from '../store/activity-failure';
import { expectRevision, syncTarget } from '../store/sync';
import { markDone } from '../store/waiting-events';
import type { AccountClient } from '../stripe/account-client';
import {
  archivePromotionCode,
  createCoupon,
  createPromotionCode,
  deleteCoupon,
  findCoupon,
  findPromotionCode,
  listPromotionCodes,
} from '../stripe/coupons';
import { finalRefusalOf, isAccountInvalid } from '../stripe/errors';
import type { ActivityDeps } from './deps';

interface Named {
  couponId: string;
}

/** A coupon in words for its run. */
export interface CouponState {
  status: Coupon['status'];
  waitsFor: string;
  accountId: string;
}

const WAITS_FOR: Record<Coupon['status'], string> = {
  pending: 'Stripe makes the coupon.',
  active: 'Nothing: Stripe has the coupon and its codes.',
  failed: 'Nothing: the coach is told why.',
  archived: 'Nothing: nobody can use it any more.',
};

type CouponRow = Coupon & { codes: PromotionCode[] };

/** What a coupon's run does outside: Stripe, and the rows of the coupon and its codes. */
export function createCouponActivities(deps: ActivityDeps) {
  const { db } = deps;

  const load = ({ couponId }: Named): Promise<CouponRow> =>
    db.coupon.findUniqueOrThrow({
      where: { id: couponId },
      include: { codes: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] } },
    });
  const clientOf = ({ mode, accountId }: Coupon): AccountClient => ({
    stripe: deps.stripe.of(mode),
    accountId,
  });
  const stateOf = ({ status, accountId }: Coupon): CouponState => ({
    status,
    waitsFor: WAITS_FOR[status],
    accountId,
  });

  /** The products that it is limited to, by their ids on the account. */
  async function stripeProductsOf({ id, mode, accountId }: Coupon): Promise<string[]> {
    const limited = await db.couponProduct.findMany({
      where: { couponId: id },
      orderBy: { productId: 'asc' },
    });
    const there = await db.stripeProduct.findMany({
      where: { mode, accountId, productId: { in: limited.map(({ productId }) => productId) } },
    });
    // One that is missing there must not make the coupon count for everything.
    return limited.map(
      ({ productId }) => there.find((one) => one.productId === productId)?.stripeProductId ?? productId,
    );
  }

  const codeFailed = (code: PromotionCode, failure: ReturnType<typeof explainCouponFailure>) =>
    db.promotionCode.updateMany({
      where: { id: code.id, status: { in: ['pending', 'active'] } },
      data: { status: 'failed', atStripe: false, ...failure },
    });

  /** Makes one code; what Stripe refuses for good is that code's failure, and no other's. */
  async function makeCode(client: AccountClient, row: CouponRow, code: PromotionCode): Promise<void> {
    // What counts once for each member is ours alone: see PromotionCode in the schema.
    if (code.onePerMember) {
      await db.promotionCode.updateMany({
        where: { id: code.id, status: 'pending' },
        data: { status: 'active' },
      });
      return;
    }
    try {
      // Before it is asked for: an answer that is lost may have made it, and who archives it looks for it then.
      await db.promotionCode.update({ where: { id: code.id }, data: { atStripe: true } });
      const { id } = await createPromotionCode(client, code, row.stripeCouponId);
      await db.$transaction(async (tx) => {
        await tx.promotionCode.update({
          where: { id: code.id },
          data: { stripePromotionCodeId: id },
        });
        await tx.promotionCode.updateMany({
          where: { id: code.id, status: 'pending' },
          data: { status: 'active', failureCode: null, failureMessage: null },
        });
      });
    } catch (error) {
      const refusal = finalRefusalOf(error);
      if (refusal === null || isAccountInvalid(error)) throw error;
      await codeFailed(code, explainCouponFailure({ code: refusal.code, statusCode: 400 }));
    }
  }

  async function archiveCode(client: AccountClient, row: CouponRow, code: PromotionCode): Promise<void> {
    const id =
      code.stripePromotionCodeId ?? (await findPromotionCode(client, code, row.stripeCouponId))?.id ?? null;
    if (id !== null) await archivePromotionCode(client, id);
    await db.promotionCode.update({ where: { id: code.id }, data: { atStripe: false } });
  }

  const activities = {
    /** The coupon at Stripe as its row says: made, once, however often this is tried, or taken back. */
    async pushCoupon(input: Named): Promise<CouponState> {
      const row = await load(input);
      const client = clientOf(row);
      if (row.status === 'pending') {
        // Before it is asked for: an answer that is lost may have made it, and who archives it takes it back then.
        await db.coupon.update({ where: { id: row.id }, data: { atStripe: true } });
        await createCoupon(client, row, await stripeProductsOf(row));
        await db.$transaction(async (tx) => {
          await tx.coupon.update({
            where: { id: row.id },
            data: { revision: { increment: 1 } },
          });
          // Archived meanwhile: the next round takes it back.
          await tx.coupon.updateMany({
            where: { id: row.id, status: 'pending' },
            data: { status: 'active', failureCode: null, failureMessage: null },
          });
        });
      }
      const now = await load(input);
      if (now.status === 'archived' && now.atStripe) {
        // Its codes first: nobody types one of a coupon that is gone.
        for (const code of now.codes) if (code.atStripe) await archiveCode(client, now, code);
        await deleteCoupon(client, now.stripeCouponId);
        await db.coupon.update({
          where: { id: row.id },
          data: { atStripe: false, revision: { increment: 1 } },
        });
      }
      return stateOf(await load(input));
    },

    /** Its codes at Stripe as their rows say. */
    async pushPromotionCodes(input: Named): Promise<void> {
      const row = await load(input);
      const client = clientOf(row);
      for (const code of row.codes) {
        if (code.status === 'pending' && row.status === 'active') await makeCode(client, row, code);
        if (code.status === 'archived' && code.atStripe) await archiveCode(client, row, code);
      }
    },

    /** Looks at the coupon and its codes: how often they were used, and what the coach did in their Dashboard. */
    async lookAtCoupon(input: Named): Promise<CouponState> {
      return syncTarget(db, { kind: 'coupon', id: input.couponId }, async (events) => {
        const row = await load(input);
        if (!row.atStripe || row.status === 'pending') {
          await db.$transaction((tx) => markDone(tx, events));
          return stateOf(row);
        }
        const client = clientOf(row);
        let present: Awaited<ReturnType<typeof findCoupon>>;
        let codes: AtStripe = [];
        try {
          present = await findCoupon(client, row.stripeCouponId);
          if (present !== null && row.codes.some(({ atStripe }) => atStripe))
            codes = await listPromotionCodes(client, row.stripeCouponId);
        } catch (error) {
          if (!isAccountInvalid(error)) throw error;
          await db.$transaction((tx) => markDone(tx, events));
          return stateOf(row);
        }
        const now = await deps.clock.now(row.mode, row.accountId);
        await db.$transaction(async (tx) => {
          const gone = present === null;
          expectRevision(
            await tx.coupon.updateMany({
              where: { id: row.id, revision: row.revision },
              data: {
                revision: { increment: 1 },
                ...(present === null ? { atStripe: false } : { timesRedeemed: present.times_redeemed }),
                ...(gone && row.status === 'active'
                  ? {
                      status: 'failed' as const,
                      ...explainCouponFailure({ code: 'coupon_deleted_at_stripe', statusCode: null }),
                    }
                  : {}),
              },
            }),
          );
          // One of a coupon that is not valid is not active either, and nobody has switched it off.
          const seen = present?.valid === true ? codes : null;
          for (const code of row.codes) await follow(tx, code, { codes, seen, now });
          await markDone(tx, events);
        });
        return stateOf(await load(input));
      });
    },

    /**
     * It could not be made: whatever of it may be at Stripe is taken back, and the coach reads why. What was made before
     * stays as it is, and is pushed again by the sweep. Safe to repeat, and when nothing was created.
     */
    async giveUpCoupon(input: Named & { problem: ProvisioningProblem }): Promise<CouponState> {
      const row = await load(input);
      const failure = explainCouponFailure(input.problem);
      if (row.status === 'pending') {
        try {
          await deleteCoupon(clientOf(row), row.stripeCouponId);
        } catch (error) {
          // That it cannot be taken back now does not hide why it failed: nobody knows of it, and it has no code.
          if (finalRefusalOf(error) === null) throw error;
        }
        await db.coupon.updateMany({
          where: { id: row.id, status: 'pending' },
          data: { status: 'failed', atStripe: false, ...failure, revision: { increment: 1 } },
        });
      }
      for (const code of row.codes) if (code.status === 'pending') await codeFailed(code, failure);
      return stateOf(await load(input));
    },
  };

  /** What Stripe says of a code; one that was switched off there is not valid here. */
  async function follow(
    tx: Tx,
    code: PromotionCode,
    { codes, seen, now }: { codes: AtStripe; seen: AtStripe | null; now: Seconds },
  ): Promise<void> {
    if (code.onePerMember) {
      const timesRedeemed = await tx.checkout.count({
        where: { promotionCodeId: code.id, status: 'completed' },
      });
      await tx.promotionCode.update({ where: { id: code.id }, data: { timesRedeemed } });
      return;
    }
    if (!code.atStripe || code.status === 'pending') return;
    const found = codes.find(({ id }) => id === code.stripePromotionCodeId);
    if (found !== undefined)
      await tx.promotionCode.update({
        where: { id: code.id },
        data: { timesRedeemed: found.times_redeemed },
      });
    if (seen === null || found?.active === true || (found !== undefined && isSpent(found, now))) return;
    await tx.promotionCode.updateMany({
      where: { id: code.id, status: 'active' },
      data: {
        status: 'failed',
        atStripe: false,
        ...explainCouponFailure({ code: 'code_archived_at_stripe', statusCode: null }),
      },
    });
  }

  return withMappedErrors(activities);
}

type AtStripe = Awaited<ReturnType<typeof listPromotionCodes>>;

/** It has been used as often as it may be, or its time is over: Stripe says by itself that it is not active then. */
function isSpent(code: AtStripe[number], now: Seconds): boolean {
  const usedUp = code.max_redemptions !== null && code.times_redeemed >= code.max_redemptions;
  return usedUp || (code.expires_at !== null && code.expires_at <= now);
}
