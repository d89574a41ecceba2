import { newDraft, priceBody, type PriceDraft, understand } from '../src/pages/products/price-draft';

const draft = (change: Partial<PriceDraft>): PriceDraft => ({ ...newDraft('eur'), ...change });

describe('the form of a price', () => {
  it('says everything about a recurring price, so that a replacement takes nothing over', () => {
    const typed = draft({
      ...{ model: 'recurring', unitAmount: '49', trialDays: '7', setupFee: '10,50', installments: '6' },
      ...{ nickname: ' spring ', taxBehavior: 'inclusive', alsoGives: ['pdt_1'] },
    });
    const understood = understand(typed);
    expect(understood.wrong).toEqual([]);
    expect(priceBody(understood, typed)).toEqual({
      model: 'recurring',
      currency: 'eur',
      unitAmount: 4900,
      recurring: { interval: 'month', intervalCount: 1 },
      trialDays: 7,
      setupFee: 1050,
      installments: null,
      minAmount: null,
      maxAmount: null,
      suggestedAmount: null,
      accessDays: null,
      accessStartsAt: null,
      seats: null,
      promotionCodes: false,
      maxQuantity: 1,
      nickname: 'spring',
      taxBehavior: 'inclusive',
      alsoGives: ['pdt_1'],
      currencyOptions: [],
    });
  });

  it('leaves the amount out where the member chooses it, and what does not go with the model', () => {
    const understood = understand(
      draft({
        model: 'pay_what_you_want',
        unitAmount: '49',
        minAmount: '5',
        trialDays: '7',
        maxQuantity: '3',
      }),
    );
    expect(understood.wrong).toEqual([]);
    const body = priceBody(understood, newDraft('eur'));
    expect(body).toMatchObject({ minAmount: 500, trialDays: null, recurring: null, maxQuantity: 1 });
    expect(body).not.toHaveProperty('unitAmount');
  });

  it('begins on a date where that goes with the model, and with the purchase where not', () => {
    const date = { accessStartsAt: '2027-03-31T22:00:00.000Z' };
    const once = draft({ unitAmount: '49', ...date });
    expect(priceBody(understand(once), once)).toMatchObject(date);
    const each = draft({ model: 'recurring', unitAmount: '49', ...date });
    expect(understand(each).wrong).toEqual([]);
    expect(priceBody(understand(each), each)).toMatchObject({ accessStartsAt: null });
  });

  it('gives nothing else, and has no tax, where it is free', () => {
    const typed = draft({ model: 'free', taxBehavior: 'exclusive', alsoGives: ['pdt_1'] });
    expect(priceBody(understand(typed), typed)).toMatchObject({ taxBehavior: null, alsoGives: [] });
  });

  it('has amounts in other currencies, each by the rules of its own', () => {
    const typed = draft({
      unitAmount: '49',
      currencyOptions: [
        { currency: 'usd', unitAmount: '55.50' },
        { currency: 'jpy', unitAmount: '8000' },
      ],
    });
    const understood = understand(typed);
    expect(understood.optionFaults).toEqual({});
    expect(priceBody(understood, typed).currencyOptions).toEqual([
      { currency: 'usd', unitAmount: 5550 },
      { currency: 'jpy', unitAmount: 8000 },
    ]);
    const wrong = understand({
      ...typed,
      currencyOptions: [
        { currency: 'usd', unitAmount: '0.20' },
        { currency: 'jpy', unitAmount: '80.5' },
        { currency: 'gbp', unitAmount: '' },
      ],
    });
    expect(Object.values(wrong.optionFaults).map(({ why }) => why)).toEqual([
      'too_small',
      'too_many_decimals',
      'no_number',
    ]);
  });

  it('has one currency with a setup fee, in installments, where the member chooses and where it is free', () => {
    const currencyOptions = [{ currency: 'usd', unitAmount: '55' }];
    const cases: Partial<PriceDraft>[] = [
      { model: 'recurring', setupFee: '10' },
      { model: 'installments' },
      { model: 'pay_what_you_want', minAmount: '5' },
      { model: 'free' },
    ];
    for (const each of cases)
      expect(understand(draft({ unitAmount: '49', currencyOptions, ...each })).options).toEqual([]);
  });

  it('is content with a free price that has nothing typed', () => {
    expect(understand(draft({ model: 'free' })).wrong).toEqual([]);
  });

  it.each<[string, Partial<PriceDraft>, string]>([
    ['nothing typed', {}, 'unitAmount'],
    ['no amount', { unitAmount: 'forty' }, 'unitAmount'],
    ['half a day of trial', { model: 'recurring', unitAmount: '49', trialDays: '1.5' }, 'trialDays'],
    ['one installment', { model: 'installments', unitAmount: '99', installments: '1' }, 'installments'],
    ['the most below the least', { model: 'pay_what_you_want', minAmount: '9', maxAmount: '5' }, 'maxAmount'],
    [
      'five years',
      { model: 'recurring', unitAmount: '49', interval: 'year', intervalCount: '5' },
      'intervalCount',
    ],
    ['cents of a yen', { currency: 'jpy', unitAmount: '4900.50' }, 'unitAmount'],
  ])('%s: the field is named', (_, change, field) => {
    expect(understand(draft(change)).wrong).toEqual([field]);
  });
});
