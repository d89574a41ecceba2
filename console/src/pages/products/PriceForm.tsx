import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Problem } from '../../api/problem';
import type { Product } from '../../api/types';
import { FormButtons } from '../../ui/FormButtons';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { Section } from '../../ui/Section';
import { type DraftField, priceBody, type PriceDraft, understand } from './price-draft';
import { PriceFields } from './PriceFields';
import { PricePreview } from './PricePreview';

interface PriceFormProps {
  product: Product;
  initial: PriceDraft;
  defaultCurrency: string | null;
  title: string;
  submitLabel: string;
  onSubmit: (body: ReturnType<typeof priceBody>) => void;
  isPending: boolean;
  problem: Problem | null;
  cancelTo: string;
  children?: ReactNode;
}

/** The form of a price beside what the member will see and pay. */
export function PriceForm(props: PriceFormProps) {
  const { product, initial, defaultCurrency, title, submitLabel, onSubmit } = props;
  const { isPending, problem, cancelTo, children } = props;
  const [draft, setDraft] = useState(initial);
  const [checks, setChecks] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const { terms, wrong } = understand(draft);

  useEffect(() => {
    if (checks > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [checks]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecks(checks + 1);
    if (wrong.length === 0) onSubmit(priceBody(terms, draft.nickname));
  };
  // What the API refuses is marked as well, until something is changed.
  const refused = problem?.field?.split('.').at(-1) as DraftField | undefined;
  const isWrong = (field: DraftField) => (checks > 0 && wrong.includes(field)) || refused === field;
  return (
    <div className="with-aside">
      <Section title={title}>
        {children}
        <form ref={form} onSubmit={submit} noValidate className="stack">
          <PriceFields
            draft={draft}
            onChange={setDraft}
            isWrong={isWrong}
            defaultCurrency={defaultCurrency}
          />
          <ProblemAlert problem={problem} />
          <FormButtons submit={submitLabel} isPending={isPending} cancelTo={cancelTo} />
        </form>
      </Section>
      <div className="aside">
        <PricePreview product={product} terms={wrong.length === 0 ? terms : null} />
      </div>
    </div>
  );
}
