import { z } from 'zod';
import type { Membership } from '../db/generated/client';
import { Refusal } from '../domain/failure';
import { beginsNewPeriod, previewOf } from '../domain/price-change';
import { HOUR, type Seconds, toDate } from '../domain/time';
import { expectObject } from '../stripe/errors';
import { onlyItem, previewNow, previewRenewal } from '../stripe/price-preview';
import { readPolicy } from '../activities/policy';
import type { ApiDeps } from './deps';
import type { PlannedChange } from './price-change';
import { currency, time } from './schemas';
import { atStripe } from './stripe-call';

const money = z.int().meta({ description: 'Minor units of the currency' });
const terms = z.object({ priceId: z.string(), quantity: z.int(), unitAmount: money });

export const previewSchema = z
  .object({
    membershipId: z.string(),
    from: terms,
    to: terms,
    currency,
    now: z
      .object({
        charged: money.meta({ description: 'Charged at once, minor units' }),
        credited: money.meta({
          description: 'Put to the member’s credit at once, for later charges; minor units',
        }),
        lines: z.array(
          z.object({
            description: z.string().nullable(),
            amount: money.meta({ description: 'Minor units; negative is a credit' }),
            proration: z.boolean(),
            periodStart: time,
            periodEnd: time,
          }),
        ),
      })
      .meta({ description: 'What happens at once' }),
    next: z
      .object({ at: time, charged: money })
      .nullable()
      .meta({ description: 'The next charge, credits taken off; null when there is none' }),
    prorationDate: time.nullable().meta({
      description: 'Send it with change-price, and what was shown is what is charged; null without proration',
    }),
    access: z.object({
      until: time.nullable().meta({ description: 'When access ends after the change, as things stand then' }),
      inWords: z.string(),
    }),
  })
  .meta({ id: 'PriceChangePreview' });

const iso = (seconds: Seconds) => toDate(seconds).toISOString();

/**
 * What a change of price or quantity would cost, calculated by Stripe. Changes nothing.
 * https://docs.stripe.com/billing/subscriptions/prorations#preview-proration
 * @throws Refusal of Stripe's, or `price_not_active` when the price is not on the membership's account.
 */
export async function previewChange(
  deps: ApiDeps,
  row: Membership & { grants: { until: Date | null }[] },
  change: PlannedChange,
  now: Seconds,
): Promise<z.input<typeof previewSchema>> {
  const { present, next, quantity, prorate } = change;
  const { mode, accountId } = row;
  const onAccount = await deps.db.priceProvisioning.findFirst({
    where: { mode, accountId, priceId: next.id, status: { in: ['provisioned', 'archived'] } },
    orderBy: { createdAt: 'desc' },
  });
  if (onAccount?.stripePriceId == null)
    throw new Refusal('price_not_active', 'The price is not on the account of this membership.', {
      field: 'priceId',
    });
  const client = { stripe: deps.stripe.of(mode), accountId };
  const asked = {
    stripePriceId: onAccount.stripePriceId,
    quantity,
    prorationDate: change.prorationDate ?? now,
  };
  const { subscription, preview } = await atStripe(async () => {
    const subscription = expectObject(
      await client.stripe.subscriptions.retrieve(row.stripeSubscriptionId ?? '', undefined, {
        stripeAccount: accountId,
      }),
      'subscription',
    );
    const changes = next.id !== present.id || quantity !== row.quantity;
    const immediate = changes && prorate && subscription.status !== 'trialing';
    const atOnce = immediate ? await previewNow(client, subscription, asked) : null;
    const beginsNow = immediate && beginsNewPeriod(present, next);
    const renewal = beginsNow ? null : await previewRenewal(client, subscription, asked);
    const at = onlyItem(subscription).current_period_end;
    return { subscription, preview: previewOf(atOnce, renewal === null ? null : { invoice: renewal, at }) };
  });
  const policy = await readPolicy(deps.db, row.coachId, mode);
  const until =
    preview.paidThrough === null
      ? (row.grants[0]?.until ?? null)
      : toDate(preview.paidThrough + policy.renewalLeewayHours * HOUR);
  return {
    membershipId: row.id,
    from: { priceId: present.id, quantity: row.quantity, unitAmount: present.unitAmount },
    to: { priceId: next.id, quantity, unitAmount: next.unitAmount },
    currency: subscription.currency,
    now: {
      charged: preview.chargedNow,
      credited: preview.creditedNow,
      lines: preview.linesNow.map(({ periodStart, periodEnd, ...line }) => ({
        ...line,
        periodStart: iso(periodStart),
        periodEnd: iso(periodEnd),
      })),
    },
    next: preview.next === null ? null : { at: iso(preview.next.at), charged: preview.next.amount },
    prorationDate: prorate ? iso(asked.prorationDate) : null,
    access: {
      until: until?.toISOString() ?? null,
      inWords:
        preview.paidThrough === null
          ? 'Access stays as it is.'
          : 'A new period begins at once; access lasts to its end once it is paid.',
    },
  };
}
