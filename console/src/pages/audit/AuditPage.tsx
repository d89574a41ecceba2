import { ScrollText } from 'lucide-react';
import { type DataOf, useList } from '../../api/resource';
import { useAddressFilters } from '../../app/filters';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import {
  ChoiceField,
  DownloadLink,
  FilteredRows,
  Filters,
  Page,
  PeriodFields,
  Section,
  Tag,
  type Tone,
} from '../../ui';
import { PEOPLE } from '../people/texts';
import { dayBegins } from '../sales/days';
import { OPERATION_WORDS } from './operations';
import { AUDIT } from './texts';

type Entry = DataOf<'get', '/v1/audit-log'>['data'][number];
const OUTCOMES = ['done', 'refused', 'failed'] as const;
const TONES: Record<(typeof OUTCOMES)[number], Tone> = { done: 'good', refused: 'warn', failed: 'bad' };
/** Fields of a change that are named; the file has all. */
const SHOWN = 4;
const FILTERS = ['outcome', 'from', 'to'] as const;

/** What the address says to look for; its days are the viewer's, the last one to its end. */
function useFilters() {
  const filters = useAddressFilters(FILTERS);
  const { typed } = filters;
  const outcome = OUTCOMES.find((one) => one === typed('outcome'));
  const from = dayBegins(typed('from'), 0);
  const until = dayBegins(typed('to'), 1);
  return {
    ...filters,
    query: {
      ...(outcome === undefined ? {} : { outcome }),
      ...(from === null ? {} : { from }),
      ...(until === null ? {} : { until }),
    },
  };
}

/** Who asked for what, and what came of it: the newest first. */
export function AuditPage() {
  const words = usePageTexts(AUDIT);
  const filters = useFilters();
  const list = useList('/v1/audit-log', { params: { query: filters.query } });
  const { field, inUse } = filters;
  return (
    <Page title={words.title} lead={words.lead}>
      <Section
        title={words.title}
        actions={
          <DownloadLink path="/v1/audit-log.csv" query={filters.query}>
            {words.csv}
          </DownloadLink>
        }
      >
        <Filters inUse={inUse(...FILTERS)}>
          <ChoiceField
            label={words.outcome}
            all={words.all}
            field={field('outcome')}
            choices={OUTCOMES.map((value) => ({ value, label: words.outcomes[value] }))}
          />
          <PeriodFields field={field} labels={words} />
        </Filters>
        <FilteredRows
          list={list}
          row={(entry) => <EntryRow key={entry.id} entry={entry} />}
          filters={filters}
          none={{ title: words.none, text: words.noneText, icon: ScrollText }}
          noMatch={{ title: words.noMatch, text: words.noMatchText, clear: words.clear }}
        />
      </Section>
    </Page>
  );
}

function EntryRow({ entry }: { entry: Entry }) {
  const words = usePageTexts(AUDIT);
  const { roles } = usePageTexts(PEOPLE);
  const operations = usePageTexts(OPERATION_WORDS);
  const format = useFormat();
  const { actor, role, operation, subjectId, fields, outcome, code, at, times, lastAt } = entry;
  const who = actor.email ?? (actor.key === null ? words.kinds[actor.kind] : words.byKey(actor.key));
  return (
    <li>
      <div className="grow">
        <p className="row-title">{operations[operation] ?? operation}</p>
        <p className="soft small">
          {who}
          {actor.email !== null && role !== null && ` · ${roles[role]}`} · {format.dateTime(at)}
          {lastAt !== null && ` · ${words.times(format.number(times), format.dateTime(lastAt))}`}
        </p>
        <p className="soft small">
          {subjectId !== null && <span className="mono">{subjectId}</span>}
          {subjectId !== null && fields.length > 0 && ' · '}
          {fields.length > 0 && words.fields(fields.slice(0, SHOWN).join(', '), fields.length - SHOWN)}
          {code !== null && <span className="mono"> {code}</span>}
        </p>
      </div>
      <Tag tone={outcome === null ? 'warn' : TONES[outcome]}>
        {outcome === null ? words.unknown : words.outcomes[outcome]}
      </Tag>
    </li>
  );
}
