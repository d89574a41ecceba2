/**
 * Copying what a coach has in test mode to live mode: what there is to do for each thing. Pure; src/store/live-copy reads and
 * writes the rows. A thing is compared three ways: as it is in test mode, as it is in live mode, and as it was in test mode when
 * it was copied last. Only what was changed in test mode since is carried over, so that nothing done in live mode is undone.
 */

/**
 * What is copied, in the order in which it is brought: a price after its product, what is offered beside it after all prices, a coupon after the products that it is limited
 * to, what is offered who cancels after the coupon. A new kind is a name here and a file in src/store/live-copy.
 */
export const COPY_KINDS = [
  'settings',
  'mail_settings',
  'mail_text',
  'product',
  'price',
  'offers_beside',
  'coupon',
  'promotion_code',
  'cancel_offer',
  'webhook_endpoint',
] as const;
export type CopyKind = (typeof COPY_KINDS)[number];

/** What there is to do. */
export const COPY_ACTIONS = ['new', 'change', 'same', 'impossible'] as const;
export type CopyAction = (typeof COPY_ACTIONS)[number];

/** Why something cannot be copied, and what to do: stable codes, and sentences for those who read no code. */
export const COPY_REASONS = {
  archived_in_test: 'It is archived in test mode. What is archived is not copied.',
  product_archived_in_test: 'Its product is archived in test mode. Put it on sale there, or leave it.',
  not_on_sale_in_test:
    'It is not on sale in test mode: Stripe did not take it, or has not yet. Make it work there first.',
  archived_in_live: 'It was archived in live mode, so changes of it are not brought there.',
  product_archived_in_live: 'Its product was archived in live mode. Make a new product in test mode instead.',
  off_sale_in_live:
    'It was archived or deleted in the Stripe Dashboard. Put it on sale again on the page of the product in live mode.',
  currency_not_possible:
    'The Stripe account of live mode cannot charge in this currency. Make a price in another currency.',
  live_not_connected: 'No Stripe account is connected in live mode. Connect it, and copy again.',
  removed_in_live: 'It was deleted in live mode, so it is not made again.',
  receiver_not_allowed:
    'The address is none that events may be sent to: it has to begin with https:// and be public.',
  too_many_receivers: 'There are as many webhook endpoints in live mode as there may be. Delete one there.',
  not_usable_in_test:
    'Nobody can use it in test mode: Stripe did not take it, or has not yet, or it was deleted or switched off in the Dashboard. Make it work there first.',
  expired: 'It has expired. Make another one in test mode.',
  product_not_copied: 'It is limited to a product that is not copied. Make one in test mode without that.',
  price_not_copied: 'A price that belongs to it is not copied. Choose others in test mode.',
  coupon_not_copied: 'Its coupon is not copied. Choose or make another one in test mode.',
  code_taken_in_live: 'Live mode has another code of this word. Archive that, or choose another word.',
  deleted_at_stripe:
    'It was deleted or switched off in the Stripe Dashboard. See the page of coupons in live mode for what can be done.',
  refused_in_live:
    'Stripe did not take it in live mode. See the page of coupons in live mode for why. A code of another word can be made in test mode.',
} as const;
export type CopyReason = keyof typeof COPY_REASONS;

/** What should be known of something that is copied. */
export const COPY_NOTES = {
  disabled_until_secret:
    'It is made with a secret of its own and switched off. A new secret shows it once and switches it on.',
  already_there: 'Live mode has the same already.',
  name_in_live: 'Live mode has another product of this name. Both will be there.',
  replaces: 'It replaces the price that nobody has bought in live mode.',
  sold_stays:
    'The price that it replaces was sold in live mode. It stays on sale as it is; archive it there.',
} as const;
export type CopyNote = keyof typeof COPY_NOTES;

/** A field that differs, as it is in live mode and as it will be. */
export interface CopyChange {
  field: string;
  from: unknown;
  to: unknown;
}

/** What is to be done with a thing. */
export interface CopyDecision {
  action: CopyAction;
  reason: CopyReason | null;
}

const SAME: CopyDecision = { action: 'same', reason: null };
const impossible = (reason: CopyReason): CopyDecision => ({ action: 'impossible', reason });

