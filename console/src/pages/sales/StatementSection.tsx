import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useRead } from '../../api/resource';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import { DownloadLink, Facts, Loaded, Section } from '../../ui';
import { SALES } from './texts';

/** So many months can be chosen. */
const MONTHS = 24;

/** The last months, the newest first: `2026-11`. */
function lastMonths(): string[] {
  const now = new Date();
  return Array.from({ length: MONTHS }, (_, back) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7),
  );
}

/** What came in and went back in a month, for the tax adviser. */
export function StatementSection() {
  const { statement: words } = usePageTexts(SALES);
  const format = useFormat();
  const [months] = useState(lastMonths);
  const [month, setMonth] = useState(months[0] ?? '');
  const query = useRead('/v1/payments/statement', { params: { query: { month } } }, { keepPrevious: true });
  return (
    <Section
      title={words.title}
      lead={words.lead}
      actions={
        <DownloadLink path="/v1/payments/statement.csv" query={{ month }}>
          {words.csv}
        </DownloadLink>
      }
    >
      <NativeSelect
        label={words.month}
        value={month}
        onChange={(event) => setMonth(event.currentTarget.value)}
        data={months.map((value) => ({ value, label: format.month(value, 'long') }))}
      />
      <Loaded query={query}>
        {({ currencies }) =>
          currencies.length === 0 ? (
            <p className="soft">{words.empty}</p>
          ) : (
            currencies.map(({ currency, gross, refunds, disputes, fees, net }) => {
              const money = (amount: number, count: number) =>
                `${format.money(amount, currency)} (${format.number(count)})`;
              return (
                <div key={currency}>
                  <h3>{format.currency(currency)}</h3>
                  <Facts
                    facts={[
                      [words.gross, money(gross.amount, gross.count)],
                      [words.refunds, money(refunds.amount, refunds.count)],
                      [words.disputes, money(disputes.amount, disputes.count)],
                      [
                        words.fees,
                        `${format.money(fees.amount, currency)}${fees.unknown === 0 ? '' : ` (${words.unknown(format.number(fees.unknown))})`}`,
                      ],
                      [words.net, format.money(net, currency)],
                    ]}
                  />
                </div>
              );
            })
          )
        }
      </Loaded>
    </Section>
  );
}
