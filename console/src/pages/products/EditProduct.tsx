import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import type { Product } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { useActionDialog } from '../../ui/action-dialog';
import { Dialog } from '../../ui/Dialog';
import { productBody, type ProductDraft, ProductFields } from './ProductFields';

const draftOf = ({ name, description }: Product): ProductDraft => ({
  name,
  description: description ?? '',
});

export function EditProduct({ product }: { product: Product }) {
  const { products, common } = useTexts();
  const edit = useAction('patch', '/v1/products/{id}');
  const { open, done, dialog } = useActionDialog(edit, common.saving);
  const [draft, setDraft] = useState<ProductDraft>(draftOf(product));
  const [checked, setChecked] = useState(false);
  const begin = () => {
    setDraft(draftOf(product));
    open();
  };
  const save = () => {
    setChecked(true);
    const body = productBody(draft);
    if (body.name === '') return;
    edit.mutate(
      { params: { path: { id: product.id } }, body },
      {
        onSuccess: () => done({ text: products.edited }),
      },
    );
  };
  return (
    <>
      <Button variant="default" onClick={begin}>
        {products.edit}
      </Button>
      <Dialog {...dialog} title={products.editTitle} confirm={common.save} onConfirm={save}>
        <ProductFields draft={draft} onChange={setDraft} checked={checked} />
      </Dialog>
    </>
  );
}
