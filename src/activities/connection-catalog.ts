import { DASHBOARD_CODES } from '../domain/catalog';
import { newId } from '../domain/ids';
import type { CatalogTarget } from '../messages/messages';
import type { ActivityDeps } from './deps';

/** What a newly connected account still lacks of the coach's catalog. */
export interface CatalogPlan {
  accountId: string;
  /** Provisionings that wait for a run; a run that exists already is the right one. */
  provisioningIds: string[];
  /** What was edited or archived while the account was not connected. */
  stale: CatalogTarget[];
}

/** A part of it. */
export interface CatalogPage extends CatalogPlan {
  /** Where the next page goes on; null: this is the last one. */
  next: string | null;
}

/** Runs that are started at once. */
const PAGE = 100;

/** Failures that were about the account or the moment, not about the price: another account may take it. */
const WORTH_ANOTHER_TRY = ['account_invalid', 'stripe_unavailable', 'cancelled', ...DASHBOARD_CODES];

export function createConnectionCatalogActivities(deps: ActivityDeps) {
  const { db } = deps;
  const activities = {
    /**
     * Gives every price that is to be sold, and that the connected account lacks, a provisioning row. Idempotent: the
     * partial unique index allows one live row per price and account.
     */
    async planCatalog(input: { connectionId: string }): Promise<CatalogPlan | null> {
      const connection = await db.connection.findUniqueOrThrow({ where: { id: input.connectionId } });
      const { coachId, mode, accountId, status } = connection;
      if (accountId === null || status !== 'connected') return null;
      const missing = await db.price.findMany({
        where: {
          coachId,
          mode,
          product: { status: 'active' },
          model: { not: 'free' },
          provisionings: { none: { accountId, status: { in: ['pending', 'provisioned'] } } },
          OR: [
            { status: { in: ['active', 'provisioning'] } },
            { status: 'failed', failureCode: { in: WORTH_ANOTHER_TRY } },
          ],
        },
        select: { id: true },
      });
      const ids = missing.map(({ id }) => id);
      await db.$transaction([
        // Products first, in one order: see catalog-lock.ts.
        db.$queryRaw`SELECT 1 FROM product WHERE coach_id = ${coachId} AND mode = ${mode}::"Mode"
          ORDER BY id FOR NO KEY UPDATE`,
        db.priceProvisioning.createMany({
          skipDuplicates: true,
          data: ids.map((priceId) => ({ id: newId('provisioning'), coachId, mode, priceId, accountId })),
        }),
        db.price.updateMany({
          where: { id: { in: ids }, status: { in: ['active', 'failed'] } },
          data: {
            status: 'provisioning',
            failureCode: null,
            failureMessage: null,
            revision: { increment: 1 },
          },
        }),
        // Back on an account that has them: another account's attempt no longer counts. What was taken off sale in a
        // Dashboard stays off until the look at its product, below, has seen it active.
        db.price.updateMany({
          where: {
            coachId,
            mode,
            status: { in: ['provisioning', 'failed'] },
            OR: [{ failureCode: null }, { failureCode: { notIn: DASHBOARD_CODES } }],
            provisionings: { some: { accountId, status: 'provisioned' } },
          },
          data: { status: 'active', failureCode: null, failureMessage: null, revision: { increment: 1 } },
        }),
      ]);
      const [pending, products, archivedPrices] = await Promise.all([
        db.priceProvisioning.findMany({
          where: { coachId, mode, accountId, status: 'pending' },
          select: { id: true },
        }),
        db.stripeProduct.findMany({ where: { coachId, mode, accountId }, select: { productId: true } }),
        db.priceProvisioning.findMany({
          where: { coachId, mode, accountId, status: 'provisioned', price: { status: 'archived' } },
          select: { priceId: true },
        }),
      ]);
      return {
        accountId,
        provisioningIds: pending.map(({ id }) => id),
        stale: [
          ...products.map(({ productId }) => ({ kind: 'product' as const, id: productId })),
          ...archivedPrices.map(({ priceId }) => ({ kind: 'price' as const, id: priceId })),
        ],
      };
    },

    /** The same in parts of a hundred. @param after `''` at first, then `next` of the part before */
    async planCatalogPage(input: { connectionId: string; after: string }): Promise<CatalogPage | null> {
      const plan = await activities.planCatalog(input);
      if (plan === null) return null;
      const all = [
        ...plan.provisioningIds.map((id) => ({ key: `1/${id}`, provisioningId: id })),
        ...plan.stale.map((target) => ({ key: `2/${target.kind}/${target.id}`, target })),
      ]
        .filter(({ key }) => key > input.after)
        .sort((one, other) => (one.key < other.key ? -1 : 1));
      const page = all.slice(0, PAGE);
      return {
        accountId: plan.accountId,
        provisioningIds: page.flatMap((one) => ('provisioningId' in one ? [one.provisioningId] : [])),
        stale: page.flatMap((one) => ('target' in one ? [one.target] : [])),
        next: all.length > PAGE ? (page.at(-1)?.key ?? null) : null,
      };
    },
  };
  return activities;
}
