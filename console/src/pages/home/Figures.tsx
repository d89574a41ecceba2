import type { Overview } from '../../api/types';
import { useFormat } from '../../format/format';
import { useTexts } from '../../texts/texts';
import { FigureList } from '../../ui';

/** The few numbers that say how it goes. */
export function Figures({ overview }: { overview: Overview }) {
  const { home } = useTexts();
  const format = useFormat();
  const { attention } = overview;
  const sold = overview.products.reduce((sum, { purchases }) => sum + purchases, 0);
  const earned = overview.revenue.map(({ currency, months }) =>
    format.money(months.at(-1)?.net ?? 0, currency),
  );
  const open =
    attention.prices.total +
    attention.payments.total +
    attention.duplicates.total +
    attention.disputes.total +
    attention.checkouts.total +
    attention.failed.total +
    attention.trials.total;
  const figures: [string, string][] = [
    [home.activeMembers, format.number(overview.activeMembers)],
    [home.sold, format.number(sold)],
    [home.thisMonth, earned.length === 0 ? '–' : earned.join(' · ')],
    [home.openEnds, format.number(open)],
  ];
  return <FigureList figures={figures} />;
}
