import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { dayOf } from '../format/dates';
import { useFormat } from '../format/format';
import { useTexts } from '../texts/texts';

interface DayFieldProps {
  label: string;
  hint?: string;
  /** It counts from the day's beginning, and not to its end. */
  fromBeginning?: boolean;
  /** `2026-12-24`, or empty. */
  value: string;
  onChange: (day: string) => void;
  error?: string | undefined;
}

/** A day that is still ahead, counted in the viewer's zone, to its end unless told. The browser's own date field. */
export function DayField({ label, hint, fromBeginning = false, value, onChange, error }: DayFieldProps) {
  const { common } = useTexts();
  const format = useFormat();
  const [today] = useState(() => dayOf(new Date().toISOString()));
  return (
    <TextInput
      type="date"
      label={`${label} (${common.optional})`}
      description={[hint, common[fromBeginning ? 'beginningOfDay' : 'endOfDay'](format.zone())]
        .filter(Boolean)
        .join(' ')}
      value={value}
      min={today}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
