import { useTexts } from '../texts/texts';

export interface Bar {
  key: string;
  /** For the axis, and in full for the table. */
  label: string;
  fullLabel: string;
  value: number;
  text: string;
}

interface BarChartProps {
  caption: string;
  labelColumn: string;
  valueColumn: string;
  bars: Bar[];
}

/** Columns for the eye, and the same numbers as a table for everybody. */
export function BarChart({ caption, labelColumn, valueColumn, bars }: BarChartProps) {
  const { home } = useTexts();
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <figure className="chart">
      <figcaption>{caption}</figcaption>
      <div className="bars" aria-hidden>
        {bars.map(({ key, label, value, text }) => (
          <div key={key} className="bar" title={text}>
            <div className="bar-space">
              <div className="bar-fill" style={{ height: `${Math.max(0, (100 * value) / most)}%` }} />
            </div>
            <span>{label}</span>
          </div>
        ))}
      </div>
      <details>
        <summary>{home.asTable}</summary>
        <table>
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{labelColumn}</th>
              <th scope="col" className="number">
                {valueColumn}
              </th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ key, fullLabel, text }) => (
              <tr key={key}>
                <th scope="row">{fullLabel}</th>
                <td className="number">{text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
