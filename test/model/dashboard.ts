import type Stripe from 'stripe';
import type { ForeignName, OfferName, ProductName } from './catalog';
import { DAYS_UNTIL_DUE } from './reference';

/** Ids at Stripe of what the Dashboard's pages are about. */
export interface AtStripe {
  subscriptionOf(number: number): string;
  prices: Record<OfferName | ForeignName, string>;
  products: Record<ProductName, string>;
}

/** The coach's own Dashboard: Stripe's API on their account, without a word to the product. */
export class Dashboard {
  private readonly coupons = new Map<number, string>();

  constructor(
    private readonly stripe: Stripe,
    private readonly asAccount: { stripeAccount: string },
    private readonly ids: AtStripe,
  ) {}

  async quantity(number: number, quantity: number): Promise<void> {
    const { id } = await this.ownItem(number);
    await this.update(number, { items: [{ id, quantity }], proration_behavior: 'none' });
  }

  async moveItem(number: number, item: OfferName | ForeignName): Promise<void> {
    const { id } = await this.ownItem(number);
    await this.update(number, {
      items: [{ id, price: this.ids.prices[item] }],
      proration_behavior: 'none',
    });
  }

  async addItem(number: number, item: OfferName | ForeignName): Promise<void> {
    await this.update(number, {
      items: [{ price: this.ids.prices[item] }],
      proration_behavior: 'always_invoice',
    });
  }

  async removeItem(number: number, item: OfferName | ForeignName): Promise<void> {
    const { items } = await this.retrieve(number);
    const found = items.data.find(({ price }) => price.id === this.ids.prices[item]);
    await this.update(number, {
      items: [{ id: found?.id ?? '', deleted: true }],
      proration_behavior: 'none',
    });
  }

  async trial(number: number, end: number): Promise<void> {
    await this.update(number, { trial_end: end, proration_behavior: 'none' });
  }

  async coupon(number: number, percent: 0 | 25 | 100): Promise<void> {
    if (percent === 0) {
      await this.update(number, { discounts: '' });
      return;
    }
    let coupon = this.coupons.get(percent);
    if (coupon === undefined) {
      const made = await this.stripe.coupons.create(
        { percent_off: percent, duration: 'forever' },
        this.asAccount,
      );
      coupon = made.id;
      this.coupons.set(percent, coupon);
    }
    await this.update(number, { discounts: [{ coupon }] });
  }

  /** What each coupon that was made here takes off for ever, by its id. */
  percents(): [string, number][] {
    return [...this.coupons].map(([percent, id]) => [id, percent]);
  }

  async cancelAt(number: number, at: number): Promise<void> {
    await this.update(number, { cancel_at: at, proration_behavior: 'none' });
  }

  async pause(
    number: number,
    behavior: 'void' | 'mark_uncollectible',
    resumesAt: number | null,
  ): Promise<void> {
    await this.update(number, {
      pause_collection: { behavior, ...(resumesAt === null ? {} : { resumes_at: resumesAt }) },
    });
  }

  async collection(number: number, isSent: boolean): Promise<void> {
    await this.update(
      number,
      isSent
        ? { collection_method: 'send_invoice', days_until_due: DAYS_UNTIL_DUE }
        : { collection_method: 'charge_automatically' },
    );
  }

  async schedule(number: number, how: 'releases' | 'cancels'): Promise<void> {
    const { id } = await this.stripe.subscriptionSchedules.create(
      { from_subscription: this.ids.subscriptionOf(number) },
      this.asAccount,
    );
    if (how === 'cancels')
      await this.stripe.subscriptionSchedules.update(id, { end_behavior: 'cancel' }, this.asAccount);
  }

  /** Of those that are open, the oldest. */
  async openInvoice(number: number, what: 'void' | 'write_off' | 'paid_out_of_band'): Promise<void> {
    const { data } = await this.stripe.invoices.list(
      { subscription: this.ids.subscriptionOf(number), status: 'open', limit: 100 },
      this.asAccount,
    );
    const id = data.at(-1)?.id ?? '';
    const { invoices } = this.stripe;
    if (what === 'void') await invoices.voidInvoice(id, undefined, this.asAccount);
    else if (what === 'write_off') await invoices.markUncollectible(id, undefined, this.asAccount);
    else await invoices.pay(id, { paid_out_of_band: true }, this.asAccount);
  }

  /** @param amount minor units. */
  async credit(number: number, amount: number): Promise<void> {
    await this.stripe.customers.update(await this.customerOf(number), { balance: -amount }, this.asAccount);
  }

  async changeCustomer(number: number): Promise<void> {
    await this.stripe.customers.update(
      await this.customerOf(number),
      {
        name: 'Another Name',
        phone: '+15555550100',
        address: { line1: 'Another street 1', country: 'US' },
        metadata: { note: 'changed in the Dashboard' },
      },
      this.asAccount,
    );
  }

  async deleteCustomer(numbers: readonly number[]): Promise<void> {
    const customers = new Set<string>();
    for (const number of numbers) customers.add(await this.customerOf(number));
    for (const customer of customers) await this.stripe.customers.del(customer, undefined, this.asAccount);
  }

  async archivePrice(offer: OfferName): Promise<void> {
    await this.stripe.prices.update(this.ids.prices[offer], { active: false }, this.asAccount);
  }

  async archiveProduct(product: ProductName): Promise<void> {
    await this.stripe.products.update(this.ids.products[product], { active: false }, this.asAccount);
  }

  async replaceCard(number: number): Promise<void> {
    const { id } = await this.stripe.paymentMethods.attach(
      'pm_card_visa',
      { customer: await this.customerOf(number) },
      this.asAccount,
    );
    await this.update(number, { default_payment_method: id });
  }

  async cancel(number: number): Promise<void> {
    await this.stripe.subscriptions.cancel(this.ids.subscriptionOf(number), undefined, this.asAccount);
  }

  /** What Stripe has of a subscription now. */
  retrieve(number: number): Promise<Stripe.Subscription> {
    return this.stripe.subscriptions.retrieve(
      this.ids.subscriptionOf(number),
      { expand: ['discounts'] },
      this.asAccount,
    );
  }

  /** Per cent off, by the coupons that this Dashboard has made. */
  percentOff({ discounts }: Stripe.Subscription): number {
    const ids = discounts.map((discount) => (typeof discount === 'object' ? discount.source.coupon : null));
    const [given] = [...this.coupons].filter(([, id]) => ids.includes(id));
    return given?.[0] ?? 0;
  }

  /** The item that was bought is the oldest. */
  private async ownItem(number: number): Promise<Stripe.SubscriptionItem> {
    const { items } = await this.retrieve(number);
    const [first] = items.data;
    if (first === undefined) throw new Error('A subscription has an item.');
    return first;
  }

  private async customerOf(number: number): Promise<string> {
    const { customer } = await this.retrieve(number);
    return typeof customer === 'string' ? customer : customer.id;
  }

  private async update(number: number, change: Stripe.SubscriptionUpdateParams): Promise<void> {
    await this.stripe.subscriptions.update(this.ids.subscriptionOf(number), change, this.asAccount);
  }
}
