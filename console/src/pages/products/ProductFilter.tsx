import type { ComponentProps } from 'react';
import { useList } from '../../api/resource';
import { ChoiceField } from '../../ui';

/** Of which product a list is shown. */
export function ProductFilter(props: Omit<ComponentProps<typeof ChoiceField>, 'choices'>) {
  const products = useList('/v1/products', { params: { query: { limit: 100 } } });
  const choices = (products.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return <ChoiceField {...props} choices={choices} />;
}
