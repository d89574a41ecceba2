import type { WholeMember } from '../../api/types';
import { useFormat } from '../../format/format';
import { priceInWords } from '../../format/pricing';
import { usePageTexts, useTexts } from '../../texts/texts';
import { MEMBER } from './member-texts';

const NO_MORE = {
  ...{ trialDays: null, setupFee: null, suggestedAmount: null, accessDays: null, accessStartsAt: null },
  ...{ seats: null, promotionCodes: false, maxQuantity: 1 },
};

/** What a member has and pays, in words. */
export function useHeld() {
  const texts = useTexts();
  const words = usePageTexts(MEMBER);
  const format = useFormat();
  return {
    price({ recurring, quantity, ...price }: WholeMember['prices'][number]): string {
      const terms = {
        ...NO_MORE,
        ...price,
        interval: (recurring?.interval ?? null) as 'day' | 'week' | 'month' | 'year' | null,
        intervalCount: recurring?.intervalCount ?? null,
      };
      const one = priceInWords(terms, texts, format);
      return quantity === 1 ? one : `${format.number(quantity)} × ${one}`;
    },
    charge({ amount, currency }: NonNullable<WholeMember['nextCharge']>): string {
      return amount === null ? words.byUse : format.money(amount, currency);
    },
    sums(sums: WholeMember['owed']): string[] {
      return sums.map(({ amount, currency }) => format.money(amount, currency));
    },
  };
}
