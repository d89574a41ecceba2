import { Link } from 'react-router';
import { useRead } from '../../api/resource';
import { usePaths } from '../../app/mode';
import { useTexts } from '../../texts/texts';

/** A price that is not in the Stripe account that is connected now: why nobody can buy it, and what to do. */
export function Elsewhere() {
  const { price } = useTexts();
  const paths = usePaths();
  const { data: connection } = useRead('/v1/connection', {});
  if (connection === undefined) return null;
  if (connection.status === 'connected') return <p role="note">{price.elsewhere.otherAccount}</p>;
  return (
    <p role="note">
      {price.elsewhere.noAccount} <Link to={paths.payments}>{price.elsewhere.connect}</Link>
    </p>
  );
}
