import type { Price, PriceProvisioning } from '../db/generated/client';
import {
  type AtStripe,
  DASHBOARD_CODES,
  dashboardMessage,
  dashboardProblem,
  mergeWord,
} from '../domain/catalog';
import { optionsOf } from '../domain/currency-options';
import { findPriceById } from '../stripe/prices';
import { findProduct, taxCodeOf } from '../stripe/products';
import { isAccountInvalid } from '../stripe/errors';
import type { AccountClient } from '../stripe/account-client';
import type { ActivityDeps } from './deps';
import { lockProduct } from '../store/catalog-lock';
import { expectRevision, syncTarget } from '../store/sync';
import { markDone } from '../store/waiting-events';

/** Prices that are asked for side by side. */
const CONCURRENCY = 5;

/** A product in words for the run that looked. */
export interface ProductState {
  status: 'on_sale' | 'archived' | 'deleted' | 'not_connected' | 'not_there';
  waitsFor: string;
}

const stateOfProduct = (status: ProductState['status']): ProductState => ({
  status,
  waitsFor: 'Nothing: what Stripe has is followed.',
});

/**
 * Looks at a product and its prices on the connected account: what the coach archived or deleted in their Dashboard is
 * not for sale until it is active there again, and what they renamed is called so here. Like every look: read the
 * revision, fetch, decide, commit under it.
 */
export async function lookAtProduct(deps: ActivityDeps, productId: string): Promise<ProductState> {
  const { db } = deps;
  return syncTarget(db, { kind: 'product', id: productId }, async (events) => {
    const product = await db.product.findUniqueOrThrow({ where: { id: productId } });
    const { coachId, mode } = product;
    const connection = await db.connection.findFirst({ where: { coachId, mode, status: 'connected' } });
    const accountId = connection?.accountId ?? null;
    const row =
      accountId === null
        ? null
        : await db.stripeProduct.findUnique({
            where: { mode_accountId_productId: { mode, accountId, productId } },
          });
    if (accountId === null || row === null) {
      await db.$transaction((tx) => markDone(tx, events));
      return stateOfProduct(accountId === null ? 'not_connected' : 'not_there');
    }
    const prices = await db.priceProvisioning.findMany({
      where: {
        coachId,
        mode,
        accountId,
        status: 'provisioned',
        price: { productId, status: { not: 'archived' } },
      },
      include: { price: true },
      orderBy: { id: 'asc' },
    });

    const client = { stripe: deps.stripe.of(mode), accountId };
    let present: Awaited<ReturnType<typeof findProduct>>;
    const looked: PriceLook[] = [];
    try {
      present = await findProduct(client, row.stripeProductId);
      for (let i = 0; i < prices.length; i += CONCURRENCY)
        looked.push(
          ...(await Promise.all(prices.slice(i, i + CONCURRENCY).map((one) => lookAt(client, one)))),
        );
    } catch (error) {
      if (!isAccountInvalid(error)) throw error;
      await db.$transaction((tx) => markDone(tx, events));
      return stateOfProduct('not_connected');
    }

    const own: AtStripe = present === null ? 'deleted' : present.active ? 'active' : 'archived';
    const name =
      present === null
        ? 'same'
        : mergeWord({ ours: product.name, synced: row.syncedName, stripe: present.name });
    const description =
      present === null
        ? 'same'
        : mergeWord({
            ours: product.description,
            synced: row.syncedDescription,
            stripe: present.description === '' ? null : present.description,
          });
    const taxCode =
      present === null
        ? 'same'
        : mergeWord({ ours: product.taxCode, synced: row.syncedTaxCode, stripe: taxCodeOf(present) });
    await db.$transaction(async (tx) => {
      await lockProduct(tx, productId);
      expectRevision(
        await tx.stripeProduct.updateMany({
          where: { mode, accountId, productId, revision: row.revision },
          data: {
            revision: { increment: 1 },
            ...(name === 'adopt' && present !== null ? { syncedName: present.name } : {}),
            ...(description === 'adopt' && present !== null
              ? { syncedDescription: present.description }
              : {}),
            ...(taxCode === 'adopt' && present !== null ? { syncedTaxCode: taxCodeOf(present) } : {}),
          },
        }),
      );
      if (present !== null && name === 'adopt')
        await tx.product.updateMany({
          where: { id: productId, name: product.name },
          data: { name: present.name },
        });
      if (present !== null && description === 'adopt')
        await tx.product.updateMany({
          where: { id: productId, description: product.description },
          data: { description: present.description },
        });
      if (present !== null && taxCode === 'adopt')
        await tx.product.updateMany({
          where: { id: productId, taxCode: product.taxCode },
          data: { taxCode: taxCodeOf(present) },
        });
      for (const look of looked) {
        const { provisioning, nickname } = look;
        const problem = dashboardProblem({ ...look, product: look.product ?? own });
        const { price } = provisioning;
        const was = { id: price.id, status: price.status, revision: price.revision };
        if (problem !== null && price.failureCode !== problem && !provisioning.repairRequested)
          await tx.price.updateMany({
            where: { ...was, status: { in: ['active', 'failed', 'provisioning'] } },
            data: {
              status: 'failed',
              failureCode: problem,
              failureMessage: dashboardMessage(problem),
              revision: { increment: 1 },
            },
          });
        // On sale again there, by the coach's hand or ours.
        const mended =
          price.status === 'provisioning' || DASHBOARD_CODES.some((code) => code === price.failureCode);
        if (problem === null && price.status !== 'active' && mended)
          await tx.price.updateMany({
            where: was,
            data: { status: 'active', failureCode: null, failureMessage: null, revision: { increment: 1 } },
          });
        if (
          nickname !== undefined &&
          mergeWord({ ours: price.nickname, synced: provisioning.syncedNickname, stripe: nickname }) ===
            'adopt'
        ) {
          await tx.price.updateMany({
            where: { id: price.id, nickname: price.nickname },
            data: { nickname },
          });
          await tx.priceProvisioning.update({
            where: { id: provisioning.id },
            data: { syncedNickname: nickname },
          });
        }
      }
      await markDone(tx, events);
    });
    return stateOfProduct(own === 'active' ? 'on_sale' : own);
  });
}

interface PriceLook {
  provisioning: PriceProvisioning & { price: Price };
  price: AtStripe;
  setupPrice: AtStripe | null;
  /** Of the price's own product; null: it is the one that was looked at. */
  product: AtStripe | null;
  /** Undefined: there is no price to read it from. */
  nickname: string | null | undefined;
  isChanged: boolean;
}

async function lookAt(
  client: AccountClient,
  provisioning: PriceProvisioning & { price: Price },
): Promise<PriceLook> {
  const { stripePriceId, stripeSetupPriceId } = provisioning;
  const [price, setup] = await Promise.all([
    stripePriceId === null ? null : findPriceById(client, stripePriceId),
    stripeSetupPriceId === null ? null : findPriceById(client, stripeSetupPriceId),
  ]);
  const stateOf = (one: typeof price): AtStripe =>
    one === null ? 'deleted' : one.active ? 'active' : 'archived';
  return {
    provisioning,
    price: stateOf(price),
    setupPrice: stripeSetupPriceId === null ? null : stateOf(setup),
    product: price?.productActive == null ? null : price.productActive ? 'active' : 'archived',
    nickname: price?.nickname,
    isChanged:
      price !== null &&
      optionsOf(provisioning.price).some(({ currency, unitAmount }) => price.costs(currency) !== unitAmount),
  };
}
