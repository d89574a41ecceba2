import { useSearchParams } from 'react-router';

/** What the address says to look for in a list, by the names of its filters, and what the fields for them need. */
export function useAddressFilters<Name extends string>(names: readonly Name[]) {
  const [params, setParams] = useSearchParams();
  const typed = (name: Name) => params.get(name) ?? '';
  const set = (name: Name, value: string) =>
    setParams(
      (present) => {
        const next = new URLSearchParams(present);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return {
    typed,
    isAny: names.some((name) => typed(name) !== ''),
    /** How many of these say something. */
    inUse: (...some: Name[]) => some.filter((name) => typed(name) !== '').length,
    clear: () => setParams({}, { replace: true }),
    /** Value and change of a field. */
    field: (name: Name) => ({
      value: typed(name),
      onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
    }),
  };
}
