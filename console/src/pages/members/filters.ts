import { useDebouncedValue } from '@mantine/hooks';
import { useAddressFilters } from '../../app/filters';

/** Milliseconds after the last key before it is searched for. */
const TYPING = 250;
export const WHO = ['overdue', 'trial', 'canceling', 'no_access', 'gift'] as const;
export const SORTS = ['newest', 'oldest', 'email', 'next_charge', 'owed', 'total_paid'] as const;
const FILTERS = ['search', 'who', 'product', 'sort'] as const;

/** What the address says to look for. */
export function useFilters() {
  const filters = useAddressFilters(FILTERS);
  const { typed } = filters;
  const [search] = useDebouncedValue(typed('search').trim(), TYPING);
  const who = WHO.find((one) => one === typed('who'));
  const sort = SORTS.find((one) => one === typed('sort'));
  const product = typed('product');
  return {
    ...filters,
    sort,
    query: {
      ...(search === '' ? {} : { search }),
      ...(who === undefined ? {} : { who }),
      ...(product === '' ? {} : { product }),
    },
  };
}
export type MembersFilters = ReturnType<typeof useFilters>;