/** Values as JSON has them: what is left out is null. */
type Fields = Readonly<Record<string, unknown>>;
const isEqual = (one: unknown, other: unknown) =>
  JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/**
 * What of the fields was changed in test mode since they were copied, and is otherwise in live mode.
 * @param copied as they were in test mode when they were copied last; for what has a default, the defaults before that
 * @param sets names of fields that are sets of words: what was added and taken away is carried over, the rest stays
 */
export function changesOf(
  fields: { test: Fields; live: Fields; copied: Fields },
  sets: readonly string[] = [],
): CopyChange[] {
  const { test, live, copied } = fields;
  return Object.keys(test).flatMap((field) => {
    if (isEqual(test[field], copied[field])) return [];
    const to = sets.includes(field)
      ? mergedSet(test[field] as string[], live[field] as string[], (copied[field] ?? []) as string[])
      : test[field];
    return isEqual(to, live[field]) ? [] : [{ field, from: live[field] ?? null, to: to ?? null }];
  });
}

function mergedSet(test: string[], live: string[], copied: string[]): string[] {
  const gone = copied.filter((word) => !test.includes(word));
  const added = test.filter((word) => !copied.includes(word) && !live.includes(word));
  return [...live.filter((word) => !gone.includes(word)), ...added];
}

/** The fields as changes make them. */
export const changedBy = (changes: readonly CopyChange[]): Record<string, unknown> =>
  Object.fromEntries(changes.map(({ field, to }) => [field, to]));

type Shelf = 'active' | 'archived';

/** A product. @param live null: there is none; `gone`: there was one */
export function decideProduct(facts: { test: Shelf; live: Shelf | null; changes: number }): CopyDecision {
  const { test, live, changes } = facts;
  if (test === 'archived') return live === 'archived' ? SAME : impossible('archived_in_test');
  if (live === null) return { action: 'new', reason: null };
  if (changes === 0) return SAME;
  return live === 'archived' ? impossible('archived_in_live') : { action: 'change', reason: null };
}

/** What is known of a price and its product in both modes. */
export interface PriceFacts {
  test: 'provisioning' | 'active' | 'failed' | 'archived';
  testProduct: Shelf;
  /** Null: there is none. */
  live: 'provisioning' | 'active' | 'failed' | 'archived' | null;
  /** Null: it comes with the copying. */
  liveProduct: Shelf | null;
  /** It was archived or deleted in the Dashboard of the live account. */
  isOffSale: boolean;
  /** The live account has refused the currency. */
  isCurrencyRefused: boolean;
  isFree: boolean;
  isLiveConnected: boolean;
  changes: number;
}

/** A price. One that is there keeps its terms whatever happens: only its name follows. */
export function decidePrice(facts: PriceFacts): CopyDecision {
  const { test, live } = facts;
  if (test === 'archived') return live === 'archived' ? SAME : impossible('archived_in_test');
  if (live === null) return decideNewPrice(facts);
  if (live === 'archived') return facts.changes === 0 ? SAME : impossible('archived_in_live');
  if (live === 'failed') {
    if (facts.isOffSale) return impossible('off_sale_in_live');
    if (facts.isCurrencyRefused) return impossible('currency_not_possible');
    if (!facts.isLiveConnected) return impossible('live_not_connected');
    return { action: 'change', reason: null };
  }
  return facts.changes === 0 ? SAME : { action: 'change', reason: null };
}

function decideNewPrice(facts: PriceFacts): CopyDecision {
  if (facts.testProduct === 'archived') return impossible('product_archived_in_test');
  if (facts.test !== 'active') return impossible('not_on_sale_in_test');
  if (facts.liveProduct === 'archived') return impossible('product_archived_in_live');
  if (!facts.isFree && !facts.isLiveConnected) return impossible('live_not_connected');
  return { action: 'new', reason: null };
}

/** What is known of a price that a new one replaced in test mode, in live mode. */
export interface ReplacedInLive {
  status: 'provisioning' | 'active' | 'failed' | 'archived';
  isSold: boolean;
  /** Another price replaces it already, or is about to. */
  isReplaced: boolean;
}

/**
 * Whether a new price takes the place of the one that it replaced in test mode, in live mode too. What was sold is never
 * touched: it stays on sale beside the new one until the coach archives it.
 */
export function decideReplacing(old: ReplacedInLive | null): 'replaces' | 'sold_stays' | null {
  if (old === null || old.status === 'archived') return null;
  if (old.isSold) return 'sold_stays';
  return old.isReplaced ? null : 'replaces';
}

