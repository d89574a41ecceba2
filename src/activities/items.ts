import type { Db, Tx } from '../db/client';
import { type Membership, Prisma } from '../db/generated/client';
import { newId } from '../domain/ids';
import type { MembershipItem } from '../domain/items';
import type { MembershipDecision } from '../domain/membership';
import type { OpenInvoice } from '../domain/open-invoice';
import type { SubscriptionFacts } from '../domain/stripe-facts';
import { type Seconds, toDate, toDateOrNull } from '../domain/time';
import { changeAccess, type MemberProductKey, type TimelineFacts } from '../store/access-change';

type Of = Pick<Membership, 'id' | 'coachId' | 'mode' | 'accountId' | 'memberId'>;

/** What a subscription's items are here: by our prices on this account, else by our product at Stripe. */
export async function resolveItems(
  db: Db,
  { coachId, mode, accountId }: Of,
  { items }: SubscriptionFacts,
): Promise<MembershipItem[]> {
  const where = { coachId, mode, accountId };
  const [prices, products] = await Promise.all([
    db.priceProvisioning.findMany({
      where: { ...where, stripePriceId: { in: items.map(({ stripePriceId }) => stripePriceId) } },
      select: { priceId: true, stripePriceId: true, price: { select: { productId: true } } },
    }),
    db.stripeProduct.findMany({
      where: { ...where, stripeProductId: { in: items.map(({ stripeProductId }) => stripeProductId) } },
      select: { productId: true, stripeProductId: true },
    }),
  ]);
  return items.map(({ id, stripePriceId, stripeProductId, quantity, periodEnd }) => {
    const price = prices.find((each) => each.stripePriceId === stripePriceId);
    const product = products.find((each) => each.stripeProductId === stripeProductId);
    return {
      itemId: id,
      stripePriceId,
      stripeProductId,
      priceId: price?.priceId ?? null,
      productId: price?.price.productId ?? product?.productId ?? null,
      quantity,
      periodEnd,
    };
  });
}

/** The columns of the membership row that say what Stripe has, beside what was decided. */
export function subscriptionColumns(subscription: SubscriptionFacts, items: readonly MembershipItem[]) {
  const open = openInvoiceOf(subscription);
  return {
    items: items.map((item) => ({ ...item })),
    trialEnd: toDateOrNull(subscription.trialEnd),
    collectionMethod: subscription.collectionMethod,
    openInvoice: open === null ? Prisma.DbNull : { ...open },
  };
}

/** The oldest invoice that waits for its payment. */
export function openInvoiceOf({ invoices, currency }: SubscriptionFacts): OpenInvoice | null {
  const open = invoices.filter(({ status }) => status === 'open').at(-1);
  if (open === undefined) return null;
  const { id, amountRemaining, dueAt, nextAttemptAt, hostedUrl } = open;
  return { id, amountRemaining, currency, dueAt, nextAttemptAt, url: hostedUrl };
}

/** What the items give besides the membership's own product: a grant for each, which ends when the item goes. */
export async function syncItemGrants(
  tx: Tx,
  row: Of & Pick<Membership, 'checkoutId'>,
  others: readonly { productId: string; decision: MembershipDecision }[],
  now: Seconds,
  entry: Pick<TimelineFacts, 'at' | 'cause' | 'run'>,
): Promise<void> {
  const { coachId, mode, memberId } = row;
  const present = await tx.grant.findMany({ where: { itemOfMembershipId: row.id } });
  const told = { ...entry, membershipId: row.id, checkoutId: row.checkoutId };
  for (const { productId, decision } of others) {
    const key: MemberProductKey = { coachId, mode, memberId, productId };
    const known = present.find((grant) => grant.productId === productId);
    const ends = {
      until: toDateOrNull(decision.until),
      suspended: decision.suspended,
      revoked: decision.revoked,
    };
    await changeAccess(tx, key, now, async () => {
      if (known === undefined)
        await tx.grant.create({
          data: {
            id: newId('grant'),
            ...key,
            cause: 'membership',
            itemOfMembershipId: row.id,
            startsAt: toDate(now),
            ...ends,
          },
        });
      else await tx.grant.update({ where: { id: known.id }, data: ends });
      return known === undefined || (known.revoked && !ends.revoked) ? { kind: 'item_added', ...told } : null;
    });
  }
  for (const grant of present) {
    if (grant.revoked || others.some(({ productId }) => productId === grant.productId)) continue;
    await changeAccess(tx, { coachId, mode, memberId, productId: grant.productId }, now, async () => {
      await tx.grant.update({ where: { id: grant.id }, data: { revoked: true } });
      return { kind: 'item_removed', ...told };
    });
  }
}
