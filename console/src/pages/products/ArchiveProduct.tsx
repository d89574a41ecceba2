import { Button } from '@mantine/core';
import { useAction } from '../../api/resource';
import type { Product } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';

export function ArchiveProduct({ product }: { product: Product }) {
  const { products } = useTexts();
  const archive = useAction('post', '/v1/products/{id}/archive');
  const { open, done, dialog } = useActionDialog(archive, products.archiving);
  const confirm = () =>
    archive.mutate(
      { params: { path: { id: product.id } }, body: {} },
      {
        onSuccess: () => done({ text: products.archived(product.name) }),
      },
    );
  if (!archive.isAllowed) return null;
  return (
    <>
      <Button variant="outline" color="red" onClick={open}>
        {products.archive}
      </Button>
      <Dialog
        {...dialog}
        title={products.archiveTitle(product.name)}
        confirm={products.archive}
        onConfirm={confirm}
        danger
      >
        <p>{products.archiveText}</p>
      </Dialog>
    </>
  );
}