/** As coupons and their codes stand. */
type CouponStanding = 'pending' | 'active' | 'failed' | 'archived';

/** What is known of a coupon in both modes. */
export interface CouponFacts {
  test: CouponStanding;
  /** Null: there is none. */
  live: CouponStanding | null;
  /** It was deleted in the Dashboard of the live account. */
  isDeletedAtStripe: boolean;
  isExpired: boolean;
  /** Each product that it is limited to is in live mode, or comes with the copying. */
  areProductsCopied: boolean;
  isLiveConnected: boolean;
}

/** A coupon. What one takes off never changes, in either mode; one that Stripe did not take is tried again. */
export function decideCoupon(facts: CouponFacts): CopyDecision {
  const { test, live } = facts;
  if (test === 'archived') return live === 'archived' ? SAME : impossible('archived_in_test');
  if (live !== null && live !== 'failed') return SAME;
  if (live === 'failed' && facts.isDeletedAtStripe) return impossible('deleted_at_stripe');
  if (test !== 'active') return impossible('not_usable_in_test');
  if (facts.isExpired) return impossible('expired');
  if (!facts.areProductsCopied) return impossible('product_not_copied');
  if (!facts.isLiveConnected) return impossible('live_not_connected');
  return { action: live === null ? 'new' : 'change', reason: null };
}

/** What is known of a code in both modes. */
export interface CodeFacts {
  test: CouponStanding;
  live: CouponStanding | null;
  isSwitchedOffAtStripe: boolean;
  isExpired: boolean;
  /** Its coupon in live mode; `comes`: with the copying, anew or once more. */
  coupon: 'there' | 'comes' | 'missing';
  isLiveConnected: boolean;
  /** Another code of live mode has its word. */
  isTaken: boolean;
}

/** A promotion code. One that failed with its coupon comes with that; any other that failed is the coach's to look at. */
export function decideCode(facts: CodeFacts): CopyDecision {
  const { test, live, coupon } = facts;
  if (test === 'archived') return live === 'archived' ? SAME : impossible('archived_in_test');
  if (live === 'failed') {
    if (coupon === 'comes') return SAME;
    return impossible(facts.isSwitchedOffAtStripe ? 'deleted_at_stripe' : 'refused_in_live');
  }
  if (live !== null) return SAME;
  if (test !== 'active') return impossible('not_usable_in_test');
  if (facts.isExpired) return impossible('expired');
  if (coupon === 'missing')
    return impossible(facts.isLiveConnected ? 'coupon_not_copied' : 'live_not_connected');
  return facts.isTaken ? impossible('code_taken_in_live') : { action: 'new', reason: null };
}

/**
 * What is offered who cancels. @param isCouponCopied the coupon that test mode offers is in live mode, or comes with the
 * copying; so is none
 */
export function decideOffer({
  changes,
  isCouponCopied,
}: {
  changes: number;
  isCouponCopied: boolean;
}): CopyDecision {
  return changes > 0 && !isCouponCopied ? impossible('coupon_not_copied') : decideChoices(changes);
}

/** What is offered beside a price. @param arePricesCopied each of the prices is in live mode, or comes with the copying */
export function decideOffersBeside({
  changes,
  arePricesCopied,
}: {
  changes: number;
  arePricesCopied: boolean;
}): CopyDecision {
  return changes > 0 && !arePricesCopied ? impossible('price_not_copied') : decideChoices(changes);
}

/** A receiver of events. @param live `gone`: it was deleted in live mode */
export function decideEndpoint(facts: {
  live: 'there' | 'gone' | null;
  isAllowed: boolean;
  /** Live mode tells the same address already. */
  isTold: boolean;
  isRoomLeft: boolean;
  changes: number;
}): CopyDecision {
  if (facts.live === 'gone') return impossible('removed_in_live');
  if (facts.live === null && facts.isTold) return SAME;
  if (facts.live === 'there' && facts.changes === 0) return SAME;
  if (!facts.isAllowed) return impossible('receiver_not_allowed');
  if (facts.live === 'there') return { action: 'change', reason: null };
  return facts.isRoomLeft ? { action: 'new', reason: null } : impossible('too_many_receivers');
}

/** What is copied whole, and there once for each mode. */
export function decideChoices(changes: number): CopyDecision {
  return changes === 0 ? SAME : { action: 'change', reason: null };
}
