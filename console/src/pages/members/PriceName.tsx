import { Link } from 'react-router';
import { useRead } from '../../api/resource';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { priceInWords, termsOfPrice } from '../../format/pricing';
import { useTexts } from '../../texts/texts';
import { ProductName } from './ProductName';

/** A price in words that only its id is known of, with the name of its product where that is not clear. */
export function PriceName({ id, withProduct = false }: { id: string; withProduct?: boolean }) {
  const texts = useTexts();
  const format = useFormat();
  const paths = usePaths();
  const { data } = useRead('/v1/prices/{id}', { params: { path: { id } } });
  if (data === undefined) return <>{texts.price.title}</>;
  return (
    <Link to={paths.price(data.productId, data.id)}>
      {withProduct && (
        <>
          <ProductName id={data.productId} />,{' '}
        </>
      )}
      {priceInWords(termsOfPrice(data), texts, format)}
    </Link>
  );
}
