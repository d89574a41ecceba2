import { Link } from 'react-router';
import { useRead } from '../../api/resource';
import { usePaths } from '../../app/mode';
import { useTexts } from '../../texts/texts';

/** The name of a product that only its id is known of. */
export function ProductName({ id, link = false }: { id: string; link?: boolean }) {
  const { products } = useTexts();
  const paths = usePaths();
  const { data } = useRead('/v1/products/{id}', { params: { path: { id } } });
  const name = data?.name ?? products.name;
  return link ? <Link to={paths.product(id)}>{name}</Link> : <>{name}</>;
}
