import { type FormEvent, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useAction } from '../../api/resource';
import { usePaths } from '../../app/mode';
import { useTexts } from '../../texts/texts';
import {
  FormButtons,
  markedField,
  Page,
  ProblemAlert,
  SAVED,
  Section,
  UnsavedChanges,
  useMarkedFocus,
  useNotify,
} from '../../ui';
import { isComplete, NEW_PRODUCT, PRODUCT_FIELDS, productBody, type ProductDraft } from './product-draft';
import { ProductFields } from './ProductFields';

/** Creates a product and leads on to Add Price. */
export function NewProductPage() {
  const { products } = useTexts();
  const paths = usePaths();
  const navigate = useNavigate();
  const notify = useNotify();
  const create = useAction('post', '/v1/products');
  const [draft, setDraft] = useState<ProductDraft>(NEW_PRODUCT);
  const [checks, setChecks] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  useMarkedFocus(form, checks, create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecks(checks + 1);
    const body = productBody(draft);
    if (!isComplete(draft)) return;
    create.mutate(
      { body },
      {
        onSuccess: ({ id, name }) => {
          notify({ text: products.created(name) });
          void navigate(paths.product(id), SAVED);
        },
      },
    );
  };
  return (
    <Page title={products.newTitle} parent={{ to: paths.products, label: products.title }}>
      <Section title={products.newTitle}>
        <form ref={form} onSubmit={submit} noValidate className="stack">
          <ProductFields draft={draft} onChange={setDraft} checked={checks > 0} problem={create.error} />
          <ProblemAlert problem={markedField(create.error, PRODUCT_FIELDS) === null ? create.error : null} />
          <UnsavedChanges exist={draft !== NEW_PRODUCT} />
          <FormButtons
            submit={products.create}
            isPending={create.isPending}
            isAllowed={create.isAllowed}
            cancelTo={paths.products}
          />
        </form>
      </Section>
    </Page>
  );
}
