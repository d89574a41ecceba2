import { Link } from 'react-router';
import type { Overview } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { useTexts } from '../../texts/texts';
import { Empty, Section } from '../../ui';

/** What sold how often, and who has it now. The bar only shows what the number says. */
export function SoldPerProduct({ products }: { products: Overview['products'] }) {
  const { home } = useTexts();
  const format = useFormat();
  const paths = usePaths();
  const most = Math.max(1, ...products.map(({ purchases }) => purchases));
  if (products.length === 0)
    return (
      <Section title={home.perProduct}>
        <Empty text={home.noSales} />
      </Section>
    );
  return (
    <Section title={home.perProduct}>
      <table className="sold">
        <thead>
          <tr>
            <th scope="col">{home.product}</th>
            <th scope="col" className="number">
              {home.sold}
            </th>
            <th scope="col" className="number">
              {home.activeMembers}
            </th>
          </tr>
        </thead>
        <tbody>
          {products.map(({ productId, name, purchases, activeMembers }) => (
            <tr key={productId}>
              <th scope="row">
                <Link to={paths.product(productId)}>{name}</Link>
                <div className="share" aria-hidden>
                  <div style={{ width: `${(100 * purchases) / most}%` }} />
                </div>
              </th>
              <td className="number">{format.number(purchases)}</td>
              <td className="number">{format.number(activeMembers)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
