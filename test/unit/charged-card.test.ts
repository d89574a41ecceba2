import type Stripe from 'stripe';
import { chargedCard } from '../../src/stripe/charged-card';

const charge = (over: object = {}) =>
  ({
    status: 'succeeded',
    payment_intent: 'pi_1',
    payment_method: 'pm_1',
    payment_method_details: { type: 'card', card: { exp_month: 2, exp_year: 2027 } },
    ...over,
  }) as unknown as Stripe.Charge;
const card = (exp_month: number, exp_year: number) => ({
  payment_method_details: { type: 'card', card: { exp_month, exp_year } },
});

test.each<[string, Stripe.Charge[], string | null]>([
  ['it is good to the end of its month', [charge()], '2027-03-01'],
  ['also of December', [charge(card(12, 2027))], '2028-01-01'],
  ['the newest tells', [charge(card(1, 2029)), charge()], '2029-02-01'],
  [
    'one that was declined does not',
    [charge({ status: 'failed', ...card(1, 2029) }), charge()],
    '2027-03-01',
  ],
  [
    'nor one for something else',
    [charge({ payment_intent: 'pi_2', ...card(1, 2029) }), charge()],
    '2027-03-01',
  ],
  ['a debit has no such date', [charge({ payment_method_details: { type: 'sepa_debit' } })], null],
  ['nothing was charged', [], null],
])('%s', (_, charges, expected) => {
  const found = chargedCard(charges, ['pi_1']);
  expect(found === null ? null : new Date(found.expiresAt * 1000).toISOString().slice(0, 10)).toBe(expected);
});
