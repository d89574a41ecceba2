import { beginsNewPeriod, canProrate } from '@domain/price-change';
import type { Membership, Price } from '../../api/types';

/** When a change may count. */
export type When = 'now' | 'later';

const rhythmOf = ({ recurring }: Pick<Price, 'recurring'>) => ({
  interval: recurring?.interval ?? null,
  intervalCount: recurring?.intervalCount ?? null,
});

/** When a change to a price may count, by what the API would refuse: none, and it cannot be made now. */
export function whensOf(
  { reason }: Pick<Membership, 'reason'>,
  present: Pick<Price, 'recurring'>,
  target: Pick<Price, 'recurring'>,
): When[] {
  return [
    ...(canProrate(reason) ? (['now'] as const) : []),
    // Another rhythm is charged from now on.
    ...(beginsNewPeriod(rhythmOf(present), rhythmOf(target)) ? [] : (['later'] as const)),
  ];
}

/** What was typed as a quantity; null where the price is not sold so many at a time. One that stays is no question. */
export function quantityOf(
  typed: string,
  { quantity: present }: Pick<Membership, 'quantity'>,
  { maxQuantity }: Pick<Price, 'maxQuantity'>,
): number | null {
  const quantity = /^\d{1,3}$/.test(typed.trim()) ? Number(typed) : 0;
  return quantity > 0 && (quantity <= maxQuantity || quantity === present) ? quantity : null;
}
