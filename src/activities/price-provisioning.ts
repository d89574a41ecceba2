import { ApplicationFailure } from '@temporalio/common';
import type { Tx } from '../db/client';
import type { Price, PriceProvisioning, Product } from '../db/generated/client';
import { explainProvisioningFailure, type ProvisioningProblem } from '../domain/price-provisioning';
import {
  archivePrice,
  createPrice,
  createSetupPrice,
  findPrice,
  findSetupPrice,
  updatePrice,
} from '../stripe/prices';
import { createProduct, findProduct, setProductActive, taxCodeOf } from '../stripe/products';
import { isAccountInvalid, isExisting } from '../stripe/errors';
import type { AccountClient } from '../stripe/account-client';
import type { ProvisioningView } from '../messages/messages';
import { createCatalogChangeActivities } from './catalog-change';
import { lockProduct } from '../store/catalog-lock';
import type { ActivityDeps } from './deps';
import { withMappedErrors } from '../store/activity-failure';

/** The link was cut meanwhile: nothing on that account can be sold through us any more. */
async function unlessGone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isAccountInvalid(error)) throw error;
  }
}

/** The attempt is over, and the coach reads why. */
async function refuse(
  tx: Tx,
  row: PriceProvisioning,
  problem: ProvisioningProblem,
): Promise<ProvisioningView> {
  const failure = explainProvisioningFailure(problem);
  await tx.priceProvisioning.updateMany({
    where: { id: row.id, status: 'pending' },
    data: { status: 'refused', ...failure, endedAt: new Date() },
  });
  await tx.price.updateMany({
    where: { id: row.priceId, status: 'provisioning' },
    data: { status: 'failed', ...failure, revision: { increment: 1 } },
  });
  return { status: 'refused', ...failure };
}

/** The coach archived the product in their Dashboard: a new price does not undo that. */
const archivedByCoach = () =>
  ApplicationFailure.nonRetryable('The product was archived at Stripe', 'stripe_refused', {
    code: 'product_archived_at_stripe',
  });

/** What a price consists of on an account. */
interface ProvisionedPrices {
  stripePriceId: string;
  /** The one-off price of the setup fee; null: there is none. */
  stripeSetupPriceId: string | null;
}

interface Attempt {
  provisioningId: string;
}

export interface ProvisioningState extends ProvisioningView {
  accountId: string;
  /** Recorded already: nothing is left to do. */
  ended: boolean;
}

