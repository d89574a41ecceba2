import { useState } from 'react';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import type { MonthFigures } from './types';
import { FIGURES } from './texts';

/** Recurring revenue at the end of each month; the table below has the same numbers for everybody. */
export function MonthChart({ months, currency }: { months: MonthFigures[]; currency: string }) {
  const words = usePageTexts(FIGURES);
  const format = useFormat();
  const [pointed, setPointed] = useState<string | null>(null);
  const most = Math.max(1, ...months.map(({ end }) => end));
  const chosen = months.find(({ month }) => month === pointed) ?? months.at(-1);
  const first = months[0];
  const last = months.at(-1);
  return (
    <figure className="chart">
      <figcaption>
        {words.chart(currency.toUpperCase())}
        {chosen !== undefined && (
          <>
            <br />
            <strong>
              {words.chosen(format.month(chosen.month, 'long'), format.money(chosen.end, currency))}
            </strong>
          </>
        )}
      </figcaption>
      <div className="month-chart" aria-hidden>
        <div className="month-axis">
          {[most, Math.round(most / 2), 0].map((value, place) => (
            <span key={place}>{format.money(value, currency)}</span>
          ))}
        </div>
        <div className="month-bars" onMouseLeave={() => setPointed(null)}>
          {months.map(({ month, end }) => (
            <div
              key={month}
              className="month-bar"
              title={words.chosen(format.month(month, 'long'), format.money(end, currency))}
              onMouseEnter={() => setPointed(month)}
              onClick={() => setPointed(month)}
            >
              <div style={{ height: `${(100 * Math.max(0, end)) / most}%` }} />
            </div>
          ))}
        </div>
        {first !== undefined && last !== undefined && (
          <div className="month-ends">
            <span>{format.month(first.month, 'long')}</span>
            <span>{format.month(last.month, 'long')}</span>
          </div>
        )}
      </div>
    </figure>
  );
}
