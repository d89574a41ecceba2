import type { Price } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { CopyField, OutLink, Section } from '../../ui';
import { buttonCode } from './button-code';

/** The purchase link and the button for the coach's site. */
export function Sell({ price }: { price: Price }) {
  const { sell, preview } = useTexts().price;
  return (
    <Section title={sell.title} lead={sell.lead}>
      <CopyField label={sell.link} value={price.buyUrl} />
      <CopyField
        label={sell.code}
        hint={sell.codeHint}
        value={buttonCode(price.buyUrl, price.id, sell.label)}
        code
      />
      <p>
        <OutLink href={price.buyUrl}>{preview.seeIt}</OutLink>
      </p>
    </Section>
  );
}
