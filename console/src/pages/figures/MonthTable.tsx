import { Button } from '@mantine/core';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import type { CurrencyFigures } from './types';
import { KINDS } from './kinds';
import { FIGURES } from './texts';

interface MonthTableProps {
  figures: CurrencyFigures;
  onShow: (month: string) => void;
}

/** What moved it, the latest month first; a month leads to the members behind it. */
export function MonthTable({ figures: { currency, months, trials }, onShow }: MonthTableProps) {
  const words = usePageTexts(FIGURES);
  const format = useFormat();
  const trialOf = (month: string) => trials.find((trial) => trial.month === month);
  return (
    <div className="month-table" role="region" aria-label={words.table} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.month}</th>
            {KINDS.map((kind) => (
              <th key={kind} scope="col" className="number">
                {words.kinds[kind]}
              </th>
            ))}
            <th scope="col" className="number">
              {words.end}
            </th>
            <th scope="col" className="number">
              {words.members}
            </th>
            <th scope="col" className="number">
              {words.rate}
            </th>
            <th scope="col" className="number">
              {words.trials}
            </th>
          </tr>
        </thead>
        <tbody>
          {[...months].reverse().map((month) => {
            const name = format.month(month.month, 'long');
            const trial = trialOf(month.month);
            return (
              <tr key={month.month}>
                <th scope="row">
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    aria-label={words.show(name)}
                    onClick={() => onShow(month.month)}
                  >
                    {name}
                  </Button>
                </th>
                {KINDS.map((kind) => (
                  <td key={kind} className="number">
                    {month[kind] === 0 ? '–' : format.money(month[kind], currency)}
                  </td>
                ))}
                <td className="number">{format.money(month.end, currency)}</td>
                <td className="number">{format.number(month.members.end)}</td>
                <td className="number">{percent(month.churnRate, format.number)}</td>
                <td className="number">
                  {trial === undefined || trial.ended === 0
                    ? '–'
                    : words.of(format.number(trial.converted), format.number(trial.ended))}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** One decimal. */
export const percent = (rate: number | null, number: (value: number) => string): string =>
  rate === null ? '–' : `${number(Math.round(rate * 1000) / 10)} %`;
