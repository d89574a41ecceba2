import { NativeSelect } from '@mantine/core';
import type { ChangeEvent } from 'react';

interface Props {
  label: string;
  /** The words for no choice in particular. */
  all: string;
  /** Value and change of the field, as the filters of a list have them. */
  field: { value: string; onChange: (event: ChangeEvent<HTMLSelectElement>) => void };
  choices: { value: string; label: string }[];
}

/** One of several, or all of them. */
export const ChoiceField = ({ label, all, field, choices }: Props) => (
  <NativeSelect label={label} {...field} data={[{ value: '', label: all }, ...choices]} />
);
