import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Receipt } from 'lucide-react';
import { Link } from 'react-router';
import { useList } from '../../api/resource';
import type { Payment } from '../../api/types';
import { useAddressFilters } from '../../app/filters';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { usePageTexts, useTexts } from '../../texts/texts';
import { ChoiceField, DownloadLink, FilteredRows, Filters, Page, PeriodFields, Section } from '../../ui';
import { nameOf } from '../members/names';
import { ProductFilter } from '../products/ProductFilter';
import { dayBegins } from './days';
import { PaymentTag } from './PaymentTag';
import { StatementSection } from './StatementSection';
import { SALES } from './texts';

/** Milliseconds after the last key before it is searched for. */
const TYPING = 250;
const STATES = [
  'succeeded',
  'pending',
  'failed',
  'canceled',
  'refunded',
  'partially_refunded',
  'disputed',
] as const;
const FILTERS = ['search', 'status', 'product', 'from', 'to'] as const;

/** What the address says to look for; its days are the viewer's, the last one to its end. */
function useFilters() {
  const filters = useAddressFilters(FILTERS);
  const { typed } = filters;
  const [search] = useDebouncedValue(typed('search').trim(), TYPING);
  const status = STATES.find((state) => state === typed('status'));
  const product = typed('product');
  const from = dayBegins(typed('from'), 0);
  const to = dayBegins(typed('to'), 1);
  return {
    ...filters,
    query: {
      ...(search === '' ? {} : { search }),
      ...(status === undefined ? {} : { status }),
      ...(product === '' ? {} : { product }),
      ...(from === null ? {} : { from }),
      ...(to === null ? {} : { to }),
    },
  };
}
export type SalesFilters = ReturnType<typeof useFilters>;

/** What was paid, is to be, or failed: the newest first. */
export function SalesPage() {
  const words = usePageTexts(SALES);
  const format = useFormat();
  const filters = useFilters();
  const list = useList('/v1/payments', { params: { query: filters.query } });
  return (
    <Page title={words.title} lead={words.lead}>
      <Section
        title={words.title}
        actions={
          <DownloadLink path="/v1/payments.csv" query={filters.query}>
            {words.csv}
          </DownloadLink>
        }
      >
        <FilterFields filters={filters} />
        <FilteredRows
          list={list}
          row={(payment) => <PaymentRow key={payment.id} payment={payment} />}
          filters={filters}
          none={{ title: words.emptyTitle, text: words.empty, icon: Receipt }}
          noMatch={{ title: words.noMatchTitle, text: words.noMatch, clear: words.clear }}
          results={(count) => words.results(format.number(count))}
        />
      </Section>
      <StatementSection />
    </Page>
  );
}

function FilterFields({ filters: { field, inUse } }: { filters: SalesFilters }) {
  const words = usePageTexts(SALES);
  const states = STATES.map((value) => ({ value, label: words.filters[value] }));
  return (
    <>
      <TextInput type="search" label={words.search} {...field('search')} />
      <Filters inUse={inUse('status', 'product', 'from', 'to')}>
        <ChoiceField label={words.status} all={words.all} field={field('status')} choices={states} />
        <ProductFilter label={words.product} all={words.all} field={field('product')} />
        <PeriodFields field={field} labels={words} />
      </Filters>
    </>
  );
}

function PaymentRow({ payment }: { payment: Payment }) {
  const texts = useTexts();
  const format = useFormat();
  const paths = usePaths();
  const { id, amount, currency, member, product, at } = payment;
  return (
    <li>
      <div className="grow">
        <Link to={paths.sale(id)} className="row-title">
          {format.money(amount, currency)}
        </Link>
        <p className="soft small">
          {product.name} · {nameOf(member, texts)}
        </p>
      </div>
      <PaymentTag payment={payment} />
      <span className="soft small">{format.dateTime(at)}</span>
    </li>
  );
}
