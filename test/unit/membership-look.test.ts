import type { MembershipItem } from '../../src/domain/items';
import { decideLook, type Sold } from '../../src/domain/membership-look';
import { DEFAULT_POLICY } from '../../src/domain/policy';
import { DAY } from '../../src/domain/time';
import { invoice, line, membershipFacts, NOW, payment, subscription } from '../support/facts';

const SOLD: Sold = { productId: 'pdt_1', priceId: 'amt_1', quantity: 2 };
const here = (over: Partial<MembershipItem> = {}): MembershipItem => ({
  itemId: 'si_1',
  stripePriceId: 'price_1',
  stripeProductId: 'prod_1',
  priceId: 'amt_1',
  productId: 'pdt_1',
  quantity: 2,
  periodEnd: NOW + 20 * DAY,
  ...over,
});
const look = (items: MembershipItem[], facts = membershipFacts(), evidence = subscription()) =>
  decideLook(
    { facts, sold: SOLD },
    { kind: 'subscription', subscription: evidence },
    items,
    NOW,
    DEFAULT_POLICY,
  );

test.each<[string, MembershipItem[], Sold]>([
  ['its own item: what it was', [here()], SOLD],
  ['another quantity', [here({ quantity: 5 })], { ...SOLD, quantity: 5 }],
  ['another price of ours', [here({ priceId: 'amt_2' })], { ...SOLD, priceId: 'amt_2' }],
  ['a price that was made in Stripe: the last of ours', [here({ priceId: null })], SOLD],
  ['an item of another product', [here({ productId: 'pdt_2' })], { ...SOLD, productId: 'pdt_2' }],
  ['nothing of ours', [here({ productId: null, priceId: null })], SOLD],
  ['no items to go by', [], SOLD],
])('what it is for after %s', (_what, items, next) => {
  expect(look(items).next).toEqual(next);
});

test('an item of another product gives that product by its own periods, and no plan of installments', () => {
  const addOn = here({ itemId: 'si_2', productId: 'pdt_2', priceId: 'amt_9' });
  const paid = subscription({
    invoices: [
      invoice({
        lines: [line({ itemId: 'si_1' }), line({ itemId: 'si_2', periodEnd: NOW + 300 * DAY })],
      }),
    ],
  });
  const { decision, others } = look([here(), addOn], membershipFacts({ installmentsDue: 3 }), paid);
  expect(decision).toMatchObject({ reason: 'installments', installmentsPaid: 1 });
  expect(others).toMatchObject([
    {
      productId: 'pdt_2',
      decision: { reason: 'paid', paidThrough: NOW + 300 * DAY, installmentsPaid: null },
    },
  ]);
});

test('nothing of ours gives nothing', () => {
  const { decision, others } = look([here({ productId: null, priceId: null })]);
  expect(decision).toMatchObject({ status: 'suspended', reason: 'not_sold_here', suspended: true });
  expect(others).toEqual([]);
});

test('a payment, and an account that cannot be read, are decided without items', () => {
  const present = { facts: membershipFacts({ kind: 'one_off' }), sold: SOLD };
  for (const evidence of [{ kind: 'payment', payment: payment() }, { kind: 'unreadable' }] as const)
    expect(decideLook(present, evidence, [], NOW, DEFAULT_POLICY)).toMatchObject({
      next: SOLD,
      decision: { reason: 'owned' },
      others: [],
    });
});
