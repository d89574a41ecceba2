import type { Db, Tx } from '../../db/client';
import type { Price, Product } from '../../db/generated/client';
import { isDashboardCode } from '../../domain/catalog';
import { optionsOf } from '../../domain/currency-options';
import {
  changedBy,
  changesOf,
  COPY_REASONS,
  type CopyDecision,
  decidePrice,
  decideReplacing,
} from '../../domain/live-copy';
import { newId } from '../../domain/ids';
import { isoTimeOrNull } from '../../domain/time';
import { ProblemError } from '../../domain/problem';
import { bundlesOf } from '../bundles';
import { insertPrice, insertRetry, storedTerms } from '../price-creation';
import { type Compared, type CopiedKind, type CopyContext, madeOrNot, type Outcome, twinsOf } from './kind';
import { liveProductsOf } from './products';

const LIVE = 'live' as const;
const fieldsOf = ({ nickname, salesStartAt, salesEndAt }: Price) => ({
  nickname,
  salesStartAt: isoTimeOrNull(salesStartAt),
  salesEndAt: isoTimeOrNull(salesEndAt),
});

/** Prices. What one costs is never changed in live mode: another price in test mode is another one there. */
export const prices: CopiedKind = {
  kind: 'price',

  async compare(db, context) {
    const { coachId, accountId, only } = context;
    const rows = await db.price.findMany({
      where: { coachId, mode: 'test', ...(only === undefined ? {} : { id: only }) },
      include: { product: true },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    const catalog = await readCatalog(db, context, rows);
    return rows.map(({ product, ...row }) => {
      const twin = catalog.twins.get(row.id);
      const live = twin === undefined ? undefined : catalog.live.get(twin.liveId);
      const changes =
        live === undefined || twin === undefined
          ? []
          : changesOf({ test: fieldsOf(row), live: fieldsOf(live), copied: twin.copied });
      const decision = decidePrice({
        test: row.status,
        testProduct: product.status,
        live: live?.status ?? null,
        liveProduct: catalog.products.get(catalog.productTwins.get(product.id)?.liveId ?? '') ?? null,
        isOffSale: isDashboardCode(live?.failureCode ?? null),
        isCurrencyRefused: live?.failureCode === 'invalid_currency',
        isFree: row.model === 'free',
        isLiveConnected: accountId !== null,
        changes: changes.length,
      });
      return view(row, product, { live, changes, decision, replacing: replacedBy(row, catalog) });
    });
  },

  async carry(tx, context, found) {
    const { coachId, accountId } = context;
    const owner = { coachId, mode: LIVE };
    const test = await tx.price.findUniqueOrThrow({ where: { id: found.testId } });
    const copied = fieldsOf(test);
    const account = accountId === null || test.model === 'free' ? null : { accountId };
    if (found.liveId !== null) {
      const live = await tx.price.update({
        where: { id: found.liveId },
        data: { ...changedBy(found.changes), revision: { increment: 1 } },
      });
      const push = { kind: 'price' as const, id: live.id };
      if (live.status !== 'failed' || account === null) return { liveId: live.id, copied, push };
      const retry = await insertRetry(tx, owner, account, newId('provisioning'), live.id);
      return { liveId: live.id, copied, isBeingMade: retry.provisioning !== null };
    }
    const catalog = await readCatalog(tx, context, [test]);
    const product = catalog.productTwins.get(test.productId);
    if (product === undefined) throw new ProblemError('not_found', 'Its product could not be copied.');
    const old = replacedBy(test, catalog);
    const replaced = old !== null && old.how === 'replaces' ? old.price : null;
    const terms = storedTerms(test);
    const { price, provisioning } = await insertPrice(tx, owner, account, newId('provisioning'), {
      ...terms,
      id: newId('price'),
      productId: product.liveId,
      taxBehavior: test.taxBehavior,
      salesStartAt: test.salesStartAt,
      salesEndAt: test.salesEndAt,
      nickname: test.nickname,
      currencyOptions: optionsOf(test),
      alsoGives: await liveProductsOf(tx, coachId, (await bundlesOf(tx, [test.id])).get(test.id) ?? []),
      offersBeside: [],
      replacesPriceId: replaced?.id ?? null,
      seatPoolId:
        replaced !== null && replaced.seats !== null && terms.seats !== null
          ? (replaced.seatPoolId ?? replaced.id)
          : null,
    });
    // What is free takes the place of the other one at once, and Stripe has to hear of that.
    const push =
      provisioning === null && replaced !== null ? { kind: 'price' as const, id: replaced.id } : null;
    return {
      liveId: price.id,
      copied,
      isBeingMade: provisioning !== null,
      ...(push === null ? {} : { push }),
    };
  },

  async settle(db, liveIds) {
    // First the attempts: one that has ended by then has told its price what became of it.
    const attempts = await db.priceProvisioning.findMany({
      where: { priceId: { in: liveIds }, status: 'pending' },
    });
    const rows = await db.price.findMany({ where: { id: { in: liveIds } } });
    const tried = new Set(attempts.map(({ priceId }) => priceId));
    const ended = rows.filter(({ id }) => !tried.has(id));
    return {
      outcomes: new Map(ended.map((row) => [row.id, outcomeOf(row)])),
      provisioningIds: attempts.map(({ id }) => id),
    };
  },
};

/** What became of a price that nobody works on any more. */
function outcomeOf(row: Price): Outcome {
  if (row.status !== 'provisioning') return madeOrNot(row);
  // It is at Stripe, on an account that was left meanwhile.
  const reason = 'live_not_connected';
  return { status: 'skipped', reason, message: COPY_REASONS[reason] };
}

type Catalog = Awaited<ReturnType<typeof readCatalog>>;

/** What live mode has of what prices of test mode are about, and which price of test mode replaced which. */
async function readCatalog(db: Db | Tx, { coachId, only }: CopyContext, rows: Price[]) {
  const replacing = rows.some(({ replacesPriceId }) => replacesPriceId !== null)
    ? await db.price.findMany({
        where: { coachId, mode: 'test', replacesPriceId: { not: null } },
        select: { id: true, replacesPriceId: true },
      })
    : [];
  const replaced = new Map(replacing.map(({ id, replacesPriceId }) => [id, replacesPriceId]));
  const before = ({ replacesPriceId }: Price) => {
    const ids: string[] = [];
    for (let id = replacesPriceId; id !== null; id = replaced.get(id) ?? null) ids.push(id);
    return ids;
  };
  const isPart = only !== undefined;
  const [twins, productTwins] = await Promise.all([
    twinsOf(db, coachId, 'price', isPart ? rows.flatMap((row) => [row.id, ...before(row)]) : undefined),
    twinsOf(db, coachId, 'product', isPart ? rows.map(({ productId }) => productId) : undefined),
  ]);
  const priceIds = [...twins.values()].map(({ liveId }) => liveId);
  const productIds = [...productTwins.values()].map(({ liveId }) => liveId);
  const [live, successors, products] = await Promise.all([
    db.price.findMany({ where: { coachId, mode: LIVE, ...(isPart ? { id: { in: priceIds } } : {}) } }),
    db.price.findMany({
      where: {
        coachId,
        mode: LIVE,
        status: { not: 'failed' },
        replacesPriceId: isPart ? { in: priceIds } : { not: null },
      },
      select: { replacesPriceId: true },
    }),
    db.product.findMany({
      where: { coachId, mode: LIVE, ...(isPart ? { id: { in: productIds } } : {}) },
      select: { id: true, status: true },
    }),
  ]);
  return {
    twins,
    productTwins,
    live: new Map(live.map((row) => [row.id, row])),
    products: new Map(products.map(({ id, status }) => [id, status])),
    replaced,
    /** Prices of live mode whose place another one takes or will take. */
    taken: new Set(successors.map(({ replacesPriceId }) => replacesPriceId)),
  };
}

/** The price in live mode whose place a new one takes: the nearest before it in test mode that was copied. */
function replacedBy(row: Price, { twins, live, replaced, taken }: Catalog) {
  for (let id = row.replacesPriceId; id !== null; id = replaced.get(id) ?? null) {
    const price = live.get(twins.get(id)?.liveId ?? '');
    if (price === undefined) continue;
    const how = decideReplacing({
      status: price.status,
      isSold: price.soldAt !== null,
      isReplaced: taken.has(price.id),
    });
    return how === null ? null : { how, price };
  }
  return null;
}

function view(
  row: Price,
  product: Product,
  found: {
    live: Price | undefined;
    changes: Compared['changes'];
    decision: CopyDecision;
    replacing: ReturnType<typeof replacedBy>;
  },
): Compared {
  const { live, changes, decision, replacing } = found;
  return {
    kind: 'price',
    testId: row.id,
    liveId: live?.id ?? null,
    name: row.nickname ?? product.name,
    productName: product.name,
    note: decision.action === 'new' ? (replacing?.how ?? null) : null,
    changes,
    price: row,
    ...decision,
  };
}
