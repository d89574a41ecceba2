import {
  paymentOf,
  periodEndOf,
  relatedObjectOf,
  snapshotTypeOf,
  subscriptionOfInvoice,
} from '../../src/stripe/event-shapes';

const metadata = { checkoutId: 'chk_1' };
const line = { id: 'il_1', type: 'subscription', subscription: 'sub_1', metadata };

describe('scenario 34, A14: the subscription of an invoice, by the version that rendered it', () => {
  test.each<[string, object, object | null]>([
    [
      '2026-08-26.dahlia and 2025-03-31.basil: the parent',
      { parent: { type: 'subscription_details', subscription_details: { subscription: 'sub_1', metadata } } },
      { id: 'sub_1', metadata },
    ],
    [
      '2025-03-31.basil, expanded',
      { parent: { subscription_details: { subscription: { id: 'sub_1' }, metadata } } },
      { id: 'sub_1', metadata },
    ],
    [
      '2024-09-30.acacia: at the top level, its metadata beside',
      { subscription: 'sub_1', subscription_details: { metadata }, lines: { data: [line] } },
      { id: 'sub_1', metadata },
    ],
    ['2022-11-15: at the top level, nothing beside', { subscription: 'sub_1' }, { id: 'sub_1' }],
    [
      '2022-11-15: the metadata on the line',
      { subscription: 'sub_1', lines: { data: [line] } },
      { id: 'sub_1', metadata },
    ],
    [
      '2020-08-27: expanded at the top level',
      { subscription: { id: 'sub_1', object: 'subscription', metadata } },
      { id: 'sub_1', metadata },
    ],
    [
      '2018-11-08: a line that has the subscription’s id',
      { subscription: null, lines: { data: [{ id: 'sub_1', type: 'subscription', metadata }] } },
      { id: 'sub_1', metadata },
    ],
    [
      'an item of the subscription on an invoice of its own, since basil',
      {
        parent: null,
        lines: {
          data: [
            {
              metadata: { checkoutId: 'chk_of_the_item' },
              parent: { type: 'invoice_item_details', invoice_item_details: { subscription: 'sub_1' } },
            },
          ],
        },
      },
      { id: 'sub_1' },
    ],
    [
      'the second line names it',
      {
        parent: null,
        lines: {
          data: [
            { id: 'il_0', parent: null },
            {
              metadata,
              parent: {
                type: 'subscription_item_details',
                subscription_item_details: { subscription: 'sub_1' },
              },
            },
          ],
        },
      },
      { id: 'sub_1', metadata },
    ],
    ['one without a subscription, since basil', { parent: null, lines: { data: [] } }, null],
    ['one without a subscription, before', { subscription: null, lines: { data: [{ id: 'il_1' }] } }, null],
    ['an invoice of a quote', { parent: { type: 'quote_details', quote_details: { quote: 'qt_1' } } }, null],
    ['nothing at all', {}, null],
    ['nonsense', { parent: 'sub_1', lines: 3, subscription: 7, subscription_details: [] }, null],
  ])('%s', (_version, invoice, expected) => {
    const found = subscriptionOfInvoice({ ...invoice });
    if (expected === null) expect(found).toBeNull();
    else expect(found).toEqual({ metadata: undefined, ...expected });
  });
});

describe('scenario 34, A14: what a charge, a refund or a dispute is about', () => {
  test.each<[string, object, object]>([
    [
      'basil: a charge with its intent only',
      { object: 'charge', id: 'ch_1', payment_intent: 'pi_1' },
      { paymentIntentId: 'pi_1', invoice: null, chargeId: null },
    ],
    [
      'acacia: a charge names its invoice',
      { object: 'charge', id: 'ch_1', payment_intent: 'pi_1', invoice: 'in_1' },
      { paymentIntentId: 'pi_1', invoice: { id: 'in_1', expanded: null } },
    ],
    [
      'acacia: the payment intent, expanded, names its invoice',
      { object: 'refund', charge: 'ch_1', payment_intent: { id: 'pi_1', invoice: 'in_1' } },
      { paymentIntentId: 'pi_1', invoice: { id: 'in_1', expanded: null }, chargeId: 'ch_1' },
    ],
    [
      '2018: a refund names its charge only',
      { object: 'refund', charge: 'ch_1' },
      { paymentIntentId: null, invoice: null, chargeId: 'ch_1' },
    ],
    [
      '2018: a dispute whose charge is expanded',
      { object: 'dispute', charge: { id: 'ch_1', payment_intent: 'pi_1', invoice: { id: 'in_1' } } },
      { paymentIntentId: 'pi_1', invoice: { id: 'in_1', expanded: { id: 'in_1' } }, chargeId: 'ch_1' },
    ],
    ['nothing at all', {}, { paymentIntentId: null, invoice: null, chargeId: null }],
  ])('%s', (_version, object, expected) => {
    expect(paymentOf({ ...object })).toMatchObject(expected);
  });
});

test('A14: the end of a period, on the items since basil, on the subscription before', () => {
  expect(periodEndOf({ items: { data: [{ current_period_end: 5 }, { current_period_end: 9 }] } })).toBe(9);
  expect(periodEndOf({ current_period_end: 7, items: { data: [{}] } })).toBe(7);
  expect(periodEndOf({})).toBe(0);
});

test('A14: a thin event names its object; only a type of ours is taken for one', () => {
  const thin = { object: 'v2.core.event', related_object: { id: 'in_1', type: 'invoice', url: '/v1/in_1' } };
  expect(relatedObjectOf(thin)).toEqual({ id: 'in_1', type: 'invoice' });
  expect(relatedObjectOf({ ...thin, related_object: null })).toBeNull();
  expect(relatedObjectOf({ ...thin, object: 'event' })).toBeNull();
  expect(snapshotTypeOf('v1.invoice.paid')).toBe('invoice.paid');
  expect(snapshotTypeOf('v2.core.account.closed')).toBe('v2.core.account.closed');
});
