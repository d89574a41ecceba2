import { Textarea, TextInput } from '@mantine/core';
import { useTexts } from '../../texts/texts';

export interface ProductDraft {
  name: string;
  description: string;
}

interface ProductFieldsProps {
  draft: ProductDraft;
  onChange: (draft: ProductDraft) => void;
  /** Shows what is missing. */
  checked: boolean;
}

/** What members read about a product. */
export function ProductFields({ draft, onChange, checked }: ProductFieldsProps) {
  const { products, common } = useTexts();
  return (
    <>
      <TextInput
        label={products.name}
        description={products.nameHint}
        value={draft.name}
        maxLength={200}
        required
        withAsterisk={false}
        error={checked && draft.name.trim() === '' && common.required}
        onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
        data-autofocus
      />
      <Textarea
        label={`${products.description} (${common.optional})`}
        description={products.descriptionHint}
        value={draft.description}
        maxLength={1000}
        autosize
        minRows={2}
        onChange={(event) => onChange({ ...draft, description: event.currentTarget.value })}
      />
    </>
  );
}

/** What the API takes of it. */
export function productBody({ name, description }: ProductDraft) {
  return { name: name.trim(), description: description.trim() === '' ? null : description.trim() };
}
