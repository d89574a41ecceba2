import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import type { Price } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { Dialog } from '../../ui/Dialog';
import { useNotify } from '../../ui/notices';

/** Changes the coach's own note on a price: the one thing of it that may change. */
export function RenamePrice({ price }: { price: Price }) {
  const { price: words, common } = useTexts();
  const notify = useNotify();
  const rename = useAction('patch', '/v1/prices/{id}');
  const [note, setNote] = useState<string | null>(null);
  const close = () => {
    setNote(null);
    rename.reset();
  };
  const save = () => {
    const nickname = (note ?? '').trim();
    rename.mutate(
      { params: { path: { id: price.id } }, body: { nickname: nickname === '' ? null : nickname } },
      {
        onSuccess: () => {
          close();
          notify({ text: words.renamed });
        },
      },
    );
  };
  return (
    <>
      <Button variant="default" onClick={() => setNote(price.nickname ?? '')}>
        {words.rename}
      </Button>
      <Dialog
        opened={note !== null}
        onClose={close}
        title={words.rename}
        confirm={common.save}
        onConfirm={save}
        pending={rename.isPending ? common.saving : null}
        problem={rename.error}
      >
        <TextInput
          label={words.nickname}
          description={words.nicknameHint}
          value={note ?? ''}
          maxLength={200}
          onChange={(event) => setNote(event.currentTarget.value)}
          data-autofocus
        />
      </Dialog>
    </>
  );
}
