import { useRead } from '../../api/resource';

/** Products by their names. */
export function ProductNames({ ids }: { ids: readonly string[] }) {
  return (
    <>
      {ids.map((id, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <ProductName id={id} />
        </span>
      ))}
    </>
  );
}

/** One product by its name; its id until that is read. */
export function ProductName({ id }: { id: string }) {
  const { data } = useRead('/v1/products/{id}', { params: { path: { id } } });
  return <>{data?.name ?? id}</>;
}
