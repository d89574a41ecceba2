import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import type { Product } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { Dialog } from '../../ui/Dialog';
import { useNotify } from '../../ui/notices';

export function ArchiveProduct({ product }: { product: Product }) {
  const { products } = useTexts();
  const notify = useNotify();
  const [opened, setOpened] = useState(false);
  const archive = useAction('post', '/v1/products/{id}/archive');
  const close = () => {
    setOpened(false);
    archive.reset();
  };
  const confirm = () =>
    archive.mutate(
      { params: { path: { id: product.id } }, body: {} },
      {
        onSuccess: () => {
          close();
          notify({ text: products.archived(product.name) });
        },
      },
    );
  return (
    <>
      <Button variant="outline" color="red" onClick={() => setOpened(true)}>
        {products.archive}
      </Button>
      <Dialog
        opened={opened}
        onClose={close}
        title={products.archiveTitle(product.name)}
        confirm={products.archive}
        onConfirm={confirm}
        pending={archive.isPending ? products.archiving : null}
        problem={archive.error}
        danger
      >
        <p>{products.archiveText}</p>
      </Dialog>
    </>
  );
}
