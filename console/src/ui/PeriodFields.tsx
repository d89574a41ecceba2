import { TextInput } from '@mantine/core';
import type { ChangeEvent } from 'react';

type End = 'from' | 'to';

interface Props {
  /** Value and change of a field, as the filters of a list have them. */
  field: (end: End) => { value: string; onChange: (event: ChangeEvent<HTMLInputElement>) => void };
  labels: Record<End, string>;
}

/** From which day to which one a list is shown. */
export function PeriodFields({ field, labels }: Props) {
  return (
    <>
      <TextInput type="date" label={labels.from} {...field('from')} />
      <TextInput type="date" label={labels.to} {...field('to')} />
    </>
  );
}
