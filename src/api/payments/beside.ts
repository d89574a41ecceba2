import { z } from 'zod';
import type { Db } from '../../db/client';
import type { Payment } from '../../db/generated/client';
import { money } from '../http/schemas';

/** What was taken beside at Checkout, as payments show it. */
export const besideSchema = z
  .array(
    z.object({
      priceId: z.string(),
      product: z.object({ id: z.string(), name: z.string() }),
      amount: money.meta({ description: 'Minor units, before a coupon and tax on top; it is in the whole' }),
    }),
  )
  .meta({ description: 'What the buyer added at Checkout, and paid with it' });

type Beside = z.input<typeof besideSchema>;

/** Payments with what was taken beside. One query more for any number, where something was bought once. */
export async function withBeside<T extends Pick<Payment, 'coachId' | 'mode' | 'membershipId' | 'stripeId'>>(
  db: Db,
  rows: readonly T[],
): Promise<(T & { beside: Beside })[]> {
  const once = rows.filter(({ stripeId }) => stripeId.startsWith('pi_'));
  const [first] = once;
  if (first === undefined) return rows.map((row) => ({ ...row, beside: [] }));
  const { coachId, mode } = first;
  const ids = once.flatMap(({ membershipId }) => membershipId ?? []);
  const taken = await db.checkoutItem.findMany({
    where: { coachId, mode, takenAt: { not: null }, checkout: { membership: { id: { in: ids } } } },
    include: { product: true, checkout: { select: { membership: { select: { id: true } } } } },
    orderBy: { position: 'asc' },
  });
  const of = (row: T): Beside =>
    taken
      .filter(
        ({ checkout }) => row.stripeId.startsWith('pi_') && checkout.membership?.id === row.membershipId,
      )
      .map(({ priceId, unitAmount, product: { id, name } }) => ({
        priceId,
        product: { id, name },
        amount: unitAmount,
      }));
  return rows.map((row) => ({ ...row, beside: of(row) }));
}
