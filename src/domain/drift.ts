import { DAY, isoTimeOrNull, type Seconds, toDateOrNull } from './time';

/** What is compared of a membership: as it is written down here, and as Stripe has it now. */
export interface Compared {
  /** Stripe's own word for the subscription's status. */
  status: string | null;
  cancelAt: Seconds | null;
  resumesAt: Seconds | null;
  trialEnd: Seconds | null;
  collectionMethod: string | null;
  items: readonly { stripePriceId: string; quantity: number }[];
}

export const DIFFERENCES = [
  'subscription',
  'status',
  'cancelAt',
  'resumesAt',
  'trialEnd',
  'collectionMethod',
  'items',
] as const;

/** One thing that is not as Stripe has it. Times are ISO 8601 in UTC; null: there is none. */
export interface Difference {
  field: (typeof DIFFERENCES)[number];
  here: string | null;
  stripe: string | null;
}

/** What a comparison found, as `Membership.difference` holds it. */
export interface FoundDifference {
  /** Seconds, UTC. */
  foundAt: Seconds;
  differences: Difference[];
}

/** `differs`: a look has not settled it yet; `repaired`: it was looked at since. */
export const COMPARISON_STATES = ['in_order', 'repaired', 'differs'] as const;
export type ComparisonState = (typeof COMPARISON_STATES)[number];

/** An account's memberships are compared once in so many seconds. */
export const COMPARE_EVERY: Seconds = DAY;

/** While it stands so, the row says what Stripe plans; otherwise the decision has taken that out of it. */
const PLANNED = ['active', 'trialing', 'canceling', 'past_due'];

const asTime = (at: Seconds | null): string | null => isoTimeOrNull(toDateOrNull(at));

const asItems = (items: Compared['items']): string =>
  items
    .map(({ stripePriceId, quantity }) => `${stripePriceId} × ${quantity}`)
    .sort()
    .join(', ');

/**
 * What of a membership is not as Stripe has it. What a decision has set aside (what ended, what is suspended) is compared by
 * Stripe's status alone; a plan of installments ends by a schedule of ours, which the row does not repeat.
 * @param membership its status here, and whether it is paid in installments
 * @param stripe null: Stripe has no such subscription
 */
export function differencesOf(
  membership: { status: string; hasInstallments: boolean },
  here: Compared,
  stripe: Compared | null,
): Difference[] {
  if (stripe === null) return [{ field: 'subscription', here: here.status, stripe: null }];
  const isPlanned = PLANNED.includes(membership.status);
  const pairs: [Difference['field'], boolean, string | null, string | null][] = [
    ['status', true, here.status, stripe.status],
    ['cancelAt', isPlanned && !membership.hasInstallments, asTime(here.cancelAt), asTime(stripe.cancelAt)],
    ['resumesAt', isPlanned, asTime(here.resumesAt), asTime(stripe.resumesAt)],
    ['trialEnd', isPlanned, asTime(here.trialEnd), asTime(stripe.trialEnd)],
    ['collectionMethod', isPlanned, here.collectionMethod, stripe.collectionMethod],
    // A row of before they were kept has none.
    ['items', isPlanned && here.items.length > 0, asItems(here.items), asItems(stripe.items)],
  ];
  return pairs.flatMap(([field, counts, ours, theirs]) =>
    counts && ours !== theirs ? [{ field, here: ours, stripe: theirs }] : [],
  );
}

/**
 * Where a membership stands after its last comparison.
 * @param comparedAt when that was; `differsSince` the first one that found what it still found, `verifiedAt` the last look
 */
export function comparisonState(of: {
  comparedAt: Seconds;
  differsSince: Seconds | null;
  verifiedAt: Seconds;
}): ComparisonState {
  if (of.differsSince === null) return 'in_order';
  // Found again the day after, it was not settled by the look in between.
  const isNew = of.differsSince === of.comparedAt;
  return isNew && of.verifiedAt >= of.comparedAt ? 'repaired' : 'differs';
}
