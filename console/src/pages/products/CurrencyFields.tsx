import { Button, NativeSelect, TextInput } from '@mantine/core';
import { MOST_CURRENCIES } from '@domain/currency-options';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import { CURRENCIES } from './currencies';
import { type PriceDraft, takesCurrencies } from './price-draft';
import { exampleOf } from './price-faults';
import { PRICE_FORM } from './price-form-texts';

type Options = PriceDraft['currencyOptions'];

/** What a price costs in other currencies. */
export function CurrencyFields({
  draft,
  onChange,
  errorOf,
}: {
  draft: PriceDraft;
  onChange: (options: Options) => void;
  /** What is wrong with an amount, in words; undefined: nothing to say. */
  errorOf: (index: number) => string | undefined;
}) {
  const { currencies: words, amountHint } = usePageTexts(PRICE_FORM);
  const format = useFormat();
  const { currency: own, currencyOptions: options, model } = draft;
  if (model !== 'one_off' && model !== 'recurring') return null;
  const taken = [own, ...options.map(({ currency }) => currency)];
  const free = CURRENCIES.filter((code) => !taken.includes(code));
  const [next] = free;
  const change = (index: number, part: Partial<Options[number]>) =>
    onChange(options.map((each, at) => (at === index ? { ...each, ...part } : each)));
  return (
    <fieldset className="plain-fieldset">
      <legend>{words.label}</legend>
      <p className="soft small">{takesCurrencies(draft) ? words.hint : words.notWithFee}</p>
      {takesCurrencies(draft) && (
        <div className="stack">
          {options.map(({ currency, unitAmount }, index) => (
            <div key={currency}>
              <div className="fields">
                <NativeSelect
                  label={words.currency}
                  value={currency}
                  onChange={(event) => change(index, { currency: event.currentTarget.value })}
                  data={CURRENCIES.filter((code) => code === currency || free.includes(code)).map((code) => ({
                    value: code,
                    label: format.currency(code),
                  }))}
                />
                <TextInput
                  label={words.amount(currency.toUpperCase())}
                  description={amountHint(exampleOf(currency, format))}
                  inputMode="decimal"
                  autoComplete="off"
                  required
                  withAsterisk={false}
                  value={unitAmount}
                  error={errorOf(index)}
                  onChange={(event) => change(index, { unitAmount: event.currentTarget.value })}
                />
              </div>
              <Button variant="subtle" onClick={() => onChange(options.filter((_each, at) => at !== index))}>
                {words.remove(currency.toUpperCase())}
              </Button>
            </div>
          ))}
          {next !== undefined && options.length < MOST_CURRENCIES && (
            <div>
              <Button
                variant="default"
                onClick={() => onChange([...options, { currency: next, unitAmount: '' }])}
              >
                {words.add}
              </Button>
            </div>
          )}
        </div>
      )}
    </fieldset>
  );
}
