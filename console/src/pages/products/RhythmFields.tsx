import { NativeSelect, TextInput } from '@mantine/core';
import { INTERVALS } from '@domain/pricing';
import { useState } from 'react';
import { usePageTexts, useTexts } from '../../texts/texts';
import type { PriceDraft } from './price-draft';
import { PRICE_FORM } from './price-form-texts';

type Rhythm = Pick<PriceDraft, 'interval' | 'intervalCount'>;

interface RhythmFieldsProps {
  draft: Rhythm;
  onChange: (rhythm: Partial<Rhythm>) => void;
  errorOf: (field: keyof Rhythm) => string | undefined;
}

const OTHER = 'other';

/** `month` for every month, `month:3` for every three. */
const valueOf = ({ interval, intervalCount }: Rhythm) =>
  intervalCount.trim() === '1' ? interval : `${interval}:${intervalCount.trim()}`;

/** How often it is paid: what most choose by its name, anything else by a number and a unit. */
export function RhythmFields({ draft, onChange, errorOf }: RhythmFieldsProps) {
  const { price } = useTexts();
  const { rhythm: words } = usePageTexts(PRICE_FORM);
  const value = valueOf(draft);
  const [isOther, setOther] = useState(words.named[value] === undefined);
  const choose = (chosen: string) => {
    setOther(chosen === OTHER);
    if (chosen === OTHER) return;
    const [interval, intervalCount = '1'] = chosen.split(':');
    onChange({ interval: interval as Rhythm['interval'], intervalCount });
  };
  return (
    <>
      <NativeSelect
        label={price.interval}
        value={isOther ? OTHER : value}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[
          ...Object.entries(words.named).map(([named, label]) => ({ value: named, label })),
          { value: OTHER, label: words.other },
        ]}
      />
      {isOther && (
        <>
          <TextInput
            label={price.intervalCount}
            inputMode="numeric"
            autoComplete="off"
            value={draft.intervalCount}
            error={errorOf('intervalCount')}
            required
            withAsterisk={false}
            onChange={(event) => onChange({ intervalCount: event.currentTarget.value })}
          />
          <NativeSelect
            label={words.unit}
            value={draft.interval}
            error={errorOf('interval')}
            onChange={(event) => onChange({ interval: event.currentTarget.value as Rhythm['interval'] })}
            data={INTERVALS.map((unit) => ({
              value: unit,
              label:
                draft.intervalCount.trim() === '1' ? price.intervals[unit].one : price.intervals[unit].many,
            }))}
          />
        </>
      )}
    </>
  );
}
