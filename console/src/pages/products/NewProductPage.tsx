import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { useAction } from '../../api/resource';
import { usePaths } from '../../app/mode';
import { useTexts } from '../../texts/texts';
import { FormButtons } from '../../ui/FormButtons';
import { useNotify } from '../../ui/notices';
import { Page } from '../../ui/Page';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { Section } from '../../ui/Section';
import { productBody, type ProductDraft, ProductFields } from './ProductFields';

/** Creates a product and leads on to Add Price. */
export function NewProductPage() {
  const { products } = useTexts();
  const paths = usePaths();
  const navigate = useNavigate();
  const notify = useNotify();
  const create = useAction('post', '/v1/products');
  const [draft, setDraft] = useState<ProductDraft>({ name: '', description: '' });
  const [checked, setChecked] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    const body = productBody(draft);
    if (body.name === '') return;
    create.mutate(
      { body },
      {
        onSuccess: ({ id, name }) => {
          notify({ text: products.created(name) });
          void navigate(paths.product(id));
        },
      },
    );
  };
  return (
    <Page title={products.newTitle} parent={{ to: paths.products, label: products.title }}>
      <Section title={products.newTitle}>
        <form onSubmit={submit} noValidate className="stack">
          <ProductFields draft={draft} onChange={setDraft} checked={checked} />
          <ProblemAlert problem={create.error} />
          <FormButtons submit={products.create} isPending={create.isPending} cancelTo={paths.products} />
        </form>
      </Section>
    </Page>
  );
}
