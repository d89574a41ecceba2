import type { Overview } from '../../api/types';
import { useFormat } from '../../format/format';
import { useTexts } from '../../texts/texts';
import { BarChart, Empty, Section } from '../../ui';

/** The last twelve months, one chart for each currency: amounts of two are never added. */
export function Revenue({ revenue }: { revenue: Overview['revenue'] }) {
  const { home } = useTexts();
  const format = useFormat();
  return (
    <Section title={home.revenue} lead={home.revenueNote}>
      {revenue.length === 0 && <Empty text={home.noRevenue} />}
      {revenue.map(({ currency, months }) => (
        <BarChart
          key={currency}
          caption={home.revenueIn(currency.toUpperCase())}
          labelColumn={home.month}
          valueColumn={home.amount}
          bars={months.map(({ month, net }) => ({
            key: month,
            label: format.month(month, 'short'),
            fullLabel: format.month(month, 'long'),
            value: net,
            text: format.money(net, currency),
          }))}
        />
      ))}
    </Section>
  );
}
