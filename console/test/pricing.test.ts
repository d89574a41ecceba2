import { nextPayment } from '@domain/charges';
import { REASONS } from '@domain/membership-reasons';
import type { PricingTerms } from '@domain/pricing';
import { createFormat } from '../src/format/create-format';
import { optionsInWords, previewOf, priceInWords } from '../src/format/pricing';
import { de } from '../src/texts/de';
import { en } from '../src/texts/en';
import { effectInWords } from '../src/pages/members/effect';

const format = createFormat('en-GB');
const NOW = new Date('2026-11-23T10:00:00Z');

const terms = (change: Partial<PricingTerms>): PricingTerms => ({
  ...{ model: 'one_off', currency: 'eur', unitAmount: 4900, interval: null, intervalCount: null },
  ...{ trialDays: null, setupFee: null, installments: null, minAmount: null, maxAmount: null },
  ...{
    suggestedAmount: null,
    accessDays: null,
    accessStartsAt: null,
    seats: null,
    promotionCodes: false,
    maxQuantity: 1,
  },
  ...change,
});
const monthly = { model: 'recurring', interval: 'month', intervalCount: 1 } as const;

describe('a price in words', () => {
  it.each<[Partial<PricingTerms>, string]>([
    [{}, '€49.00 once'],
    [monthly, '€49.00 every month'],
    [{ ...monthly, interval: 'week', intervalCount: 2 }, '€49.00 every 2 weeks'],
    [{ ...monthly, model: 'installments', installments: 6 }, '6 payments of €49.00, every month'],
    [{ model: 'pay_what_you_want', minAmount: 500 }, 'from €5.00, the member chooses'],
    [{ model: 'free', unitAmount: 0 }, 'Free'],
  ])('%j: %s', (change, words) => {
    expect(priceInWords(terms(change), en, format)).toBe(words);
  });

  it('is said in German as well', () => {
    const words = priceInWords(terms(monthly), de, createFormat('de-DE'));
    expect(words.replaceAll('\u00a0', ' ')).toBe('49,00 € jeden Monat');
  });

  it('has its options', () => {
    const options = optionsInWords(
      terms({ ...monthly, trialDays: 1, seats: 20, promotionCodes: true }),
      en,
      format,
    );
    expect(options).toEqual(['1 day of free trial', '20 seats', 'promotion codes']);
    const dated = terms({ accessStartsAt: new Date('2027-04-01T06:00:00Z'), accessDays: 84 });
    expect(optionsInWords(dated, en, format)).toEqual(['access from 1 Apr 2027', '84 days of access']);
  });
});

describe('what a member pays', () => {
  const lines = (change: Partial<PricingTerms>) =>
    previewOf(terms(change), NOW, en, format).lines.map(({ label, text }) => `${label}: ${text}`);

  it('begins after the trial, but for the setup fee', () => {
    expect(lines({ ...monthly, trialDays: 7, setupFee: 1000 })).toEqual([
      'Today: €10.00, including a setup fee of €10.00',
      'Then: €49.00 every month, first on 30 Nov 2026',
      'Access: as long as it is paid',
    ]);
  });

  it.each<[Partial<PricingTerms>, string]>([
    [{}, 'from 1 Apr 2027, for ever'],
    [{ accessDays: 84 }, 'from 1 Apr 2027, until 24 Jun 2027'],
    [{ ...monthly, model: 'installments', installments: 3 }, 'from 1 Apr 2027, while paying, then for ever'],
  ])('gives access from its date on: %#', (change, words) => {
    const accessStartsAt = new Date('2027-04-01T06:00:00Z');
    expect(lines({ ...change, accessStartsAt }).at(-1)).toBe(`Access: ${words}`);
    expect(lines({ ...change, accessStartsAt: NOW }).at(-1)).not.toContain('from');
  });

  it('adds installments up', () => {
    expect(lines({ ...monthly, model: 'installments', installments: 3, accessDays: 84 })).toEqual([
      'Today: €49.00',
      'Then: 2 more payments of €49.00, every month; €147.00 in total',
      'Access: while paying, until 15 Feb 2027',
    ]);
  });

  it.each([
    ['2026-01-31T10:00:00Z', 'month', 1, '2026-02-28'],
    ['2024-02-29T10:00:00Z', 'year', 1, '2025-02-28'],
    ['2026-11-23T10:00:00Z', 'week', 2, '2026-12-07'],
  ] as const)('%s and %s × %i: the next payment is on %s', (from, interval, intervalCount, day) => {
    expect(nextPayment(new Date(from), { interval, intervalCount }).toISOString().slice(0, 10)).toBe(day);
  });
});

describe('why a member has access', () => {
  it.each([
    ['English', en],
    ['German', de],
  ])('every reason of the rules has words in %s', (_, { members }) => {
    expect(Object.keys(members.reasons)).toEqual(expect.arrayContaining(Object.keys(REASONS)));
  });
});

describe('what a change did to access', () => {
  it.each([
    ['Access ended.', 'Der Zugang endete.'],
    ['Access will not begin.', 'Der Zugang wird nicht beginnen.'],
    ['Access goes on, without an end.', 'Zugang geht weiter, ohne Ende.'],
  ])('%s: %s', (effect, words) => {
    expect(effectInWords(effect, de, createFormat('de-DE'))).toBe(words);
  });

  it('shows times in the zone of the viewer, and sentences that it does not know as they are', () => {
    const iso = '2026-12-26T06:00:00.000Z';
    expect(effectInWords(`Access given, until ${iso}.`, en, format)).toBe(
      `Access given, until ${format.dateTime(iso)}.`,
    );
    for (const sentence of [`Access begins ${iso}.`, `Access begins ${iso}, as before.`])
      expect(effectInWords(sentence, en, format)).toBe(`Access begins ${format.dateTime(iso)}.`);
    expect(effectInWords('Something new.', en, format)).toBe('Something new.');
  });
});
