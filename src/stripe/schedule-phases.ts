import type Stripe from 'stripe';
import type { Seconds } from '../domain/time';
import { whatIsThere } from './every-page';

type Phase = Stripe.SubscriptionSchedule.Phase;
type Params = Stripe.SubscriptionScheduleUpdateParams.Phase;
type Read = (phase: Phase, now: Seconds) => Partial<Params>;

/**
 * How each thing that a phase says is said again: an update takes the phases as a whole, so what is left out of one is
 * taken away from it. The type asks for every field, so one that Stripe adds is not forgotten.
 * https://docs.stripe.com/api/subscription_schedules/update
 */
const SAID_AGAIN: Record<keyof Required<Phase>, Read> = {
  // What the running phase adds was put on an invoice as it began; said again it would be charged again.
  // Not documented, assumed: if Stripe knew its own items again, leaving them out would lose nothing either.
  add_invoice_items: ({ add_invoice_items: added, start_date: start }, now) =>
    added.length === 0 || start <= now ? {} : { add_invoice_items: added.map(addedItem) },
  application_fee_percent: ({ application_fee_percent: percent }) =>
    percent === null ? {} : { application_fee_percent: percent },
  automatic_tax: ({ automatic_tax: tax }) =>
    tax === undefined
      ? {}
      : {
          automatic_tax: {
            enabled: tax.enabled,
            ...(tax.liability ? { liability: party(tax.liability) } : {}),
          },
        },
  billing_cycle_anchor: ({ billing_cycle_anchor: anchor }) =>
    anchor === null ? {} : { billing_cycle_anchor: anchor },
  billing_thresholds: ({ billing_thresholds: limits }) =>
    limits == null ? {} : { billing_thresholds: withoutNulls(limits) },
  collection_method: ({ collection_method: method }) =>
    method === null ? {} : { collection_method: method },
  // The subscription's, which never changes; Stripe's specification knows no such parameter of an update.
  currency: () => ({}),
  default_payment_method: ({ default_payment_method: method }) =>
    method === null ? {} : { default_payment_method: idOf(method) },
  default_tax_rates: ({ default_tax_rates: rates }) =>
    rates == null || rates.length === 0 ? {} : { default_tax_rates: rates.map(idOf) },
  description: ({ description }) => (description === null ? {} : { description }),
  discounts: ({ discounts }) => (discounts.length === 0 ? {} : { discounts: discounts.map(discount) }),
  end_date: ({ end_date }) => ({ end_date }),
  invoice_settings: ({ invoice_settings: settings }) => {
    if (settings == null) return {};
    const { account_tax_ids: taxIds, issuer, ...rest } = settings;
    return {
      invoice_settings: {
        ...withoutNulls(rest),
        ...(taxIds == null ? {} : { account_tax_ids: taxIds.map(idOf) }),
        ...(issuer == null ? {} : { issuer: party(issuer) }),
      },
    };
  },
  items: ({ items }) => ({ items: items.map(phaseItem) }),
  metadata: ({ metadata }) => (metadata === null ? {} : { metadata }),
  on_behalf_of: ({ on_behalf_of: account }) => (account === null ? {} : { on_behalf_of: idOf(account) }),
  proration_behavior: ({ proration_behavior: behavior }) => ({ proration_behavior: behavior }),
  start_date: ({ start_date }) => ({ start_date }),
  transfer_data: ({ transfer_data: transfer }) =>
    transfer === null
      ? {}
      : {
          transfer_data: {
            destination: idOf(transfer.destination),
            ...(transfer.amount_percent === null ? {} : { amount_percent: transfer.amount_percent }),
          },
        },
  trial: () => ({}),
  trial_end: ({ trial_end: end }, now) => (end === null || end <= now ? {} : { trial_end: end }),
};

/** A phase as an update takes it, with all that it says. @param now seconds, UTC, on the account's clock. */
export function phaseParams(phase: Phase, now: Seconds): Params {
  const parts = Object.values(SAID_AGAIN).map((read) => read(phase, now));
  return Object.assign({ items: [] }, ...parts) as Params;
}

/**
 * The running phase as an update takes it. What was changed on the subscription itself since the phase began, in the
 * Dashboard or by us, counts: an update makes the subscription what its running phase says.
 */
export function runningPhaseParams(phase: Phase, subscription: Stripe.Subscription, now: Seconds): Params {
  const { collection_method: collection, default_payment_method: method, days_until_due: due } = subscription;
  const said = phaseParams(phase, now);
  const rates = subscription.default_tax_rates ?? [];
  return {
    ...said,
    items: whatIsThere(subscription.items).map((item) => {
      const planned = phase.items.find(({ price }) => idOf(price) === item.price.id);
      return {
        ...(planned === undefined ? ownTerms(item) : phaseItem(planned)),
        price: item.price.id,
        ...(item.quantity === undefined ? {} : { quantity: item.quantity }),
      };
    }),
    collection_method: collection,
    ...(collection === 'send_invoice' && due !== null
      ? { invoice_settings: { ...said.invoice_settings, days_until_due: due } }
      : {}),
    ...(method === null ? {} : { default_payment_method: idOf(method) }),
    ...(rates.length === 0 ? {} : { default_tax_rates: rates.map(idOf) }),
    ...(subscription.discounts.length === 0
      ? {}
      : { discounts: subscription.discounts.map((one) => ({ discount: idOf(one) })) }),
  };
}

