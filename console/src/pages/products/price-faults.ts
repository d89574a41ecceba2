import { leastCharge } from '@domain/least-charge';
import { decimalsOf, stepOf } from '@domain/money';
import { mostOf } from '@domain/pricing';
import type { Format } from '../../format/create-format';
import type { Texts } from '../../texts/en';
import type { DraftFault, DraftField, PriceDraft } from './price-draft';
import type { PriceFormTexts } from './price-form-texts';

/** An amount as it is typed in a currency: `49.00`, `4900` of a yen, `49.000` of a dinar. */
export function exampleOf(currency: string, format: Format): string {
  const decimals = decimalsOf(currency);
  return format.typedMoney(decimals === 0 ? 4900 : 49 * 10 ** decimals, currency);
}

/** What is wrong with a field and how to mend it, in a sentence. */
export function faultInWords(
  field: DraftField,
  { why, meant }: DraftFault,
  currency: string,
  { amounts, problems, step }: PriceFormTexts,
  format: Format,
): string {
  const example = exampleOf(currency, format);
  const money = (amount: number) => format.money(amount, currency);
  switch (why) {
    case 'grouped':
    case 'more_than_a_number':
      return meant === null ? amounts.no_number(example) : amounts[why](format.decimal(meant));
    case 'too_many_decimals':
      return amounts.too_many_decimals(decimalsOf(currency), example);
    case 'no_number':
      return amounts.no_number(example);
    case 'too_much':
      return amounts.too_much(money(mostOf(currency)));
    case 'too_small':
      return amounts.too_small(money(leastCharge(currency) ?? 0));
    case 'not_a_multiple':
      return step(money(stepOf(currency)));
    case 'not_right':
      return problems[field];
  }
}

/** What the form calls a field. */
export function labelOf(
  field: DraftField,
  { model }: Pick<PriceDraft, 'model'>,
  { price }: Texts,
  { begins }: PriceFormTexts,
): string {
  if (field === 'unitAmount') return model === 'installments' ? price.amountEach : price.amount;
  if (field === 'model') return price.how;
  if (field === 'accessStartsAt') return begins.label;
  return price[field];
}
