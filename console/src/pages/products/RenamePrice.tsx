import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import type { Price } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';

/** Changes the coach's own note on a price: the one thing of it that may change. */
export function RenamePrice({ price }: { price: Price }) {
  const { price: words, common } = useTexts();
  const rename = useAction('patch', '/v1/prices/{id}');
  const { open, done, dialog } = useActionDialog(rename, common.saving, ['nickname']);
  const [note, setNote] = useState('');
  const begin = () => {
    setNote(price.nickname ?? '');
    open();
  };
  const save = () => {
    const nickname = note.trim();
    rename.mutate(
      { params: { path: { id: price.id } }, body: { nickname: nickname === '' ? null : nickname } },
      {
        onSuccess: () => done({ text: words.renamed }),
      },
    );
  };
  if (!rename.isAllowed) return null;
  return (
    <>
      <Button variant="default" onClick={begin}>
        {words.rename}
      </Button>
      <Dialog {...dialog} title={words.rename} confirm={common.save} onConfirm={save}>
        <TextInput
          label={words.nickname}
          description={words.nicknameHint}
          value={note}
          error={rename.error?.field === 'nickname' ? rename.error.message : undefined}
          onChange={(event) => setNote(event.currentTarget.value)}
          data-autofocus
        />
      </Dialog>
    </>
  );
}
