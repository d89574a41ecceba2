import { ApplicationFailure } from '@temporalio/common';
import type { Price, PriceProvisioning } from '../db/generated/client';

import { explainProvisioningFailure } from '../domain/price-provisioning';
import { findPriceById, updatePrice } from '../stripe/prices';
import { changeProduct, findProduct, setProductActive } from '../stripe/products';
import { isAccountInvalid, isMissing, type StripeErrorDetails, toActivityFailure } from '../stripe/errors';
import type { AccountClient } from '../stripe/account-client';
import type { CatalogTarget } from '../messages/messages';
import { lookAtProduct, type ProductState } from './catalog-look';
import type { ActivityDeps } from './deps';

type OnAccount = PriceProvisioning & { price: Price };

/** Pushes what changed here to the account that the coach is connected to now, and looks at what Stripe has then. */
export function createCatalogChangeActivities(deps: ActivityDeps) {
  const { db } = deps;

  async function accountOf(owner: Pick<Price, 'coachId' | 'mode'>): Promise<AccountClient | null> {
    const { coachId, mode } = owner;
    const connection = await db.connection.findFirst({ where: { coachId, mode, status: 'connected' } });
    if (connection?.accountId == null) return null;
    return { stripe: deps.stripe.of(mode), accountId: connection.accountId };
  }

  /** Only what changed here since Stripe last had it: the rest is what the coach made of it in the Dashboard. */
  async function pushProduct(productId: string): Promise<void> {
    const product = await db.product.findUniqueOrThrow({ where: { id: productId } });
    const client = await accountOf(product);
    if (client === null) return;
    const key = { mode: product.mode, accountId: client.accountId, productId };
    const row = await db.stripeProduct.findUnique({ where: { mode_accountId_productId: key } });
    const present = row === null ? null : await findProduct(client, row.stripeProductId);
    if (row === null) return;
    const archived = product.status === 'archived';
    if (present !== null)
      await changeProduct(client, present, {
        ...(product.name === row.syncedName ? {} : { name: product.name }),
        ...(product.description === row.syncedDescription ? {} : { description: product.description ?? '' }),
        ...(product.taxCode === row.syncedTaxCode ? {} : { tax_code: product.taxCode ?? '' }),
        ...(archived ? { active: false } : {}),
      });
    await db.stripeProduct.update({
      where: { mode_accountId_productId: key },
      data: {
        syncedName: product.name,
        syncedDescription: product.description,
        syncedTaxCode: product.taxCode,
        revision: { increment: 1 },
        ...(archived ? { active: false } : {}),
      },
    });
  }

  async function pushPrice(priceId: string): Promise<void> {
    const price = await db.price.findUniqueOrThrow({ where: { id: priceId } });
    const client = await accountOf(price);
    if (client === null) return;
    const onAccount = await db.priceProvisioning.findMany({
      where: {
        mode: price.mode,
        coachId: price.coachId,
        priceId,
        accountId: client.accountId,
        status: 'provisioned',
      },
      include: { price: true },
    });
    for (const row of onAccount) await pushProvisioned(client, row);
  }

  async function pushProvisioned(client: AccountClient, row: OnAccount): Promise<void> {
    const { id, stripePriceId, stripeSetupPriceId, price } = row;
    const archived = price.status === 'archived';
    if (row.repairRequested && !archived) return repair(client, row);
    const attempt = { rowId: id, step: `update-${price.revision}` };
    const named = price.nickname === row.syncedNickname ? {} : { nickname: price.nickname };
    const wanted = { ...named, ...(archived ? { active: false } : {}) };
    if (stripePriceId !== null && Object.keys(wanted).length > 0)
      await updatePrice(client, attempt, stripePriceId, wanted).catch(unlessMissing);
    if (archived && stripeSetupPriceId !== null)
      await updatePrice(client, { rowId: id, step: `setup-${price.revision}` }, stripeSetupPriceId, {
        active: false,
      }).catch(unlessMissing);
    await db.priceProvisioning.updateMany({
      where: { id, status: 'provisioned' },
      data: {
        syncedNickname: price.nickname,
        repairRequested: false,
        ...(archived ? { status: 'archived' as const, endedAt: new Date() } : {}),
      },
    });
  }

  /** The coach wants it on sale again: what was archived in the Dashboard is active, whatever else was done there stays. */
  async function repair(client: AccountClient, row: OnAccount): Promise<void> {
    const { id, stripePriceId, stripeSetupPriceId, price } = row;
    const { mode, accountId } = row;
    const product = await db.stripeProduct.findUnique({
      where: { mode_accountId_productId: { mode, accountId, productId: price.productId } },
    });
    try {
      if (product !== null) await setProductActive(client, product.stripeProductId, true);
      for (const stripeId of [stripePriceId, stripeSetupPriceId])
        if (stripeId !== null && (await findPriceById(client, stripeId)) !== null)
          await updatePrice(client, { rowId: id, step: `repair-${price.revision}-${stripeId}` }, stripeId, {
            active: true,
          });
    } catch (error) {
      const failure = toActivityFailure(error);
      if (
        !(failure instanceof ApplicationFailure) ||
        failure.nonRetryable !== true ||
        isAccountInvalid(error)
      )
        throw error;
      const details = failure.details?.[0] as StripeErrorDetails | undefined;
      await db.price.updateMany({
        where: { id: price.id, status: 'provisioning' },
        data: {
          status: 'failed',
          ...explainProvisioningFailure({
            code: details?.code ?? null,
            param: details?.param ?? null,
            statusCode: details?.statusCode ?? null,
          }),
          revision: { increment: 1 },
        },
      });
    }
    await db.priceProvisioning.updateMany({ where: { id }, data: { repairRequested: false } });
  }

  async function productOf({ kind, id }: CatalogTarget): Promise<string> {
    if (kind === 'product') return id;
    return (await db.price.findUniqueOrThrow({ where: { id }, select: { productId: true } })).productId;
  }

  return {
    /** Does nothing for what is not on the account (yet): provisioning uses the present row anyway. */
    async pushCatalog(input: { target: CatalogTarget }): Promise<void> {
      const { kind, id } = input.target;
      try {
        await (kind === 'product' ? pushProduct(id) : pushPrice(id));
        await lookAtProduct(deps, await productOf(input.target));
      } catch (error) {
        if (!isAccountInvalid(error)) throw error;
      }
    },

    /** Something changed at Stripe: what the coach did to a product or its prices there is followed. */
    async syncProduct(input: { productId: string }): Promise<ProductState> {
      return lookAtProduct(deps, input.productId);
    },
  };
}

/** Deleted on the Stripe side: there is nothing left to change. */
function unlessMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
