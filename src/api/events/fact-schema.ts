import { z } from 'zod';
import type { Fact } from '../../db/generated/client';
import { type FACT_IDS, FACT_TYPES, FACTS, FACTS_VERSION } from '../../domain/facts';
import { factShown } from '../../domain/fact-body';
import { mode, time } from '../http/schemas';

const minorUnits = z.int();
const code = z.string().nullable();
const moment = time.nullable();

/** What things were like, or are: no names and no addresses. */
const STATES = [
  z.object({ object: z.literal('access'), access: z.boolean(), until: moment }).meta({ id: 'AccessState' }),
  z
    .object({
      object: z.literal('checkout'),
      status: z.string(),
      quantity: z.int(),
      unitAmount: minorUnits,
      currency: z.string(),
      recurring: z.boolean(),
      failureCode: code,
      createdAt: time,
      expiresAt: moment,
      endedAt: moment,
    })
    .meta({ id: 'CheckoutState' }),
  z
    .object({
      object: z.literal('connection'),
      status: z.string(),
      accountId: z.string().nullable(),
      chargesEnabled: z.boolean(),
      payoutsEnabled: z.boolean(),
      detailsSubmitted: z.boolean(),
      defaultCurrency: z.string().nullable(),
      endReason: code,
      connectedAt: moment,
      endedAt: moment,
    })
    .meta({ id: 'ConnectionState' }),
  z
    .object({
      object: z.literal('invoice'),
      amountRemaining: minorUnits,
      currency: z.string(),
      dueAt: moment,
      nextAttemptAt: moment.meta({ description: 'When Stripe tries again; null: it does not' }),
    })
    .meta({ id: 'InvoiceState' }),
  z
    .object({
      object: z.literal('member'),
      hasEmail: z.boolean(),
      hasExternalId: z.boolean(),
      createdAt: time,
      erasedAt: moment,
    })
    .meta({ id: 'MemberState' }),
  z
    .object({
      object: z.literal('membership'),
      kind: z.enum(['subscription', 'one_off']),
      status: z.string(),
      reason: z.string().meta({ description: 'Why, a stable code' }),
      quantity: z.int(),
      startedAt: time,
      paidThrough: moment,
      cancelAt: moment,
      pauseUntil: moment,
      installmentsDue: z.int().nullable(),
      installmentsPaid: z.int().nullable(),
      disputedAt: moment,
      endedAt: moment,
    })
    .meta({ id: 'MembershipState' }),
  z
    .object({
      object: z.literal('payment'),
      amount: minorUnits,
      amountRefunded: minorUnits,
      currency: z.string(),
      dispute: z.enum(['open', 'won', 'lost']).nullable(),
      paidAt: time,
    })
    .meta({ id: 'PaymentState' }),
  z
    .object({
      object: z.literal('price'),
      status: z.string(),
      model: z.string(),
      currency: z.string(),
      unitAmount: minorUnits,
      interval: z.string().nullable(),
      intervalCount: z.int().nullable(),
      failureCode: code,
      replacesPriceId: z.string().nullable(),
      archivedAt: moment,
    })
    .meta({ id: 'PriceState' }),
  z
    .object({
      object: z.literal('coupon'),
      status: z.string(),
      percentOff: z.number().nullable(),
      amountOff: minorUnits.nullable(),
      currency: z.string().nullable(),
      duration: z.string(),
      months: z.int().nullable(),
      maxRedemptions: z.int().nullable(),
      expiresAt: moment,
      failureCode: code,
      archivedAt: moment,
    })
    .meta({ id: 'CouponState' }),
  z
    .object({
      object: z.literal('promotion_code'),
      status: z.string(),
      code: z.string(),
      firstPurchaseOnly: z.boolean(),
      onePerMember: z.boolean(),
      maxRedemptions: z.int().nullable(),
      expiresAt: moment,
      minimumAmount: minorUnits.nullable(),
      minimumCurrency: z.string().nullable(),
      failureCode: code,
      archivedAt: moment,
    })
    .meta({ id: 'PromotionCodeState' }),
  z
    .object({
      object: z.literal('withdrawal'),
      status: z.string(),
      statedAt: time,
      inTime: z.boolean(),
      proven: z.boolean(),
      refund: code,
      refundAmount: minorUnits.nullable(),
      currency: z.string().nullable(),
      decidedBy: code,
      overdueAt: moment,
      failureCode: code,
      endedAt: moment,
    })
    .meta({ id: 'WithdrawalState' }),
  z
    .object({
      object: z.literal('webhook_endpoint'),
      status: z.string(),
      disabledReason: code,
      types: z.array(z.string()),
    })
    .meta({ id: 'WebhookEndpointState' }),
] as const;

const ids = z
  .object({
    productId: z.string().nullable(),
    priceId: z.string().nullable(),
    checkoutId: z.string().nullable(),
    membershipId: z.string().nullable(),
    connectionId: z.string().nullable(),
    webhookEndpointId: z.string().nullable(),
    joinedMemberId: z
      .string()
      .nullable()
      .meta({ description: 'The id of the one who was joined; it goes on leading to the member' }),
    withdrawalId: z.string().nullable(),
    couponId: z.string().nullable(),
    promotionCodeId: z.string().nullable(),
    stripeId: z.string().nullable().meta({ description: "Stripe's invoice, payment intent or event" }),
  } satisfies Record<(typeof FACT_IDS)[number], z.ZodType>)
  .meta({ description: 'What it concerns besides the member' });

export const factSchema = z
  .object({
    id: z.string().meta({ example: 'fct_3kTMd0fWbJ9xQeN4vYzA' }),
    version: z.literal(FACTS_VERSION),
    type: z.enum(FACT_TYPES).meta({
      description: Object.entries(FACTS)
        .map(([type, words]) => `- \`${type}\`: ${words}`)
        .join('\n'),
    }),
    createdAt: time.meta({ description: 'When it was written down, by the clock of Session' }),
    mode,
    memberId: z.string().nullable(),
    sequence: z.int().nullable().meta({
      description: "Counts the member's events from 1, without gaps; null where it is of no member",
    }),
    ids,
    state: z.discriminatedUnion('object', STATES).meta({ description: 'What it was like afterwards' }),
  })
  .meta({ id: 'Event' });

/** One fact by itself, with what it was about as that is now. */
export const factNowSchema = factSchema
  .extend({
    present: z
      .discriminatedUnion('object', STATES)
      .nullable()
      .meta({ description: 'What it is like now; null where it is no more' }),
  })
  .meta({ id: 'EventNow' });

/** A fact as the API shows it. */
export function factView(row: Fact): z.input<typeof factSchema> {
  // Written by the database in these shapes.
  return { ...factShown(row), state: row.state as z.input<typeof factSchema>['state'] };
}
