import { z } from 'zod';
import type { Member } from '../../db/generated/client';
import { MEMBER_STATUSES } from '../../domain/member-status';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import { priceSchema } from '../catalog/price-view';
import { currency, money, time } from '../http/schemas';

const fields = {
  id: z.string().meta({ example: 'mbr_3kTMd0fWbJ9xQeN4vYzA' }),
  externalId: z.string().nullable().meta({ description: "The coach's own id for this person" }),
  email: z.string().nullable(),
  createdAt: time,
  erasedAt: time.nullable().meta({ description: 'Since when nothing here names them any more' }),
};

export const memberSchema = z.object(fields).meta({ id: 'Member' });

const sums = z.array(z.object({ currency, amount: money }));

export const wholeMemberSchema = z
  .object({
    ...fields,
    status: z.enum(MEMBER_STATUSES).meta({
      description:
        'The member in one word, the first of these that is true of anything of theirs. `overdue`: a payment is missing. `suspended`: no access meanwhile, for another reason. `canceling`: a subscription ends. `trial`, `active`, `paused`: of a subscription. `owned`: bought once. `gift`, `free`: access without a purchase. `ended`: had access once. `none`: has had nothing yet',
    }),
    products: z
      .array(z.object({ id: z.string(), name: z.string() }))
      .meta({ description: 'What they have access to now' }),
    prices: z
      .array(
        priceSchema
          .pick({
            ...{ id: true, productId: true, model: true, unitAmount: true, currency: true, recurring: true },
            ...{ installments: true, minAmount: true, maxAmount: true },
          })
          .extend({ membershipId: z.string(), quantity: z.int() }),
      )
      .meta({ description: 'Of their purchases that go on' }),
    nextCharge: z
      .object({
        at: time,
        amount: money.nullable().meta({
          description:
            'Minor units, without tax and without discounts that end. Null: it is charged by use, so nobody knows before',
        }),
        currency,
        membershipId: z.string(),
      })
      .nullable()
      .meta({ description: 'What Stripe charges or invoices next, the earliest; null: nothing' }),
    stripeAddress: z.enum(['told', 'waiting', 'refused']).meta({
      description:
        'Whether Stripe’s customers have the address that was set here last. `told`: they do, or there are none. `waiting`: they get it by a run, once the account is connected. `refused`: Stripe does not take it',
    }),
    owed: sums.meta({ description: 'Of open invoices, by currency; empty: nothing' }),
    totalPaid: sums.meta({
      description: 'Less what was refunded or lost in a dispute, by currency; empty: nothing was paid',
    }),
  })
  .meta({ id: 'WholeMember' });

export type WholeMember = z.input<typeof wholeMemberSchema>;

/** A member as the API shows them. */
export const memberView = (member: Member) => ({
  id: member.id,
  externalId: member.externalId,
  email: member.email,
  createdAt: isoTime(member.createdAt),
  erasedAt: isoTimeOrNull(member.erasedAt),
});
