import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { type DataOf, useAction, useList } from '../../api/resource';
import { useFormat } from '../../format/format';
import { usePageTexts, useTexts } from '../../texts/texts';
import { Dialog, Facts, useActionDialog } from '../../ui';
import { nameOf } from './names';
import { MORE } from './more-texts';

type Preview = DataOf<'post', '/v1/members/{id}/merge/preview'>;

/** Milliseconds after the last key before it is searched for. */
const TYPING = 250;
const MOVES = ['memberships', 'gifts', 'payments', 'checkouts', 'notes', 'stripeCustomers'] as const;

/** Makes one member of two: whom, what would move, and only then that it is done. */
export function MergeMember({ memberId }: { memberId: string }) {
  const texts = useTexts();
  const { merge: words } = usePageTexts(MORE);
  const merge = useAction('post', '/v1/members/{id}/merge');
  const { open, done, opened, dialog } = useActionDialog(merge, words.pending);
  const look = useAction('post', '/v1/members/{id}/merge/preview');
  const [typed, setTyped] = useState('');
  const [from, setFrom] = useState('');
  const [search] = useDebouncedValue(typed.trim(), TYPING);
  const list = useList(
    '/v1/members',
    { params: { query: { search } } },
    { enabled: opened && search !== '' },
  );
  const found = search === '' ? [] : (list.items ?? []).filter(({ id }) => id !== memberId);
  const params = { path: { id: memberId } };
  const { mutate: ask, reset } = look;
  useEffect(() => {
    if (from === '') reset();
    else ask({ params: { path: { id: memberId } }, body: { from } });
  }, [from, memberId, ask, reset]);
  if (!merge.isAllowed) return null;
  const preview = from === '' ? undefined : look.data;
  const confirm = () =>
    merge.mutate(
      { params, body: { from } },
      {
        onSuccess: () => {
          done({ text: words.done });
          setFrom('');
          setTyped('');
        },
      },
    );
  return (
    <>
      <Button variant="default" onClick={open}>
        {words.open}
      </Button>
      <Dialog
        {...dialog}
        problem={dialog.problem ?? look.error}
        danger
        title={words.title}
        confirm={words.confirm}
        onConfirm={confirm}
        ready={preview !== undefined}
      >
        <p className="soft">{words.lead}</p>
        <TextInput
          type="search"
          label={words.search}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setFrom('');
          }}
          data-autofocus
        />
        {search !== '' && list.items !== undefined && found.length === 0 && <p>{words.nobody}</p>}
        {found.length > 0 && (
          <NativeSelect
            label={words.who}
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
            data={[
              { value: '', label: '' },
              ...found.map((member) => ({ value: member.id, label: nameOf(member, texts) })),
            ]}
          />
        )}
        {preview !== undefined && <WhatMoves preview={preview} />}
      </Dialog>
    </>
  );
}

function WhatMoves({ preview: { moves, after, twice } }: { preview: Preview }) {
  const { merge: words } = usePageTexts(MORE);
  const format = useFormat();
  const texts = MOVES.filter((kind) => moves[kind] > 0).map((kind) =>
    words.count[kind](format.number(moves[kind])),
  );
  const names = [after.email, after.externalId, after.alsoKnownAs].filter((name) => name !== null);
  return (
    <div role="status">
      <Facts
        facts={[
          [words.moves, texts.length === 0 ? words.nothing : texts.join(' · ')],
          names.length > 0 && [words.after, names.join(' · ')],
        ]}
      />
      {twice.length > 0 && <p>{words.twice(twice.map(({ name }) => name).join(', '))}</p>}
    </div>
  );
}
