import { Textarea, TextInput } from '@mantine/core';
import { useId } from 'react';
import type { Problem } from '../../api/problem';
import { useFormat } from '../../format/format';
import { usePageTexts, useTexts } from '../../texts/texts';
import { markedField } from '../../ui';
import { isTaxCode, LONGEST, PRODUCT_FIELDS, type ProductDraft, TAX_CODES } from './product-draft';
import { PRODUCT_FORM } from './product-texts';

interface ProductFieldsProps {
  draft: ProductDraft;
  onChange: (draft: ProductDraft) => void;
  /** Shows what is missing or too long. */
  checked: boolean;
  /** What the API refused. */
  problem: Problem | null;
}

/** What members read about a product. */
export function ProductFields({ draft, onChange, checked, problem }: ProductFieldsProps) {
  const { products, common } = useTexts();
  const words = usePageTexts(PRODUCT_FORM);
  const format = useFormat();
  const codes = useId();
  const refused = markedField(problem, PRODUCT_FIELDS);
  const errorOf = (field: keyof ProductDraft) => {
    const length = draft[field].trim().length;
    if (field === 'features') return refused === field ? problem?.message : undefined;
    if (field === 'taxCode') {
      if (checked && !isTaxCode(draft.taxCode.trim())) return words.wrongTaxCode;
    } else if (checked && length > LONGEST[field])
      return common.tooLong(format.number(LONGEST[field]), format.number(length));
    if (checked && field === 'name' && length === 0) return common.required;
    return refused === field ? problem?.message : undefined;
  };
  return (
    <>
      <TextInput
        label={products.name}
        description={products.nameHint}
        value={draft.name}
        required
        withAsterisk={false}
        error={errorOf('name')}
        onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
        data-autofocus
      />
      <Textarea
        label={`${products.description} (${common.optional})`}
        description={products.descriptionHint}
        value={draft.description}
        error={errorOf('description')}
        autosize
        minRows={2}
        onChange={(event) => onChange({ ...draft, description: event.currentTarget.value })}
      />
      <Textarea
        label={`${words.features} (${common.optional})`}
        description={words.featuresHint}
        value={draft.features}
        error={errorOf('features')}
        autosize
        minRows={2}
        onChange={(event) => onChange({ ...draft, features: event.currentTarget.value })}
      />
      <TextInput
        label={`${words.taxCode} (${common.optional})`}
        description={words.taxCodeHint}
        value={draft.taxCode}
        error={errorOf('taxCode')}
        list={codes}
        autoComplete="off"
        onChange={(event) => onChange({ ...draft, taxCode: event.currentTarget.value })}
      />
      <datalist id={codes}>
        {Object.entries(TAX_CODES).map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </datalist>
    </>
  );
}
