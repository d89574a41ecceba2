import { NativeSelect } from '@mantine/core';
import { ChartColumn } from 'lucide-react';
import { useState } from 'react';
import { useList, useRead } from '../../api/resource';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import { DownloadLink, Empty, FigureList, Loaded, Page, Section } from '../../ui';
import { PriceName } from '../members/PriceName';
import './figures.css';
import { MembersBehind } from './MembersBehind';
import { MonthChart } from './MonthChart';
import { MonthTable, percent } from './MonthTable';
import { FIGURES } from './texts';
import type { CurrencyFigures, MonthFigures } from './types';

const RANGES = ['90d', '6m', '1y', '2y', '3y'] as const;

/** Recurring revenue and what moved it. */
export function FiguresPage() {
  const words = usePageTexts(FIGURES);
  const [range, setRange] = useState<(typeof RANGES)[number]>('1y');
  const [product, setProduct] = useState('');
  const [month, setMonth] = useState<string | null>(null);
  const products = useList('/v1/products', { params: { query: { limit: 100 } } });
  const only = product === '' ? {} : { product };
  const asked = { range, ...only };
  const query = useRead('/v1/figures', { params: { query: asked } }, { keepPrevious: true });
  return (
    <Page title={words.title} lead={words.lead}>
      <Section
        title={words.recurring}
        actions={
          <DownloadLink path="/v1/figures.csv" query={asked}>
            {words.csv}
          </DownloadLink>
        }
      >
        <div className="fields">
          <NativeSelect
            label={words.range}
            value={range}
            onChange={(event) => {
              const value = event.currentTarget.value;
              setRange(RANGES.find((one) => one === value) ?? '1y');
            }}
            data={RANGES.map((value) => ({ value, label: words.ranges[value] }))}
          />
          <NativeSelect
            label={words.product}
            value={product}
            onChange={(event) => setProduct(event.currentTarget.value)}
            data={[
              { value: '', label: words.all },
              ...(products.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
        </div>
        <Loaded query={query} shape="chart">
          {({ currencies, estimated }) => {
            const shown = currencies.filter(({ months, trials }) => hasAnything(months, trials));
            return shown.length === 0 ? (
              <Empty title={words.emptyTitle} icon={ChartColumn} text={words.empty} />
            ) : (
              <>
                {estimated && <p className="soft small">{words.estimated}</p>}
                {shown.map((figures) => (
                  <OfCurrency key={figures.currency} figures={figures} onShow={setMonth} />
                ))}
              </>
            );
          }}
        </Loaded>
      </Section>
      {month !== null && <MembersBehind key={month} month={month} only={only} />}
    </Page>
  );
}

const hasAnything = (months: MonthFigures[], trials: CurrencyFigures['trials']) =>
  months.some(({ start, end, members }) => start !== 0 || end !== 0 || members.new > 0) ||
  trials.some(({ ended }) => ended > 0);

/** One currency: amounts of two are never added. */
function OfCurrency({ figures, onShow }: { figures: CurrencyFigures; onShow: (month: string) => void }) {
  const words = usePageTexts(FIGURES);
  const format = useFormat();
  const { currency, months, trials, prices } = figures;
  const now = months.at(-1);
  const money = (amount: number | null | undefined) =>
    amount == null ? words.unknown : format.money(amount, currency);
  const ended = trials.reduce((sum, trial) => sum + trial.ended, 0);
  const converted = trials.reduce((sum, trial) => sum + trial.converted, 0);
  const shown: [string, string][] = [
    [words.now, money(now?.end)],
    [words.members, format.number(now?.members.end ?? 0)],
    [words.average, money(now?.averagePerMember)],
    [words.churn, percent(now?.churnRate ?? null, format.number)],
    [words.lifetime, money(now?.lifetimeValue)],
    [words.converted, ended === 0 ? '–' : words.of(format.number(converted), format.number(ended))],
  ];
  return (
    <>
      <h3>{format.currency(currency)}</h3>
      <FigureList figures={shown} />
      <MonthChart months={months} currency={currency} />
      <h4>{words.table}</h4>
      <MonthTable figures={figures} onShow={onShow} />
      {prices.length > 0 && (
        <>
          <h4>{words.prices}</h4>
          <ul className="rows">
            {prices.map(({ priceId, amount, members }) => (
              <li key={priceId}>
                <div className="grow">
                  <PriceName id={priceId} />
                  <p className="soft small">
                    {words.members}: {format.number(members)}
                  </p>
                </div>
                <span>{money(amount)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
