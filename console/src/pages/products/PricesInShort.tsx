import { useRead } from '../../api/resource';
import { useFormat } from '../../format/format';
import { priceInWords, termsOfPrice } from '../../format/pricing';
import { useTexts } from '../../texts/texts';
import { isForSale } from './PriceTag';

/** More than these are on the product's own page. */
const SHOWN = 3;

/** The prices on sale of one product of a list. */
export function PricesInShort({ productId }: { productId: string }) {
  const texts = useTexts();
  const format = useFormat();
  const { data } = useRead('/v1/products/{id}/prices', {
    params: { path: { id: productId }, query: { status: 'active', limit: SHOWN + 1 } },
  });
  if (data === undefined) return null;
  if (data.data.length === 0) return <span className="soft small">{texts.products.noPrices}</span>;
  return (
    <ul className="short-list">
      {data.data.slice(0, SHOWN).map((price) => (
        <li key={price.id}>
          {priceInWords(termsOfPrice(price), texts, format)}
          {!isForSale(price) && ` (${texts.price.elsewhere.tag})`}
        </li>
      ))}
      {data.data.length > SHOWN && <li aria-hidden>…</li>}
    </ul>
  );
}
