import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import type { Product } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { Dialog, useActionDialog } from '../../ui';
import { isComplete, PRODUCT_FIELDS, productBody, type ProductDraft } from './product-draft';
import { ProductFields } from './ProductFields';

const draftOf = ({ name, description, features, taxCode }: Product): ProductDraft => ({
  features: features.join('\n'),
  taxCode: taxCode ?? '',
  name,
  description: description ?? '',
});

export function EditProduct({ product }: { product: Product }) {
  const { products, common } = useTexts();
  const edit = useAction('patch', '/v1/products/{id}');
  const { open, done, dialog } = useActionDialog(edit, common.saving, PRODUCT_FIELDS);
  const [draft, setDraft] = useState<ProductDraft>(draftOf(product));
  const [checks, setChecks] = useState(0);
  const begin = () => {
    setChecks(0);
    setDraft(draftOf(product));
    open();
  };
  const save = () => {
    setChecks(checks + 1);
    const body = productBody(draft);
    if (!isComplete(draft)) return;
    edit.mutate(
      { params: { path: { id: product.id } }, body },
      {
        onSuccess: () => done({ text: products.edited }),
      },
    );
  };
  if (!edit.isAllowed) return null;
  return (
    <>
      <Button variant="default" onClick={begin}>
        {products.edit}
      </Button>
      <Dialog
        {...dialog}
        marked={dialog.marked ?? (checks > 0 ? String(checks) : null)}
        title={products.editTitle}
        confirm={common.save}
        onConfirm={save}
      >
        <ProductFields draft={draft} onChange={setDraft} checked={checks > 0} problem={edit.error} />
      </Dialog>
    </>
  );
}
