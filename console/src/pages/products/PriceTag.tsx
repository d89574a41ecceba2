import type { Price } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { Tag, type Tone } from '../../ui';

const TONES: Record<Price['status'], Tone> = {
  provisioning: 'busy',
  active: 'good',
  failed: 'bad',
  archived: 'quiet',
};

/** Whether it can be bought through the account that is connected now. */
export const isForSale = ({ status, onConnectedAccount }: Price) => status === 'active' && onConnectedAccount;

/** Where a price stands; a sold one is fixed. */
export function PriceTag({ price }: { price: Price }) {
  const { price: words } = useTexts();
  return (
    <span className="tags" role="status">
      {price.status === 'active' && !isForSale(price) ? (
        <Tag tone="warn">{words.elsewhere.tag}</Tag>
      ) : (
        <Tag tone={TONES[price.status]}>{words.status[price.status]}</Tag>
      )}
      {price.soldAt !== null && <Tag tone="quiet">{words.fixed}</Tag>}
    </span>
  );
}
