import { createFormat } from '../src/format/create-format';
import { newDraft, type PriceDraft, understand } from '../src/pages/products/price-draft';
import { exampleOf, faultInWords, labelOf } from '../src/pages/products/price-faults';
import { PRICE_FORM } from '../src/pages/products/price-form-texts';
import { MOVE } from '../src/pages/products/move-texts';
import { previewOf } from '../src/format/pricing';
import { de } from '../src/texts/de';
import { en } from '../src/texts/en';

const ENGLISH = createFormat('en-GB');
const GERMAN = createFormat('de-DE');
const plain = (text: string | undefined) => text?.replaceAll(/[\u00a0\u202f]/g, ' ');

/** What the form says about the first field that is not right. */
function said(change: Partial<PriceDraft>, language: 'en' | 'de' = 'en') {
  const draft = { ...newDraft('eur'), ...change };
  const { wrong, faults } = understand(draft);
  const [field] = wrong;
  const fault = field === undefined ? undefined : faults[field];
  if (field === undefined || fault === undefined) return undefined;
  const format = language === 'en' ? ENGLISH : GERMAN;
  return plain(faultInWords(field, fault, draft.currency, PRICE_FORM[language], format));
}

describe('what the form of a price says', () => {
  it.each<[Partial<PriceDraft>, string]>([
    [{ unitAmount: '1.234,56' }, 'Leave out the separator of the thousands: 1234.56'],
    [{ unitAmount: '49.999' }, 'Enter 2 decimals at most, and no separator of the thousands, such as 49.00.'],
    [{ unitAmount: '€ 20' }, 'Enter the number alone: 20. The currency is chosen beside it.'],
    [{ unitAmount: '99999999' }, 'One payment can be €999,999.99 at most.'],
    [{ unitAmount: '99999999', currency: 'kwd' }, 'One payment can be KWD 99,999.990 at most.'],
    [{ unitAmount: '99999999', currency: 'isk' }, 'One payment can be ISK 999,999.00 at most.'],
    [
      { unitAmount: '4.9005', currency: 'kwd' },
      'Enter 3 decimals at most, and no separator of the thousands, such as 49.000.',
    ],
    [{ unitAmount: '4.905', currency: 'kwd' }, 'Stripe takes multiples of KWD 0.010 in this currency.'],
    [
      { unitAmount: '4900.50', currency: 'jpy' },
      'This currency has no decimals. Enter a whole number without a separator, such as 4900.',
    ],
    [{ unitAmount: '0,10' }, 'Stripe charges at least €0.50 in this currency.'],
    [{ unitAmount: 'forty' }, 'Enter a number, such as 49.00.'],
    [{ unitAmount: '' }, 'Enter an amount greater than zero.'],
    [
      { model: 'recurring', unitAmount: '49', setupFee: '1,0,0' },
      'Leave out the separator of the thousands: 100',
    ],
    [
      { model: 'recurring', unitAmount: '49', trialDays: '800' },
      'Enter a whole number of days from 1 to 730, or leave it empty.',
    ],
  ])('%j: %s', (change, words) => {
    expect(said(change)).toBe(words);
  });

  it('says it in German with German decimals', () => {
    expect(said({ unitAmount: '1.234,56' }, 'de')).toBe(
      'Lassen Sie die Trennzeichen der Tausender weg: 1234,56',
    );
    expect(said({ unitAmount: '99999999' }, 'de')).toBe('Eine Zahlung kann höchstens 999.999,99 € betragen.');
  });

  it('shows an amount of the currency as an example', () => {
    expect(['eur', 'jpy', 'kwd', 'isk'].map((currency) => exampleOf(currency, ENGLISH))).toEqual([
      '49.00',
      '4900',
      '49.000',
      '49.00',
    ]);
  });

  it('asks for the field that is missing, whichever it is', () => {
    const { trialDays, installments } = en.price;
    expect(labelOf('trialDays', { model: 'recurring' }, en, PRICE_FORM.en)).toBe(trialDays);
    expect(labelOf('installments', { model: 'installments' }, en, PRICE_FORM.en)).toBe(installments);
    expect(labelOf('unitAmount', { model: 'installments' }, en, PRICE_FORM.en)).toBe(
      'Amount of each payment',
    );
    expect(labelOf('unitAmount', { model: 'one_off' }, de, PRICE_FORM.de)).toBe('Betrag');
  });

  it.each([
    [en, ENGLISH, '1 seat', '2 seats'],
    [de, GERMAN, '1 Platz', '2 Plätze'],
  ])('counts one seat as one', (texts, format, one, two) => {
    const notes = (seats: string) =>
      previewOf(understand({ ...newDraft('eur'), unitAmount: '49', seats }).terms, new Date(0), texts, format)
        .notes;
    expect([notes('1'), notes('2')]).toEqual([[one], [two]]);
    expect(texts.price.sell.seatsLeft('1', '1')).not.toMatch(/seats|Plätze/);
    for (const { progress } of Object.values(MOVE))
      expect(progress('1', '1')).not.toMatch(/members|Mitgliedern/);
  });
});
