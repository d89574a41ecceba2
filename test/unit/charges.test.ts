import { chargesOf } from '../../src/domain/charges';
import { DAY, toSeconds } from '../../src/domain/time';

const at = (iso: string) => toSeconds(new Date(iso));
const NOW = at('2026-01-31T10:00:00Z');
const ONCE = {
  model: 'one_off' as const,
  unitAmount: 4900,
  trialDays: null,
  setupFee: null,
  installments: null,
  interval: null,
  intervalCount: null,
};
const MONTHLY = { ...ONCE, model: 'recurring' as const, interval: 'month', intervalCount: 1 };

test.each([
  ['once', ONCE, 1, 4900, null],
  ['three of them', ONCE, 3, 14_700, null],
  ['every month, on the last day of a shorter one', MONTHLY, 1, 4900, at('2026-02-28T10:00:00Z')],
  ['every other week', { ...MONTHLY, interval: 'week', intervalCount: 2 }, 1, 4900, NOW + 14 * DAY],
  ['every year, two of them', { ...MONTHLY, interval: 'year' }, 2, 9800, at('2027-01-31T10:00:00Z')],
  ['with a fee', { ...MONTHLY, setupFee: 1000 }, 2, 10_800, at('2026-02-28T10:00:00Z')],
  ['after a trial', { ...MONTHLY, trialDays: 14 }, 1, 0, NOW + 14 * DAY],
  ['after a trial, with a fee', { ...MONTHLY, trialDays: 14, setupFee: 1000 }, 3, 1000, NOW + 14 * DAY],
  ['free', { ...ONCE, model: 'free' as const, unitAmount: 0 }, 1, 0, null],
])('%s', (_what, terms, quantity, today, next) => {
  const charges = chargesOf(terms, quantity, NOW);
  expect(charges.today).toBe(today);
  expect(charges.next).toEqual(next === null ? null : { amount: terms.unitAmount * quantity, at: next });
});

test('what the buyer chooses is not known', () => {
  expect(chargesOf({ ...ONCE, model: 'pay_what_you_want', unitAmount: 0 }, 1, NOW)).toEqual({
    today: null,
    next: null,
  });
});