/** What a price's provisioning does outside: Stripe, and the catalog's rows. */
export function createPriceProvisioningActivities(deps: ActivityDeps) {
  const { db } = deps;

  const load = ({ provisioningId }: Attempt) =>
    db.priceProvisioning.findUniqueOrThrow({
      where: { id: provisioningId },
      include: { price: { include: { product: true } } },
    });
  const clientOf = (row: PriceProvisioning): AccountClient => ({
    stripe: deps.stripe.of(row.mode),
    accountId: row.accountId,
  });
  const productOf = (row: PriceProvisioning & { price: Price & { product: Product } }) => ({
    mode: row.mode,
    accountId: row.accountId,
    productId: row.price.product.id,
  });

  /** From now on the product is to be active on this account: who is about to archive it looks again. */
  function wantProduct(row: PriceProvisioning, product: Product) {
    const { coachId, mode, accountId } = row;
    const key = { mode, accountId, productId: product.id };
    return db.$transaction(async (tx) => {
      await lockProduct(tx, product.id);
      const before = await tx.stripeProduct.findUnique({ where: { mode_accountId_productId: key } });
      await tx.stripeProduct.upsert({
        where: { mode_accountId_productId: key },
        create: { ...key, coachId, stripeProductId: product.id, active: true },
        update: { active: true, revision: { increment: 1 } },
      });
      return before;
    });
  }

  /** Archives or activates until Stripe has what the row says: another attempt may have changed its mind meanwhile. */
  async function pushWanted(client: AccountClient, key: ReturnType<typeof productOf>): Promise<void> {
    for (let pushed: boolean | null = null; ;) {
      const row = await db.stripeProduct.findUnique({ where: { mode_accountId_productId: key } });
      if (row === null || row.active === pushed) return;
      if (pushed === null && row.active) return;
      await setProductActive(client, row.stripeProductId, row.active);
      pushed = row.active;
    }
  }

  const activities = {
    async loadProvisioning(input: Attempt): Promise<ProvisioningState> {
      const row = await load(input);
      return {
        status: row.status === 'refused' ? 'refused' : 'provisioned',
        failureCode: row.failureCode,
        failureMessage: row.failureMessage,
        accountId: row.accountId,
        ended: row.status !== 'pending',
      };
    },

    /**
     * The product on the account, created under our own id if missing. One that the coach archived in their Dashboard
     * stays so: they are told, and put it on sale themselves.
     */
    async provisionProduct(input: Attempt): Promise<{ stripeProductId: string }> {
      const row = await load(input);
      const client = clientOf(row);
      const { product } = row.price;
      const before = await wantProduct(row, product);
      const stripeProductId = before?.stripeProductId ?? product.id;
      const present = await findProduct(client, stripeProductId);
      if (present !== null) {
        if (!present.active && before?.active === true && before.syncedName !== null) throw archivedByCoach();
        await setProductActive(client, present.id, true);
        return { stripeProductId };
      }
      const created = await createProduct(client, row.id, product, stripeProductId).catch(
        (error: unknown) => {
          if (!isExisting(error)) throw error;
          // Deleted in the Dashboard, and Stripe does not give its id again: it gets another one.
          return createProduct(client, row.id, product, `${product.id}_${row.id}`);
        },
      );
      await db.stripeProduct.updateMany({
        where: productOf(row),
        data: {
          stripeProductId: created.id,
          syncedName: created.name,
          syncedDescription: created.description,
          syncedTaxCode: taxCodeOf(created),
          revision: { increment: 1 },
        },
      });
      return { stripeProductId: created.id };
    },

    /** The price on the account: one per attempt, however often this is tried. */
    async provisionPrice(input: Attempt & { stripeProductId: string }): Promise<ProvisionedPrices> {
      const row = await load(input);
      const client = clientOf(row);
      const stripePriceId = await createPrice(client, row.id, row.price, input.stripeProductId);
      const { nickname, revision } = row.price;
      if (nickname !== null) {
        await updatePrice(client, { rowId: row.id, step: `name-${revision}` }, stripePriceId, { nickname });
        await db.priceProvisioning.updateMany({ where: { id: row.id }, data: { syncedNickname: nickname } });
      }
      return {
        stripePriceId,
        stripeSetupPriceId: await createSetupPrice(client, row.id, row.price, input.stripeProductId),
      };
    },

    /** From here on the price can be sold, unless the coach archived it meanwhile; the one that it replaces is not. */
    async recordProvisioned(
      input: Attempt & { stripeProductId: string } & ProvisionedPrices,
    ): Promise<{ priceId: string; archivedMeanwhile: boolean; replacedPriceId: string | null }> {
      const { id, coachId, mode, accountId, priceId, price } = await load(input);
      const { stripeProductId, stripePriceId, stripeSetupPriceId } = input;
      const productId = price.product.id;
      return db.$transaction(async (tx) => {
        await lockProduct(tx, productId);
        await tx.priceProvisioning.updateMany({
          where: { id, status: 'pending' },
          data: { status: 'provisioned', stripePriceId, stripeSetupPriceId, endedAt: new Date() },
        });
        await tx.stripeProduct.upsert({
          where: { mode_accountId_productId: { mode, accountId, productId } },
          create: { coachId, mode, productId, accountId, stripeProductId, active: true },
          update: { stripeProductId, active: true },
        });
        const connected = await tx.connection.count({
          where: { coachId, mode, accountId, status: 'connected' },
        });
        // On an account that the coach has left meanwhile it is of no use now, but is kept for a reconnection.
        if (connected > 0)
          await tx.price.updateMany({
            where: { id: priceId, status: 'provisioning' },
            data: { status: 'active', failureCode: null, failureMessage: null, revision: { increment: 1 } },
          });
        const now = await tx.price.findUniqueOrThrow({ where: { id: priceId }, select: { status: true } });
        const replacedPriceId = now.status === 'active' ? price.replacesPriceId : null;
        if (replacedPriceId !== null)
          await tx.price.updateMany({
            where: { id: replacedPriceId, coachId, mode, status: { not: 'archived' } },
            data: { status: 'archived', archivedAt: new Date(), revision: { increment: 1 } },
          });
        return { priceId, archivedMeanwhile: now.status === 'archived', replacedPriceId };
      });
    },

    /**
     * Takes back what the attempt may have created and records why: its price, and the product unless another price
     * of it is on this account or on its way there. Safe to repeat, and when nothing was created.
     */
    async withdrawPrice(input: Attempt & { problem: ProvisioningProblem }): Promise<ProvisioningView> {
      const row = await load(input);
      const client = clientOf(row);
      const product = productOf(row);
      await unlessGone(async () => {
        const created = [
          await findPrice(client, row.id, row.priceId),
          await findSetupPrice(client, row.id, row.priceId),
        ];
        for (const price of created) if (price !== null) await archivePrice(client, row.id, price.id);
      });
      const { refused, unused } = await db.$transaction(async (tx) => {
        await lockProduct(tx, product.productId);
        // Refused first: of two prices that fail at the same time, the second one finds the product unused.
        const refused = await refuse(tx, row, input.problem);
        const others = await tx.priceProvisioning.count({
          where: {
            mode: row.mode,
            accountId: row.accountId,
            status: { in: ['pending', 'provisioned'] },
            price: { productId: product.productId, status: { not: 'archived' } },
          },
        });
        if (others === 0)
          await tx.stripeProduct.updateMany({
            where: product,
            data: { active: false, revision: { increment: 1 } },
          });
        return { refused, unused: others === 0 };
      });
      if (unused) await unlessGone(() => pushWanted(client, product));
      return refused;
    },

    /** The attempt is over although nothing could be taken back at Stripe. The price is never sold all the same. */
    async recordRefused(input: Attempt & { problem: ProvisioningProblem }): Promise<ProvisioningView> {
      const row = await load(input);
      return db.$transaction(async (tx) => {
        await lockProduct(tx, row.price.productId);
        return refuse(tx, row, input.problem);
      });
    },
  };
  return withMappedErrors({ ...activities, ...createCatalogChangeActivities(deps) });
}
