import type { Tx } from '../../db/client';
import type { Product } from '../../db/generated/client';
import { changedBy, changesOf, decideProduct } from '../../domain/live-copy';
import { newId } from '../../domain/ids';
import { ProblemError } from '../../domain/problem';
import { lockProduct } from '../catalog-lock';
import { type CopiedKind, twinsOf } from './kind';

const fieldsOf = ({ name, description, allowMultiple, features, taxCode }: Product) => ({
  name,
  description,
  allowMultiple,
  features,
  taxCode,
});

/** Products. At Stripe one is made with the first of its prices. */
export const products: CopiedKind = {
  kind: 'product',

  async compare(db, { coachId, only }) {
    const [rows, twins] = await Promise.all([
      db.product.findMany({
        where: { coachId, mode: 'test', ...(only === undefined ? {} : { id: only }) },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      }),
      twinsOf(db, coachId, 'product', only === undefined ? undefined : [only]),
    ]);
    const wanted = only === undefined ? {} : { id: { in: [...twins.values()].map(({ liveId }) => liveId) } };
    const there = await db.product.findMany({ where: { coachId, mode: 'live', ...wanted } });
    const byId = new Map(there.map((row) => [row.id, row]));
    const names = new Set(there.filter(({ status }) => status === 'active').map(({ name }) => name));
    return rows.map((row) => {
      const twin = twins.get(row.id);
      const live = twin === undefined ? null : (byId.get(twin.liveId) ?? null);
      const changes =
        live === null || twin === undefined
          ? []
          : changesOf({ test: fieldsOf(row), live: fieldsOf(live), copied: twin.copied });
      const decision = decideProduct({
        test: row.status,
        live: live?.status ?? null,
        changes: changes.length,
      });
      return {
        kind: 'product' as const,
        testId: row.id,
        liveId: live?.id ?? null,
        name: row.name,
        productName: null,
        note: decision.action === 'new' && names.has(row.name) ? ('name_in_live' as const) : null,
        changes,
        price: null,
        ...decision,
      };
    });
  },

  async carry(tx, { coachId }, { testId, liveId, changes }) {
    const test = await tx.product.findUniqueOrThrow({ where: { id: testId } });
    const copied = fieldsOf(test);
    if (liveId === null) {
      const id = newId('product');
      await tx.product.create({ data: { id, coachId, mode: 'live', ...copied } });
      return { liveId: id, copied };
    }
    await lockProduct(tx, liveId);
    await tx.product.update({ where: { id: liveId }, data: changedBy(changes) });
    return { liveId, copied, push: { kind: 'product', id: liveId } };
  },
};

/** Products of test mode that something names, as they are in live mode: they are brought before it. @throws ProblemError */
export async function liveProductsOf(
  tx: Tx,
  coachId: string,
  productIds: readonly string[],
): Promise<string[]> {
  const twins = await twinsOf(tx, coachId, 'product', [...productIds]);
  return productIds.map((productId) => {
    const twin = twins.get(productId);
    if (twin === undefined)
      throw new ProblemError('not_found', 'A product that belongs to it could not be copied.');
    return twin.liveId;
  });
}
