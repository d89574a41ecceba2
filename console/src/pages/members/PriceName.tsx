import { Link } from 'react-router';
import { useRead } from '../../api/resource';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { priceInWords, termsOfPrice } from '../../format/pricing';
import { useTexts } from '../../texts/texts';

/** A price in words that only its id is known of. */
export function PriceName({ id }: { id: string }) {
  const texts = useTexts();
  const format = useFormat();
  const paths = usePaths();
  const { data } = useRead('/v1/prices/{id}', { params: { path: { id } } });
  if (data === undefined) return <>{texts.price.title}</>;
  return (
    <Link to={paths.price(data.productId, data.id)}>{priceInWords(termsOfPrice(data), texts, format)}</Link>
  );
}
