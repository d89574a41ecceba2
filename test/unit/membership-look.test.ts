import type { MembershipItem } from '../../src/domain/items';
import type { MembershipEvidence, MembershipFacts } from '../../src/domain/membership-facts';
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

describe('a bundle', () => {
  const BUNDLES = new Map([['amt_1', ['pdt_1', 'pdt_2', 'pdt_3']]]);
  const others = (
    facts = membershipFacts(),
    items: MembershipItem[] = [here()],
    evidence = subscription(),
    bundles = BUNDLES,
  ) => {
    const found = decideLook(
      { facts, sold: SOLD },
      { kind: 'subscription', subscription: evidence },
      items,
      NOW,
      DEFAULT_POLICY,
      bundles,
    );
    return { own: found.decision, others: found.others };
  };

  test.each([
    ['paid for', membershipFacts()],
    ['withdrawn from', membershipFacts({ withdrawn: true })],
    ['in installments', membershipFacts({ installmentsDue: 3 })],
  ])('%s: each of its products is as its own is, and its own is not among them', (_what, facts) => {
    const found = others(facts);
    expect(found.others).toEqual(['pdt_2', 'pdt_3'].map((productId) => ({ productId, decision: found.own })));
  });

  test('bought once, and where nobody can be asked', () => {
    const present = { facts: membershipFacts({ kind: 'one_off' }), sold: SOLD };
    for (const evidence of [{ kind: 'payment', payment: payment() }, { kind: 'unreadable' }] as const) {
      const found = decideLook(present, evidence, [], NOW, DEFAULT_POLICY, BUNDLES);
      expect(found.others.map(({ productId, decision }) => [productId, decision === found.decision])).toEqual(
        [
          ['pdt_2', true],
          ['pdt_3', true],
        ],
      );
    }
  });

  test('another price gives what that price gives', () => {
    expect(others(membershipFacts(), [here({ priceId: 'amt_2' })]).others).toEqual([]);
  });

  test('a product that is an item besides goes by its item while the bundle gives nothing', () => {
    const items = [here(), here({ itemId: 'si_2', productId: 'pdt_2', priceId: 'amt_9' })];
    const ids = (facts = membershipFacts()) => {
      const found = others(facts, items);
      return found.others.filter(({ decision }) => decision === found.own).map(({ productId }) => productId);
    };
    expect(ids()).toEqual(['pdt_2', 'pdt_3']);
    expect(ids(membershipFacts({ withdrawn: true }))).toEqual(['pdt_3']);
  });
});

describe('what was taken beside at Checkout', () => {
  const taken = (facts: Partial<MembershipFacts>, evidence: MembershipEvidence) =>
    decideLook(
      { facts: membershipFacts({ kind: 'one_off', ...facts }), sold: SOLD },
      evidence,
      [],
      NOW,
      DEFAULT_POLICY,
      new Map(),
      ['pdt_5'],
    );
  const paid = (over: Parameters<typeof payment>[0] = {}) =>
    ({ kind: 'payment', payment: payment(over) }) as const;
  const unreadable = { kind: 'unreadable' } as const;

  test.each<[string, Partial<MembershipFacts>, MembershipEvidence, object]>([
    ['paid', {}, paid(), { reason: 'owned', until: null, revoked: false }],
    ['refunded', {}, paid({ amountRefunded: 4900 }), { reason: 'refunded', revoked: true }],
    ['refunded in part', {}, paid({ amountRefunded: 900 }), { reason: 'owned', revoked: false }],
    ['disputed', {}, paid({ dispute: 'open' }), { reason: 'disputed', suspended: true }],
    ['withdrawn from', { withdrawn: true }, paid(), { reason: 'withdrawn', revoked: true }],
    ['not to be asked about', {}, unreadable, { reason: 'owned', revoked: false }],
    ['refunded, not to be asked about', { withheld: 'refunded' }, unreadable, { revoked: true }],
  ])('%s: it goes as the purchase goes', (_what, facts, evidence, expected) => {
    const { decision, others } = taken(facts, evidence);
    expect(others).toEqual([{ productId: 'pdt_5', decision }]);
    expect(decision).toMatchObject(expected);
  });

  test('a term of the price is not its own, and a refund after it still counts', () => {
    const term = { startedAt: NOW - 40 * DAY, accessDays: 30 };
    const over = taken(term, paid());
    expect(over.decision).toMatchObject({ reason: 'fixed_term_over', ended: true });
    expect(over.others).toMatchObject([{ decision: { reason: 'owned', until: null, ended: false } }]);
    expect(taken(term, paid({ amountRefunded: 4900 })).others).toMatchObject([
      { decision: { revoked: true } },
    ]);
  });
});
