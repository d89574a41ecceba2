import type Stripe from 'stripe';
import {
  phaseParams,
  phasesChanged,
  phasesFrom,
  phasesUntil,
  runningPhaseParams,
} from '../../src/stripe/schedule-phases';

type Phase = Stripe.SubscriptionSchedule.Phase;

const item = (over: Partial<Phase['items'][number]> = {}): Phase['items'][number] => ({
  billing_thresholds: null,
  discounts: [],
  metadata: {},
  plan: 'price_1',
  price: 'price_1',
  quantity: 1,
  tax_rates: [],
  ...over,
});
const phase = (over: Partial<Phase> = {}): Phase => ({
  add_invoice_items: [],
  application_fee_percent: null,
  billing_cycle_anchor: null,
  billing_thresholds: null,
  collection_method: null,
  currency: 'usd',
  default_payment_method: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  end_date: 200,
  invoice_settings: null,
  items: [item()],
  metadata: {},
  on_behalf_of: null,
  proration_behavior: 'create_prorations',
  start_date: 100,
  transfer_data: null,
  trial_end: null,
  ...over,
});
const plan = [phase(), phase({ start_date: 200, end_date: 300 }), phase({ start_date: 300, end_date: 400 })];
const NOW = 150;

describe('A18: what a phase says is said again', () => {
  test('all of it', () => {
    const said = phaseParams(
      phase({
        start_date: 200,
        end_date: 300,
        add_invoice_items: [
          {
            discountable: true,
            discounts: [],
            metadata: null,
            period: { start: { type: 'phase_start' }, end: { type: 'phase_end' } },
            price: 'price_fee',
            quantity: 2,
            tax_rates: null,
          },
        ],
        application_fee_percent: 2.5,
        automatic_tax: { disabled_reason: null, enabled: true, liability: { type: 'self' } },
        billing_cycle_anchor: 'phase_start',
        billing_thresholds: { amount_gte: 500, reset_billing_cycle_anchor: null },
        collection_method: 'send_invoice',
        default_payment_method: 'pm_1',
        default_tax_rates: [{ id: 'txr_1' } as Stripe.TaxRate],
        description: 'Words',
        discounts: [
          { coupon: 'half', discount: null, promotion_code: null },
          { coupon: 'half', discount: 'di_1', promotion_code: null },
          { coupon: null, discount: null, promotion_code: 'promo_1' },
        ],
        invoice_settings: {
          account_tax_ids: null,
          custom_fields: null,
          days_until_due: 30,
          description: null,
          footer: 'Thanks',
          issuer: { type: 'self' },
        },
        items: [item({ quantity: 3, tax_rates: [{ id: 'txr_2' } as Stripe.TaxRate], metadata: { a: 'b' } })],
        metadata: { c: 'd' },
        on_behalf_of: 'acct_1',
        transfer_data: { amount_percent: null, destination: 'acct_2' },
        trial_end: 250,
      }),
      NOW,
    );
    expect(said).toEqual({
      add_invoice_items: [
        {
          discountable: true,
          period: { start: { type: 'phase_start' }, end: { type: 'phase_end' } },
          price: 'price_fee',
          quantity: 2,
        },
      ],
      application_fee_percent: 2.5,
      automatic_tax: { enabled: true, liability: { type: 'self' } },
      billing_cycle_anchor: 'phase_start',
      billing_thresholds: { amount_gte: 500 },
      collection_method: 'send_invoice',
      default_payment_method: 'pm_1',
      default_tax_rates: ['txr_1'],
      description: 'Words',
      discounts: [{ coupon: 'half' }, { discount: 'di_1' }, { promotion_code: 'promo_1' }],
      end_date: 300,
      invoice_settings: { days_until_due: 30, footer: 'Thanks', issuer: { type: 'self' } },
      items: [{ price: 'price_1', quantity: 3, tax_rates: ['txr_2'], metadata: { a: 'b' } }],
      metadata: { c: 'd' },
      on_behalf_of: 'acct_1',
      proration_behavior: 'create_prorations',
      start_date: 200,
      transfer_data: { destination: 'acct_2' },
      trial_end: 250,
    });
  });

  test('and what changed on the subscription since the phase began counts', () => {
    const subscription = {
      collection_method: 'send_invoice',
      days_until_due: 14,
      default_payment_method: 'pm_new',
      default_tax_rates: [{ id: 'txr_9' }],
      discounts: ['di_9'],
      items: {
        data: [
          { price: { id: 'price_1' }, quantity: 3, discounts: [], metadata: {}, tax_rates: [] },
          { price: { id: 'price_added' }, quantity: 1, discounts: [], metadata: { x: 'y' }, tax_rates: [] },
        ],
      },
    } as unknown as Stripe.Subscription;
    expect(
      runningPhaseParams(phase({ items: [item({ metadata: { a: 'b' } })] }), subscription, NOW),
    ).toMatchObject({
      collection_method: 'send_invoice',
      invoice_settings: { days_until_due: 14 },
      default_payment_method: 'pm_new',
      default_tax_rates: ['txr_9'],
      discounts: [{ discount: 'di_9' }],
      items: [
        { price: 'price_1', quantity: 3, metadata: { a: 'b' } },
        { price: 'price_added', quantity: 1, metadata: { x: 'y' } },
      ],
      start_date: 100,
      end_date: 200,
    });
  });
});

describe('A18: a plan is cut', () => {
  const spans = (phases: Phase[]) =>
    phases.map(({ start_date: start, end_date: end }) => `${start}-${end}`).join(' ');
  test.each([
    [150, '100-150'],
    [200, '100-200'],
    [201, '100-200 200-201'],
    [400, '100-200 200-300 300-400'],
    [450, '100-200 200-300 300-450'],
  ])('at %i: %s', (end, expected) => {
    expect(spans(phasesUntil(plan, end))).toBe(expected);
  });

  test('phases that are over are left out', () => {
    expect(spans(phasesFrom(plan, 200))).toBe('200-300 300-400');
  });
});

describe('A18: phases ahead, after a change', () => {
  const change = { fromPrices: ['price_1'], fromQuantity: 1, toPrice: 'price_2', toQuantity: undefined };
  const itemsOf = (items: Phase['items'], over: object = {}) =>
    phasesChanged([phase({ items })], { ...change, ...over })[0]?.items.map(
      ({ price, quantity }) => `${price as string}×${quantity}`,
    );
  test.each<[string, Phase['items'], object, string[]]>([
    ['the price that was left', [item()], {}, ['price_2×1']],
    ['its quantity stays', [item({ quantity: 4 })], {}, ['price_2×4']],
    ['another price that was planned stays', [item({ price: 'price_planned' })], {}, ['price_planned×1']],
    ['another item stays', [item(), item({ price: 'price_other' })], {}, ['price_2×1', 'price_other×1']],
    ['a quantity', [item()], { toPrice: undefined, toQuantity: 3 }, ['price_1×3']],
    [
      'a planned quantity stays',
      [item({ quantity: 5 })],
      { toPrice: undefined, toQuantity: 3 },
      ['price_1×5'],
    ],
  ])('%s', (_what, items, over, expected) => {
    expect(itemsOf(items, over)).toEqual(expected);
  });
});
