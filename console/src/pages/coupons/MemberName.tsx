import { useRead } from '../../api/resource';

/** A member as a coach knows them; the id until that is read. */
export function MemberName({ id }: { id: string }) {
  const { data } = useRead('/v1/members/{id}', { params: { path: { id } } });
  return <>{data?.email ?? data?.externalId ?? id}</>;
}
