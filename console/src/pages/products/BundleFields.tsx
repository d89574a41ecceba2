import { Checkbox } from '@mantine/core';
import { useRead } from '../../api/resource';
import { usePageTexts } from '../../texts/texts';
import { PRICE_FORM } from './price-form-texts';

/** The products that a price gives besides its own. */
export function BundleFields({
  productId,
  chosen,
  onChange,
}: {
  productId: string;
  chosen: string[];
  onChange: (chosen: string[]) => void;
}) {
  const { bundle: words } = usePageTexts(PRICE_FORM);
  const { data } = useRead('/v1/products', { params: { query: { status: 'active', limit: 100 } } });
  const others = (data?.data ?? []).filter(({ id }) => id !== productId);
  if (others.length === 0) return null;
  return (
    <Checkbox.Group label={words.label} description={words.hint} value={chosen} onChange={onChange} mt="md">
      <div className="stack">
        {others.map(({ id, name }) => (
          <Checkbox key={id} value={id} label={name} />
        ))}
      </div>
    </Checkbox.Group>
  );
}
