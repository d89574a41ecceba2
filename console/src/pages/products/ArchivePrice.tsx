import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import type { Price } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { Dialog } from '../../ui/Dialog';
import { useNotify } from '../../ui/notices';

export function ArchivePrice({ price }: { price: Price }) {
  const { price: words, products } = useTexts();
  const notify = useNotify();
  const [opened, setOpened] = useState(false);
  const archive = useAction('post', '/v1/prices/{id}/archive');
  const close = () => {
    setOpened(false);
    archive.reset();
  };
  const confirm = () =>
    archive.mutate(
      { params: { path: { id: price.id } }, body: {} },
      {
        onSuccess: () => {
          close();
          notify({ text: words.archived });
        },
      },
    );
  return (
    <>
      <Button variant="outline" color="red" onClick={() => setOpened(true)}>
        {words.archive}
      </Button>
      <Dialog
        opened={opened}
        onClose={close}
        title={words.archiveTitle}
        confirm={words.archive}
        onConfirm={confirm}
        pending={archive.isPending ? products.archiving : null}
        problem={archive.error}
        danger
      >
        <p>{words.archiveText}</p>
      </Dialog>
    </>
  );
}
