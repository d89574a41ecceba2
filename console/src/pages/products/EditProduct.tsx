import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import type { Product } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { Dialog } from '../../ui/Dialog';
import { useNotify } from '../../ui/notices';
import { productBody, type ProductDraft, ProductFields } from './ProductFields';

export function EditProduct({ product }: { product: Product }) {
  const { products, common } = useTexts();
  const notify = useNotify();
  const edit = useAction('patch', '/v1/products/{id}');
  const [draft, setDraft] = useState<ProductDraft | null>(null);
  const [checked, setChecked] = useState(false);
  const close = () => {
    setDraft(null);
    edit.reset();
  };
  const save = () => {
    setChecked(true);
    const body = draft === null ? null : productBody(draft);
    if (body === null || body.name === '') return;
    edit.mutate(
      { params: { path: { id: product.id } }, body },
      {
        onSuccess: () => {
          close();
          notify({ text: products.edited });
        },
      },
    );
  };
  const begin = () => setDraft({ name: product.name, description: product.description ?? '' });
  return (
    <>
      <Button variant="default" onClick={begin}>
        {products.edit}
      </Button>
      <Dialog
        opened={draft !== null}
        onClose={close}
        title={products.editTitle}
        confirm={common.save}
        onConfirm={save}
        pending={edit.isPending ? common.saving : null}
        problem={edit.error}
      >
        {draft !== null && <ProductFields draft={draft} onChange={setDraft} checked={checked} />}
      </Dialog>
    </>
  );
}
