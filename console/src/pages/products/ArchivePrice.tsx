import { Button } from '@mantine/core';
import { useAction } from '../../api/resource';
import type { Price } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';

export function ArchivePrice({ price }: { price: Price }) {
  const { price: words, products } = useTexts();
  const archive = useAction('post', '/v1/prices/{id}/archive');
  const { open, done, dialog } = useActionDialog(archive, products.archiving);
  const confirm = () =>
    archive.mutate(
      { params: { path: { id: price.id } }, body: {} },
      {
        onSuccess: () => done({ text: words.archived }),
      },
    );
  if (!archive.isAllowed) return null;
  return (
    <>
      <Button variant="outline" color="red" onClick={open}>
        {words.archive}
      </Button>
      <Dialog {...dialog} title={words.archiveTitle} confirm={words.archive} onConfirm={confirm} danger>
        <p>{words.archiveText}</p>
      </Dialog>
    </>
  );
}
