import type Stripe from 'stripe';
import type { Seller } from './seller';

/** What of a bought membership leads to its subscription at Stripe. */
export interface Bought {
  id: string;
  memberId: string;
  startedAt: string;
  paidThrough: string;
  stripe: { subscriptionId: string; customerId: string };
}

/** What the coach does in their own Stripe Dashboard. @param seller the coach of the running test. */
export function dashboardOf(seller: () => Seller) {
  const on = () => ({ stripe: seller().stripe, account: seller().asAccount });

  const atStripe = ({ stripe: { subscriptionId } }: Bought) =>
    on().stripe.subscriptions.retrieve(subscriptionId, undefined, on().account);

  const ownItem = async (bought: Bought) => {
    const [item] = (await atStripe(bought)).items.data;
    if (item === undefined) throw new Error('No item');
    return item;
  };

  const update = ({ stripe: { subscriptionId } }: Bought, params: Stripe.SubscriptionUpdateParams) =>
    on().stripe.subscriptions.update(subscriptionId, params, on().account);

  const itemsOf = async (bought: Bought) =>
    (await atStripe(bought)).items.data.map(({ price, quantity }) => [price.unit_amount, quantity]);

  /** A price that the coach made in the Dashboard, of a product of their own. */
  async function foreignPrice(unitAmount: number): Promise<string> {
    const product = await on().stripe.products.create({ name: 'From the Dashboard' }, on().account);
    const price = await on().stripe.prices.create(
      { product: product.id, currency: 'usd', unit_amount: unitAmount, recurring: { interval: 'month' } },
      on().account,
    );
    return price.id;
  }

  /** The subscription's invoices, newest first. */
  const invoicesOf = async ({ stripe: { subscriptionId } }: Bought) =>
    (await on().stripe.invoices.list({ subscription: subscriptionId, limit: 100 }, on().account)).data;

  /** The invoice that waits for its payment. */
  async function openInvoice(bought: Bought): Promise<string> {
    const open = (await invoicesOf(bought)).find(({ status }) => status === 'open');
    if (open?.id === undefined) throw new Error('No invoice is open');
    return open.id;
  }

  return { atStripe, ownItem, update, itemsOf, foreignPrice, invoicesOf, openInvoice };
}
