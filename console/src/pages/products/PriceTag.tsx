import type { Price } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { Tag, type Tone } from '../../ui/Tag';

const TONES: Record<Price['status'], Tone> = {
  provisioning: 'busy',
  active: 'good',
  failed: 'bad',
  archived: 'quiet',
};

/** Where a price stands; a sold one is fixed. */
export function PriceTag({ price }: { price: Price }) {
  const { price: words } = useTexts();
  return (
    <span className="tags" role="status">
      <Tag tone={TONES[price.status]}>{words.status[price.status]}</Tag>
      {price.soldAt !== null && <Tag tone="quiet">{words.fixed}</Tag>}
    </span>
  );
}
