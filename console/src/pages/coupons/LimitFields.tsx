import { TextInput } from '@mantine/core';
import { usePageTexts } from '../../texts/texts';
import { DayField } from '../../ui';
import { COUPONS } from './texts';

interface Props {
  most: string;
  mostFits: boolean;
  day: string;
  onChange: (limits: { most?: string; day?: string }) => void;
}

/** How often a coupon or a code can be redeemed, and until which day. */
export function LimitFields({ most, mostFits, day, onChange }: Props) {
  const words = usePageTexts(COUPONS);
  const { fields } = words;
  return (
    <>
      <TextInput
        label={`${fields.most} (${words.optional})`}
        inputMode="numeric"
        value={most}
        error={mostFits ? null : words.wrongNumber}
        onChange={(event) => onChange({ most: event.currentTarget.value })}
      />
      <DayField label={fields.day} value={day} onChange={(chosen) => onChange({ day: chosen })} />
    </>
  );
}
