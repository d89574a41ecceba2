import type { PriceProvisioning } from '../db/generated/client';
import { findProduct, updatePrice, updateProduct } from '../stripe/catalog';
import { isAccountInvalid, isMissing } from '../stripe/errors';
import type { AccountClient } from '../stripe/facts';
import type { CatalogTarget } from '../workflows/messages';
import { withProductLock } from './catalog-lock';
import type { ActivityDeps } from './deps';

/** Pushes the present rows of the catalog to the account that the coach is connected to now. */
export function createCatalogChangeActivities(deps: ActivityDeps) {
  const { db } = deps;

  async function accountOf(owner: {
    coachId: string;
    mode: PriceProvisioning['mode'];
  }): Promise<AccountClient | null> {
    const { coachId, mode } = owner;
    const connection = await db.connection.findFirst({ where: { coachId, mode, status: 'connected' } });
    if (connection?.accountId == null) return null;
    return { stripe: deps.stripe.of(mode), accountId: connection.accountId };
  }

  async function pushProduct(productId: string): Promise<void> {
    const { coachId, mode } = await db.product.findUniqueOrThrow({ where: { id: productId } });
    const client = await accountOf({ coachId, mode });
    if (client === null) return;
    await withProductLock(db, { mode, accountId: client.accountId, productId }, async (tx) => {
      // Read under the lock: of two edits, the later one is pushed last.
      const product = await tx.product.findUniqueOrThrow({ where: { id: productId } });
      const present = await findProduct(client, productId);
      if (present === null) return;
      await updateProduct(client, product, present);
      await tx.stripeProduct.updateMany({
        where: { mode, accountId: client.accountId, productId },
        data: { active: product.status === 'active' },
      });
    });
  }

  async function pushPrice(priceId: string): Promise<void> {
    const price = await db.price.findUniqueOrThrow({ where: { id: priceId } });
    const client = await accountOf(price);
    if (client === null) return;
    const { mode, coachId, nickname, revision } = price;
    const archived = price.status === 'archived';
    const onAccount = await db.priceProvisioning.findMany({
      where: { mode, coachId, priceId, accountId: client.accountId, status: 'provisioned' },
    });
    for (const { id, stripePriceId } of onAccount) {
      const attempt = { rowId: id, step: `update-${revision}` };
      if (stripePriceId !== null)
        await updatePrice(client, attempt, stripePriceId, { active: !archived, nickname }).catch(
          unlessMissing,
        );
      if (archived)
        await db.priceProvisioning.updateMany({
          where: { id, status: 'provisioned' },
          data: { status: 'archived', endedAt: new Date() },
        });
    }
  }

  return {
    /** Does nothing for what is not on the account (yet): provisioning uses the present row anyway. */
    async pushCatalog(input: { target: CatalogTarget }): Promise<void> {
      const { kind, id } = input.target;
      try {
        await (kind === 'product' ? pushProduct(id) : pushPrice(id));
      } catch (error) {
        if (!isAccountInvalid(error)) throw error;
      }
    },
  };
}

/** Deleted on the Stripe side: there is nothing left to take off sale. */
function unlessMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
