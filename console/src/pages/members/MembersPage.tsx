import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { Users } from 'lucide-react';
import { useState } from 'react';
import { useList, useMay } from '../../api/resource';
import type { WholeMember } from '../../api/types';
import { useFormat } from '../../format/format';
import { usePageTexts, useTexts } from '../../texts/texts';
import { ChoiceField, DownloadLink, FilteredRows, Filters, Page, Section } from '../../ui';
import { ProductFilter } from '../products/ProductFilter';
import { AddMember } from './AddMember';
import { type MembersFilters, SORTS, useFilters, WHO } from './filters';
import { GiveMany, MOST } from './GiveMany';
import { MembersTable } from './MembersTable';
import { SavedViews } from './SavedViews';
import { TABLE } from './table-texts';

/** Everyone who bought or was given something: what they have, what they owe, and what comes. */
export function MembersPage() {
  const { members } = useTexts();
  const words = usePageTexts(TABLE);
  const format = useFormat();
  const filters = useFilters();
  const { query, sort } = filters;
  const may = {
    give: useMay('post', '/v1/grants/many'),
    write: useMay('get', '/v1/member-addresses.csv'),
  };
  const list = useList('/v1/members', {
    params: { query: { ...query, ...(sort === undefined ? {} : { sort }) } },
  });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const choose = (ids: readonly string[], isChosen: boolean) =>
    setChosen((present) => {
      const next = new Set(present);
      for (const id of ids)
        if (isChosen) next.add(id);
        else next.delete(id);
      return next;
    });
  return (
    <Page title={members.title} lead={members.lead} actions={<AddMember />}>
      <Section
        title={members.title}
        actions={
          <Group gap="xs">
            {may.write && (
              <DownloadLink path="/v1/member-addresses.csv" query={query}>
                {words.addresses}
              </DownloadLink>
            )}
            <DownloadLink path="/v1/members.csv" query={query}>
              {words.csv}
            </DownloadLink>
          </Group>
        }
      >
        <SavedViews filters={filters} />
        <FilterFields filters={filters} />
        <FilteredRows
          list={list}
          table={(rows) => (
            <>
              <Chosen members={rows.filter(({ id }) => chosen.has(id))} onNone={() => setChosen(new Set())} />
              <MembersTable members={rows} {...(may.give ? { choice: { chosen, choose } } : {})} />
            </>
          )}
          filters={filters}
          none={{ ...words.none, icon: Users }}
          noMatch={words.noMatch}
          results={(count) => words.results(count, format.number(count))}
        />
      </Section>
    </Page>
  );
}

/** What can be done with whom the list has chosen. */
function Chosen({ members, onNone }: { members: WholeMember[]; onNone: () => void }) {
  const words = usePageTexts(TABLE);
  const format = useFormat();
  if (members.length === 0) return null;
  return (
    <Group gap="xs" role="status">
      <span>{words.chosen(members.length, format.number(members.length))}</span>
      {members.length > MOST && <span className="soft">{words.tooMany(format.number(MOST))}</span>}
      <GiveMany members={members} onDone={onNone} />
      <Button variant="subtle" size="sm" onClick={onNone}>
        {words.chooseNone}
      </Button>
    </Group>
  );
}

function FilterFields({ filters: { field, inUse } }: { filters: MembersFilters }) {
  const words = usePageTexts(TABLE);
  const who = WHO.map((value) => ({ value, label: words.whos[value] }));
  return (
    <>
      <TextInput type="search" label={words.search} {...field('search')} />
      <Filters inUse={inUse('product', 'who', 'sort')}>
        <ProductFilter label={words.product} all={words.all} field={field('product')} />
        <ChoiceField label={words.who} all={words.all} field={field('who')} choices={who} />
        <NativeSelect
          label={words.sort}
          {...field('sort')}
          data={SORTS.map((value) => ({ value: value === 'newest' ? '' : value, label: words.sorts[value] }))}
        />
      </Filters>
    </>
  );
}
