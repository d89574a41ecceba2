import Stripe from 'stripe';
import type { Place } from './sides';

export const HOUR = 3600;
export const DAY = 24 * HOUR;

/** A clock that has not arrived after this is given up. */
const CLOCK_PATIENCE_MS = 180_000;

/** What a story has to do with: a client, named steps, and time that can be moved. */
export class Stage {
  readonly stripe: Stripe;

  constructor(
    private readonly place: Place,
    /** Part of every name that has to be free in the account. */
    readonly run: string,
    /** Where test clocks start, Unix seconds; see `clockStart`. */
    readonly start: number,
  ) {
    this.stripe = place.stripe;
  }

  /** A step that has to succeed; the story breaks off with it otherwise. */
  step<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.place.wire.during(name, true, work);
  }

  /** A step that Stripe may refuse: whether it does, and how, is what is compared. */
  async attempt(name: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await this.step(name, work);
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeError) || error.statusCode === undefined) throw error;
    }
  }

  /** A test clock, with the name of the story's run. */
  async clock(): Promise<string> {
    const create = () =>
      this.stripe.testHelpers.testClocks.create({ frozen_time: this.start, name: `parity ${this.run}` });
    return (await this.step('clock', create)).id;
  }

  /**
   * Moves a clock to so many seconds after its start, and waits until everything on the way has happened. How often it had
   * to look is no part of the story: https://docs.stripe.com/billing/testing/test-clocks/api-advanced-usage
   */
  async advance(clock: string, seconds: number): Promise<void> {
    const { testClocks } = this.stripe.testHelpers;
    const name = `advance to ${(seconds / DAY).toFixed(1)} days`;
    await this.step(name, () => testClocks.advance(clock, { frozen_time: this.start + seconds }));
    const patient = Date.now() + CLOCK_PATIENCE_MS;
    for (;;) {
      const { status } = await this.quietly(() => testClocks.retrieve(clock));
      if (status === 'ready') return;
      if (status === 'internal_failure') throw new Error('Stripe could not advance the test clock.');
      if (Date.now() > patient) throw new Error('The test clock is still advancing.');
      await this.pause();
    }
  }

  /** A customer on a clock whose card is the default of its invoices. */
  async payer(clock?: string, card = 'pm_card_visa'): Promise<string> {
    const customer = await this.step('customer', () =>
      this.stripe.customers.create({
        name: 'Mia Member',
        email: 'mia@example.com',
        ...(clock === undefined ? {} : { test_clock: clock }),
      }),
    );
    const method = await this.step('card', () =>
      this.stripe.paymentMethods.attach(card, { customer: customer.id }),
    );
    await this.step('default card', () =>
      this.stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } }),
    );
    return customer.id;
  }

  /** A product with a price; a one-off one without `interval`. */
  async price(
    name: string,
    amount: number,
    interval?: 'month' | 'year',
    currency = 'eur',
  ): Promise<Stripe.Price> {
    return this.step(name, () =>
      this.stripe.prices.create({
        currency,
        unit_amount: amount,
        ...(interval ? { recurring: { interval } } : {}),
        product_data: { name: `Parity ${name}` },
      }),
    );
  }

  quietly<T>(work: () => Promise<T>): Promise<T> {
    return this.place.wire.during('', false, work);
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.place.pollMs));
  }
}

export interface Story {
  name: string;
  tell(stage: Stage): Promise<void>;
}

/**
 * Noon of a 15th of June at least a month ahead: the months that follow have 30, 31, 31 days in every year, so that a run can
 * be compared with a recording of another day. Clocks may start in the future:
 * https://docs.stripe.com/api/test_clocks/object
 */
export function clockStart(now: number): number {
  const year = new Date(now * 1000).getUTCFullYear();
  const at = (of: number) => Date.UTC(of, 5, 15, 12) / 1000;
  return at(year) > now + 30 * DAY ? at(year) : at(year + 1);
}
