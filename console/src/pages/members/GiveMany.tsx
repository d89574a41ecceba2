import { Button } from '@mantine/core';
import { useState } from 'react';
import { type DataOf, useAction } from '../../api/resource';
import type { WholeMember } from '../../api/types';
import { useFormat } from '../../format/format';
import { usePageTexts, useTexts } from '../../texts/texts';
import { Dialog, Tag, useActionDialog } from '../../ui';
import { GiftFields, useGift } from './GiftFields';
import { nameOf } from './names';
import { TABLE } from './table-texts';

type Results = DataOf<'post', '/v1/grants/many'>['data'];
const TONES = { given: 'good', already: 'quiet', not_found: 'warn' } as const;

/** So many the API takes at once. */
export const MOST = 100;

/** The same gift for all who are chosen, with what became of each. */
export function GiveMany({ members, onDone }: { members: WholeMember[]; onDone: () => void }) {
  const { gifts } = useTexts().members;
  const { many } = usePageTexts(TABLE);
  const format = useFormat();
  const give = useAction('post', '/v1/grants/many');
  const { open, close, opened, dialog } = useActionDialog(give, gifts.pending, ['until', 'note']);
  const gift = useGift(opened);
  const [results, setResults] = useState<Results | null>(null);
  if (!give.isAllowed) return null;
  const confirm = () =>
    give.mutate(
      { body: { memberIds: members.map(({ id }) => id), ...gift.body } },
      { onSuccess: ({ data }) => setResults(data) },
    );
  const leave = () => {
    close();
    if (results === null) return;
    setResults(null);
    gift.clear();
    onDone();
  };
  return (
    <>
      <Button size="sm" onClick={open} disabled={members.length > MOST}>
        {gifts.give}
      </Button>
      <Dialog
        {...dialog}
        onClose={leave}
        title={many.title(members.length, format.number(members.length))}
        confirm={results === null ? gifts.confirm : many.close}
        {...(results === null ? {} : { cancel: null })}
        onConfirm={results === null ? confirm : leave}
        ready={gift.productId !== ''}
      >
        {results === null ? (
          <GiftFields gift={gift} error={give.error} />
        ) : (
          <GiftResults results={results} members={members} />
        )}
      </Dialog>
    </>
  );
}

function GiftResults({ results, members }: { results: Results; members: WholeMember[] }) {
  const texts = useTexts();
  const { many } = usePageTexts(TABLE);
  return (
    <div role="status">
      <ul className="rows">
        {results.map(({ memberId, outcome }) => {
          const member = members.find(({ id }) => id === memberId);
          return (
            <li key={memberId}>
              <span className="grow">{member === undefined ? memberId : nameOf(member, texts)}</span>
              <Tag tone={TONES[outcome]}>{many.outcomes[outcome]}</Tag>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
