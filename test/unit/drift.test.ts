import { type Compared, comparisonState, differencesOf } from '../../src/domain/drift';
import { DAY } from '../../src/domain/time';

const NOW = 1_800_000_000;
const SAME: Compared = {
  status: 'active',
  cancelAt: null,
  resumesAt: null,
  trialEnd: null,
  collectionMethod: 'charge_automatically',
  items: [
    { stripePriceId: 'price_a', quantity: 1 },
    { stripePriceId: 'price_b', quantity: 2 },
  ],
};
const ACTIVE = { status: 'active', hasInstallments: false };
const fieldsOf = (of: typeof ACTIVE, here: Partial<Compared>, stripe: Partial<Compared> | null) =>
  differencesOf(of, { ...SAME, ...here }, stripe === null ? null : { ...SAME, ...stripe }).map(
    ({ field }) => field,
  );

test.each<[string, typeof ACTIVE, Partial<Compared>, Partial<Compared> | null, string[]]>([
  ['the same', ACTIVE, {}, {}, []],
  ['items in another order', ACTIVE, {}, { items: [...SAME.items].reverse() }, []],
  ['another status', ACTIVE, {}, { status: 'past_due' }, ['status']],
  ['a cancellation unheard', ACTIVE, {}, { cancelAt: NOW }, ['cancelAt']],
  ['a cancellation taken back', ACTIVE, { cancelAt: NOW }, {}, ['cancelAt']],
  ['another quantity', ACTIVE, {}, { items: [{ stripePriceId: 'price_a', quantity: 2 }] }, ['items']],
  ['a pause with an end', ACTIVE, {}, { resumesAt: NOW }, ['resumesAt']],
  ['a longer trial', ACTIVE, { trialEnd: NOW }, { trialEnd: NOW + DAY }, ['trialEnd']],
  ['invoices that are sent', ACTIVE, {}, { collectionMethod: 'send_invoice' }, ['collectionMethod']],
  ['two things', ACTIVE, {}, { status: 'past_due', cancelAt: NOW }, ['status', 'cancelAt']],
  ['Stripe has none', ACTIVE, {}, null, ['subscription']],
  ['no items kept yet', ACTIVE, { items: [] }, {}, []],
  ['installments end by a schedule', { status: 'active', hasInstallments: true }, {}, { cancelAt: NOW }, []],
  [
    'ended here, and goes on at Stripe',
    { ...ACTIVE, status: 'ended' },
    { status: 'canceled' },
    {},
    ['status'],
  ],
  [
    'suspended: what Stripe plans was set aside',
    { ...ACTIVE, status: 'suspended' },
    {},
    { cancelAt: NOW },
    [],
  ],
])('%s', (_, of, here, stripe, fields) => expect(fieldsOf(of, here, stripe)).toEqual(fields));

test('says both sides in words that can be read', () => {
  expect(differencesOf(ACTIVE, SAME, { ...SAME, cancelAt: 0, items: [] })).toEqual([
    { field: 'cancelAt', here: null, stripe: '1970-01-01T00:00:00.000Z' },
    { field: 'items', here: 'price_a × 1, price_b × 2', stripe: '' },
  ]);
});

test.each([
  ['in_order', { comparedAt: NOW, differsSince: null, verifiedAt: NOW - DAY }],
  ['differs', { comparedAt: NOW, differsSince: NOW, verifiedAt: NOW - DAY }],
  ['repaired', { comparedAt: NOW, differsSince: NOW, verifiedAt: NOW + 1 }],
  // Found a second time: the look in between has not settled it.
  ['differs', { comparedAt: NOW, differsSince: NOW - DAY, verifiedAt: NOW + 1 }],
] as const)('stands as %s', (state, of) => expect(comparisonState(of)).toBe(state));
