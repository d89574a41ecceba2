import { PRICING_MODELS, type PricingModel } from '@domain/pricing';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import type { Problem } from '../../api/problem';
import type { Product } from '../../api/types';
import { useFormat } from '../../format/format';
import { usePageTexts, useTexts } from '../../texts/texts';
import { FormButtons, markedField, ProblemAlert, Section, UnsavedChanges, useMarkedFocus } from '../../ui';
import { type DraftField, hasField, priceBody, type PriceDraft, understand } from './price-draft';
import { faultInWords, labelOf } from './price-faults';
import { PRICE_FORM } from './price-form-texts';
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
  isAllowed: boolean;
  problem: Problem | null;
  cancelTo: string;
  /** All of them unless told. */
  models?: readonly PricingModel[];
  children?: ReactNode;
}

/** The form of a price beside what the member will see and pay. */
export function PriceForm(props: PriceFormProps) {
  const { product, initial, defaultCurrency, title, submitLabel, onSubmit } = props;
  const { isPending, isAllowed, problem, cancelTo, models = PRICING_MODELS, children } = props;
  const [begun] = useState(initial);
  const [draft, setDraft] = useState(begun);
  const [checks, setChecks] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const texts = useTexts();
  const words = usePageTexts(PRICE_FORM);
  const format = useFormat();
  const understood = understand(draft);
  const { terms, wrong, faults, optionFaults } = understood;
  const [first] = wrong;

  useMarkedFocus(form, checks, problem);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecks(checks + 1);
    if (wrong.length === 0 && Object.keys(optionFaults).length === 0) onSubmit(priceBody(understood, draft));
  };
  // What the API refuses is marked as well, in its own words, until something is changed.
  const shown = (Object.keys(draft) as DraftField[]).filter((field) => hasField(draft.model, field));
  const refused = markedField(problem, shown);
  const errorOf = (field: DraftField) => {
    const fault = faults[field];
    if (checks > 0 && fault !== undefined) return faultInWords(field, fault, draft.currency, words, format);
    return refused === field ? problem?.message : undefined;
  };
  const optionErrorOf = (index: number) => {
    const fault = optionFaults[index];
    const currency = draft.currencyOptions[index]?.currency;
    if (checks === 0 || fault === undefined || currency === undefined) return undefined;
    return faultInWords('unitAmount', fault, currency, words, format);
  };
  return (
    <div className="with-aside">
      <Section title={title}>
        {children}
        <form ref={form} onSubmit={submit} noValidate className="stack">
          <PriceFields
            productId={product.id}
            draft={draft}
            onChange={setDraft}
            errorOf={errorOf}
            optionErrorOf={optionErrorOf}
            defaultCurrency={defaultCurrency}
            models={models}
          />
          <ProblemAlert problem={refused === null ? problem : null} />
          <UnsavedChanges exist={draft !== begun} />
          <FormButtons submit={submitLabel} isPending={isPending} isAllowed={isAllowed} cancelTo={cancelTo} />
        </form>
      </Section>
      <div className="aside">
        <PricePreview
          product={product}
          terms={first === undefined ? terms : null}
          {...(first === undefined
            ? {}
            : { missing: words.toSeePreview(labelOf(first, draft, texts, words)) })}
        />
      </div>
    </div>
  );
}
