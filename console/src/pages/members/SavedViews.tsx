import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { type DataOf, useAction, useList } from '../../api/resource';
import { usePaths } from '../../app/mode';
import { usePageTexts } from '../../texts/texts';
import { Dialog, useActionDialog, useNotify } from '../../ui';
import type { MembersFilters } from './filters';
import { TABLE } from './table-texts';

type View = DataOf<'get', '/v1/member-views'>['data'][number];

/** The address of a view is that of its filters. */
const addressOf = ({ who, product, sort }: View): string => {
  const asked = {
    ...(who === null ? {} : { who }),
    ...(product === null ? {} : { product }),
    ...(sort === 'newest' ? {} : { sort }),
  };
  return new URLSearchParams(asked).toString();
};

/** Filters that are kept under a name, for everybody who works here; and the present ones to be kept. */
export function SavedViews({ filters }: { filters: MembersFilters }) {
  const { views: words } = usePageTexts(TABLE);
  const paths = usePaths();
  const list = useList('/v1/member-views', { params: { query: { limit: 100 } } });
  const { query, sort } = filters;
  const isThis = (view: View) =>
    (query.search ?? '') === '' &&
    (query.who ?? null) === view.who &&
    (query.product ?? null) === view.product &&
    (sort ?? 'newest') === view.sort;
  const views = list.items ?? [];
  const shown = views.find(isThis);
  const canBeKept = query.who !== undefined || query.product !== undefined || sort !== undefined;
  if (views.length === 0 && !canBeKept) return null;
  return (
    <Group gap="xs" role="group" aria-label={words.title}>
      {views.map((view) => (
        <Button
          key={view.id}
          component={Link}
          to={`${paths.members}?${addressOf(view)}`}
          variant={view === shown ? 'light' : 'default'}
          size="sm"
          {...(view === shown ? { 'aria-current': 'true' as const } : {})}
        >
          {view.name}
        </Button>
      ))}
      {shown !== undefined ? <RemoveView view={shown} /> : canBeKept && <KeepView filters={filters} />}
    </Group>
  );
}

function KeepView({ filters: { query, sort } }: { filters: MembersFilters }) {
  const { views: words } = usePageTexts(TABLE);
  const keep = useAction('post', '/v1/member-views');
  const { open, done, dialog } = useActionDialog(keep, words.keeping, ['name']);
  const [name, setName] = useState('');
  if (!keep.isAllowed) return null;
  const confirm = () =>
    keep.mutate(
      {
        body: {
          name: name.trim(),
          who: query.who ?? null,
          product: query.product ?? null,
          sort: sort ?? 'newest',
        },
      },
      {
        onSuccess: () => {
          done({ text: words.kept });
          setName('');
        },
      },
    );
  return (
    <>
      <Button variant="subtle" size="sm" onClick={open}>
        {words.keep}
      </Button>
      <Dialog
        {...dialog}
        title={words.keepTitle}
        confirm={words.confirm}
        onConfirm={confirm}
        ready={name.trim() !== ''}
      >
        <p className="soft">{words.keepLead}</p>
        <TextInput
          label={words.name}
          maxLength={60}
          value={name}
          error={keep.error?.field === 'name' ? keep.error.message : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
      </Dialog>
    </>
  );
}

function RemoveView({ view }: { view: View }) {
  const { views: words } = usePageTexts(TABLE);
  const notify = useNotify();
  const remove = useAction('post', '/v1/member-views/{id}/remove');
  if (!remove.isAllowed) return null;
  return (
    <Button
      variant="subtle"
      size="sm"
      loading={remove.isPending}
      onClick={() =>
        remove.mutate(
          { params: { path: { id: view.id } }, body: {} },
          { onSuccess: () => notify({ text: words.removed }) },
        )
      }
    >
      {words.remove(view.name)}
    </Button>
  );
}