/** The phases that are not over, the running one first. */
export function phasesFrom(phases: readonly Phase[], now: Seconds): Phase[] {
  return phases.filter(({ end_date: end }) => end > now);
}

/** The phases up to a moment: the last one ends then, what would begin later is left out. */
export function phasesUntil(phases: readonly Phase[], end: Seconds): Phase[] {
  const kept = phases.filter(({ start_date: start }) => start < end);
  return kept.map((phase, index) => (index === kept.length - 1 ? { ...phase, end_date: end } : phase));
}

/** What a change makes of an item; undefined: it was not named, and stays. */
export interface PhaseChange {
  /** Stripe's ids of the price that was left. */
  fromPrices: readonly string[];
  fromQuantity: number | undefined;
  toPrice: string | undefined;
  toQuantity: number | undefined;
}

/**
 * Phases ahead after a change of price or quantity: what they had in common with the present goes along with it; where
 * the coach has planned another price or quantity, that stays.
 */
export function phasesChanged(phases: readonly Phase[], change: PhaseChange): Phase[] {
  const { fromPrices, fromQuantity, toPrice, toQuantity } = change;
  return phases.map((phase) => ({
    ...phase,
    items: phase.items.map((item) => {
      const isOwn = fromPrices.includes(idOf(item.price)) || idOf(item.price) === toPrice;
      if (!isOwn) return item;
      return {
        ...item,
        ...(toPrice === undefined ? {} : { price: toPrice, plan: toPrice }),
        ...(toQuantity === undefined || item.quantity !== fromQuantity ? {} : { quantity: toQuantity }),
      };
    }),
  }));
}

function phaseItem(item: Phase['items'][number]): Stripe.SubscriptionScheduleUpdateParams.Phase.Item {
  const { billing_thresholds: limits, discounts, metadata, price, quantity, tax_rates: rates } = item;
  return {
    price: idOf(price),
    ...(quantity === undefined ? {} : { quantity }),
    ...(limits?.usage_gte == null ? {} : { billing_thresholds: { usage_gte: limits.usage_gte } }),
    ...(discounts.length === 0 ? {} : { discounts: discounts.map(discount) }),
    ...(metadata === null ? {} : { metadata }),
    ...(rates == null || rates.length === 0 ? {} : { tax_rates: rates.map(idOf) }),
  };
}

/** What an item has of its own that no phase planned. */
function ownTerms(item: Stripe.SubscriptionItem): Stripe.SubscriptionScheduleUpdateParams.Phase.Item {
  const { discounts, metadata, tax_rates: rates } = item;
  return {
    metadata,
    ...(discounts.length === 0 ? {} : { discounts: discounts.map((one) => ({ discount: idOf(one) })) }),
    ...(rates == null || rates.length === 0 ? {} : { tax_rates: rates.map(idOf) }),
  };
}

function addedItem(
  item: Phase['add_invoice_items'][number],
): Stripe.SubscriptionScheduleUpdateParams.Phase.AddInvoiceItem {
  const { discountable, discounts, metadata, period, price, quantity, tax_rates: rates } = item;
  return {
    price: idOf(price),
    period,
    ...(discountable === null ? {} : { discountable }),
    ...(discounts.length === 0 ? {} : { discounts: discounts.map(discount) }),
    ...(metadata === null ? {} : { metadata }),
    ...(quantity === null ? {} : { quantity }),
    ...(rates == null || rates.length === 0 ? {} : { tax_rates: rates.map(idOf) }),
  };
}

/** A discount that is there is used on; else the code or coupon that makes one. Stripe takes one of the three. */
function discount(one: Phase['discounts'][number]): {
  coupon?: string;
  discount?: string;
  promotion_code?: string;
} {
  if (one.discount != null) return { discount: idOf(one.discount) };
  if (one.promotion_code != null) return { promotion_code: idOf(one.promotion_code) };
  return one.coupon == null ? {} : { coupon: idOf(one.coupon) };
}

function party<T extends string>({ account, type }: { account?: string | { id: string }; type: T }) {
  return { type, ...(account === undefined ? {} : { account: idOf(account) }) };
}

function withoutNulls<T extends object>(from: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== null)) as never;
}

function idOf(ref: string | { id: string }): string {
  return typeof ref === 'string' ? ref : ref.id;
}
