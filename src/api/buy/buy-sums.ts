import { chargesOf } from '../../domain/charges';
import { dayIn, type Language } from '../../domain/language';
import { formatMoney } from '../../domain/money';
import { rhythmInWords } from '../../domain/rhythm-words';
import { type Seconds, toDate } from '../../domain/time';
import type { Offer } from '../catalog/offered-price';
import { buyWordsIn } from './buy-texts';

/** What the buyer pays today and next, each with its name; none where the buyer chooses, or nothing is paid. */
export function sumsOf(
  offer: Offer,
  { quantity, now, language, taxed }: { quantity: number; now: Seconds; language: Language; taxed: boolean },
): { name: string; text: string }[] {
  const words = buyWordsIn(language).sums;
  const { today, next } = chargesOf(offer, quantity, now);
  if (offer.model === 'free' || today === null) return [];
  const money = (amount: number) => formatMoney(amount, offer.currency, language);
  const tax = taxed && today > 0 ? words.tax[(offer.taxBehavior ?? 'account') as keyof typeof words.tax] : '';
  const rhythm = rhythmInWords(language, { ...offer, installments: null });
  return [
    { name: words.today, text: `${money(today)}${tax}` },
    ...(next === null
      ? []
      : [
          {
            name: words.next,
            text: words.then(money(next.amount), rhythm, dayIn(language, toDate(next.at))),
          },
        ]),
  ];
}
