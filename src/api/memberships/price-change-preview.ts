import type Stripe from 'stripe';
import { z } from 'zod';
import type { Membership } from '../../db/generated/client';
import { paidIn } from '../../domain/currency-options';
import { ProblemError } from '../../domain/problem';
import { beginsNewPeriod, previewOf } from '../../domain/price-change';
import { HOUR, isoTime, isoTimeOrNull, type Seconds, toDate } from '../../domain/time';
import { changeOf, ownItem } from '../../stripe/item-change';
import { previewNow, previewRenewal } from '../../stripe/price-preview';
import { unitAmountIn } from '../../stripe/prices';
import { wholeSubscription } from '../../stripe/whole-subscription';
import { readOwnPrices, stripePriceFor } from '../../store/own-prices';
import { readPolicy } from '../../store/policy';
import type { ApiDeps } from '../deps';
import type { PlannedChange } from './price-change';
import { currency, money, time } from '../http/schemas';
import { atStripe } from '../http/stripe-call';

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

const iso = (seconds: Seconds) => isoTime(toDate(seconds));

/**
 * What a change of price or quantity would cost, calculated by Stripe. Changes nothing.
 * https://docs.stripe.com/billing/subscriptions/prorations#preview-proration
 * @throws ProblemError of Stripe's, or `price_not_active` when the price is not on the membership's account.
 */
export async function previewChange(
  deps: ApiDeps,
  row: Membership & { grants: { until: Date | null }[] },
  change: PlannedChange,
  now: Seconds,
): Promise<z.input<typeof previewSchema>> {
  const { present, next, asked, prorate } = change;
  const { mode, accountId } = row;
  const client = { stripe: deps.stripe.of(mode), accountId };
  const prorationDate = change.prorationDate ?? now;
  const own = await readOwnPrices(deps.db, row);
  const { subscription, planned, preview } = await atStripe(async () => {
    const subscription = await wholeSubscription(client, row.stripeSubscriptionId ?? '');
    const item = ownItem(subscription, own);
    // The same plan as the change's: see changeSubscriptionPrice.
    const planned = changeOf(item, { stripePriceId: await named(item.price.id), quantity: asked.quantity });
    const immediate = planned.changes && prorate && subscription.status !== 'trialing';
    const atOnce = immediate ? await previewNow(client, subscription, planned, prorationDate) : null;
    const begins = atOnce?.lines.some((line) => line.own && !line.proration) ?? false;
    const renewal = begins ? null : await previewRenewal(client, subscription, planned);
    const preview = previewOf(atOnce, renewal, {
      periodEnd: item.current_period_end,
      rhythmChanges: asked.priceId !== undefined && beginsNewPeriod(rhythmOf(item), next),
    });
    return { subscription, planned, preview };
  });
  const { currency } = subscription;
  // Of a price that the coach put there in the Dashboard, what it costs there.
  const atPresent = unitAmountIn(planned.item.price, currency);
  const policy = await readPolicy(deps.db, row.coachId, mode);
  const until =
    preview.paidThrough === null
      ? (row.grants[0]?.until ?? null)
      : toDate(preview.paidThrough + policy.renewalLeewayHours * HOUR);
  return {
    membershipId: row.id,
    from: {
      priceId: present.id,
      quantity: planned.item.quantity ?? row.quantity,
      unitAmount: atPresent ?? paidIn(present, currency).unitAmount,
    },
    to: {
      priceId: next.id,
      quantity: planned.quantity ?? row.quantity,
      unitAmount: (asked.priceId === undefined ? atPresent : null) ?? paidIn(next, currency).unitAmount,
    },
    currency,
    now: {
      charged: preview.chargedNow,
      credited: preview.creditedNow,
      lines: preview.linesNow.map(({ description, amount, proration, periodStart, periodEnd }) => ({
        description,
        amount,
        proration,
        periodStart: iso(periodStart),
        periodEnd: iso(periodEnd),
      })),
    },
    next: preview.next === null ? null : { at: iso(preview.next.at), charged: preview.next.amount },
    prorationDate: prorate ? iso(prorationDate) : null,
    access: {
      until: isoTimeOrNull(until),
      inWords:
        preview.paidThrough === null
          ? 'Access stays as it is.'
          : 'Access lasts to the end of what is charged now, once it is paid.',
    },
  };

  async function named(presentStripePriceId: string): Promise<string | undefined> {
    if (asked.priceId === undefined) return undefined;
    const found = await stripePriceFor(deps.db, row, asked.priceId, presentStripePriceId);
    if (found === undefined)
      throw new ProblemError('price_not_active', 'The price is not on the account of this membership.', {
        field: 'priceId',
      });
    return found;
  }
}

/** How often an item is charged, in the words of our prices. */
function rhythmOf({ price }: Stripe.SubscriptionItem) {
  return {
    interval: price.recurring?.interval ?? null,
    intervalCount: price.recurring?.interval_count ?? null,
  };
}
