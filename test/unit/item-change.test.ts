import type Stripe from 'stripe';
import { changeOf, itemParams, ownItem, updateParams } from '../../src/stripe/item-change';

const item = (id: string, price: string, product: string, quantity: number | undefined = 1) =>
  ({ id, price: { id: price, product }, quantity }) as unknown as Stripe.SubscriptionItem;
const subscription = (...data: Stripe.SubscriptionItem[]) =>
  ({ items: { data, has_more: false } }) as unknown as Stripe.Subscription;
const own = { present: ['price_now'], ofProduct: ['price_now', 'price_other'], stripeProductId: 'prod_ours' };

describe('A17: which item a membership is', () => {
  const foreign = item('si_foreign', 'price_foreign', 'prod_foreign');
  test.each<[string, Stripe.SubscriptionItem[], string]>([
    ['the only one', [item('si_1', 'price_now', 'prod_ours')], 'si_1'],
    ['the only one, moved to a price that nobody knows', [foreign], 'si_foreign'],
    ['on its price, beside a foreign one', [foreign, item('si_1', 'price_now', 'prod_ours')], 'si_1'],
    ['on another price of its product', [foreign, item('si_1', 'price_other', 'prod_ours')], 'si_1'],
    [
      'on a price of the Dashboard for its product',
      [foreign, item('si_1', 'price_made', 'prod_ours')],
      'si_1',
    ],
    [
      'two of its product: the one on its price',
      [item('si_2', 'price_other', 'prod_ours'), item('si_1', 'price_now', 'prod_ours')],
      'si_1',
    ],
  ])('%s', (_what, items, id) => {
    expect(ownItem(subscription(...items), own).id).toBe(id);
  });

  test.each<[string, Stripe.SubscriptionItem[]]>([
    ['none of several', [foreign, item('si_2', 'price_x', 'prod_x')]],
    ['none at all', []],
    [
      'two of its product, none on its price',
      [item('si_1', 'price_made', 'prod_ours'), item('si_2', 'price_made_too', 'prod_ours')],
    ],
  ])('unclear, and said so: %s', (_what, items) => {
    expect(() => ownItem(subscription(...items), own)).toThrow(
      expect.objectContaining({ code: 'membership_items_unclear' }),
    );
  });
});

describe('A3: a change names one item, and of it what was asked', () => {
  const present = item('si_1', 'price_now', 'prod_ours', 3);
  const params = (asked: object) => itemParams(changeOf(present, asked));
  test('what is left out stays as Stripe has it', () => {
    expect(params({ stripePriceId: 'price_2' })).toEqual({ id: 'si_1', price: 'price_2', quantity: 3 });
    expect(params({ quantity: 2 })).toEqual({ id: 'si_1', quantity: 2 });
    expect(changeOf(present, {}).changes).toBe(false);
    expect(changeOf(present, { quantity: 3, stripePriceId: 'price_now' }).changes).toBe(false);
  });

  test('a metered item has no quantity to say', () => {
    const { quantity: _none, ...metered } = present;
    expect(itemParams(changeOf(metered as Stripe.SubscriptionItem, { stripePriceId: 'price_2' }))).toEqual({
      id: 'si_1',
      price: 'price_2',
    });
  });

  const change = changeOf(present, { stripePriceId: 'price_2' });
  test.each<[string, object, { prorate: boolean; prorationDate?: number }, object]>([
    [
      'charged now: paid, or nothing changes',
      { collection_method: 'charge_automatically' },
      { prorate: true, prorationDate: 7 },
      { proration_behavior: 'always_invoice', payment_behavior: 'error_if_incomplete', proration_date: 7 },
    ],
    [
      'an invoice that is sent is due later',
      { collection_method: 'send_invoice' },
      { prorate: true },
      { proration_behavior: 'always_invoice' },
    ],
    [
      'no difference',
      { collection_method: 'send_invoice' },
      { prorate: false },
      { proration_behavior: 'none' },
    ],
  ])('%s', (_what, of, how, expected) => {
    expect(updateParams(of as Stripe.Subscription, change, how)).toEqual({
      items: [{ id: 'si_1', price: 'price_2', quantity: 3 }],
      ...expected,
    });
  });
});
