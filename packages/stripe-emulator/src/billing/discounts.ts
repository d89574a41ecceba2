import { invalidRequest } from '../http/errors';
import { newDiscount, type Coupon, type Discount, type PromotionCode } from '../objects/discount';
import type { Invoice } from '../objects/invoice';
import type { Subscription } from '../objects/subscription';
import type { Space } from '../space';
import { addIntervals } from './periods';

/** How a request or a payer names what makes something cheaper. */
export interface DiscountInput {
  coupon?: string | undefined;
  promotion_code?: string | undefined;
  /** An existing discount, kept as it is. */
  discount?: string | undefined;
}

/** What a discount is going to be taken from: whether a promotion code's conditions are met. */
export interface DiscountTarget {
  customer: string | null;
  currency: string;
  /** Minor units; undefined where a minimal amount makes no sense yet. */
  subtotal?: number | undefined;
}

/** Something with an amount (minor units) that discounts lower. */
export interface Discountable {
  amount: number;
  product: string | null;
  discountable: boolean;
}

/** Whether a coupon can be redeemed once more: https://docs.stripe.com/api/coupons/object#coupon_object-valid */
export function isRedeemable(coupon: Coupon, now: number): boolean {
  if (coupon.redeem_by !== null && coupon.redeem_by <= now) return false;
  return coupon.max_redemptions === null || coupon.times_redeemed < coupon.max_redemptions;
}

/** Creates the discounts that a request asks for. Throws Stripe's refusals, naming `param`. */
export function readDiscounts(
  space: Space,
  inputs: DiscountInput[],
  target: DiscountTarget,
  param = 'discounts',
): Discount[] {
  return inputs.map((input, index) => {
    const path = `${param}[${index}]`;
    const given = [input.coupon, input.promotion_code, input.discount].filter((id) => id !== undefined);
    if (given.length !== 1) {
      throw invalidRequest(
        `You must specify exactly one of \`coupon\`, \`promotion_code\` or \`discount\` in \`${path}\`.`,
        path,
      );
    }
    if (input.discount !== undefined) return space.get('discount', input.discount, `${path}[discount]`);
    if (input.coupon !== undefined) {
      const coupon = space.get('coupon', input.coupon, `${path}[coupon]`);
      return createDiscount(space, coupon, null, target, `${path}[coupon]`);
    }
    const code = space.get('promotion_code', input.promotion_code ?? '', `${path}[promotion_code]`);
    return discountOfCode(space, code, target, `${path}[promotion_code]`);
  });
}

/** The discount of a promotion code, if its conditions are met: https://docs.stripe.com/billing/subscriptions/coupons#promotion-codes */
export function discountOfCode(
  space: Space,
  code: PromotionCode,
  target: DiscountTarget,
  param: string,
): Discount {
  const coupon = space.find('coupon', code.promotion.coupon);
  const now = space.now();
  const expired = code.expires_at !== null && code.expires_at <= now;
  const used = code.max_redemptions !== null && code.times_redeemed >= code.max_redemptions;
  if (!coupon || !code.active || expired || used) {
    throw invalidRequest(
      `This promotion code cannot be redeemed because ${expired ? 'it has expired' : used ? 'it has been redeemed too often' : 'it is not active'}.`,
      param,
      'promotion_code_inactive',
    );
  }
  const refuse = (why: string): Error =>
    invalidRequest(`This promotion code cannot be redeemed because ${why}.`, param);
  if (code.customer !== null && code.customer !== target.customer) {
    throw refuse('it belongs to another customer');
  }
  const { restrictions } = code;
  if (restrictions.first_time_transaction && target.customer !== null && hasPaid(space, target.customer)) {
    throw refuse('the associated customer has prior transactions');
  }
  if (restrictions.minimum_amount !== null && target.subtotal !== undefined) {
    if (restrictions.minimum_amount_currency !== target.currency) throw refuse('its currency is another one');
    if (target.subtotal < restrictions.minimum_amount) throw refuse('the minimum amount is not reached');
  }
  return createDiscount(space, coupon, code, target, param);
}

function createDiscount(
  space: Space,
  coupon: Coupon,
  code: PromotionCode | null,
  target: DiscountTarget,
  param: string,
): Discount {
  if (!isRedeemable(coupon, space.now())) {
    throw invalidRequest(`Coupon expired: ${coupon.id}`, param, 'coupon_expired');
  }
  if (coupon.currency !== null && coupon.currency !== target.currency) {
    throw invalidRequest(
      `The coupon ${coupon.id} takes off an amount in ${coupon.currency}, but the currency here is ${target.currency}.`,
      param,
    );
  }
  const start = space.now();
  const discount = newDiscount({ coupon, promotionCode: code?.id ?? null, start, end: endOf(coupon, start) });
  discount.customer = target.customer;
  return space.put('discount', discount);
}

function endOf(coupon: Coupon, start: number): number | null {
  if (coupon.duration !== 'repeating') return null;
  return addIntervals(start, { interval: 'month', interval_count: 1 }, coupon.duration_in_months ?? 1);
}

function hasPaid(space: Space, customer: string): boolean {
  return space.listBy('charge', 'customer', customer).some(({ status }) => status === 'succeeded');
}

/**
 * A discount begins to count for somebody: it is redeemed, and the world hears of it. That the coupon and the promotion
 * code were redeemed once more is an update of theirs.
 */
export function redeem(space: Space, id: string, fill: (draft: Discount) => void): Discount {
  const known = space.get('discount', id);
  const discount = space.update('discount', id, (draft) => {
    draft.start = space.now();
    draft.end = endOf(draft._emu.coupon, draft.start);
    fill(draft);
  });
  const coupon = known.source.coupon ? space.find('coupon', known.source.coupon) : undefined;
  if (coupon) {
    space.change('coupon', coupon.id, 'coupon.updated', (draft) => {
      draft.times_redeemed += 1;
      draft.valid = isRedeemable(draft, space.now());
    });
  }
  if (known.promotion_code) {
    space.change('promotion_code', known.promotion_code, 'promotion_code.updated', (draft) => {
      draft.times_redeemed += 1;
      if (draft.max_redemptions !== null && draft.times_redeemed >= draft.max_redemptions)
        draft.active = false;
    });
  }
  // A one-off payment uses a discount up; nobody keeps it.
  if (discount.subscription !== null) space.emit('customer.discount.created', discount);
  return discount;
}

/** Takes a discount from a subscription that is stored or about to be; its form as a deleted object. */
export function dropDiscount(space: Space, id: string): object {
  const discount = space.get('discount', id);
  space.emit('customer.discount.deleted', discount);
  const { end: _end, ...rest } = discount;
  return { ...rest, deleted: true };
}

/**
 * What each discount takes from each line (minor units), one after the other from what the former left. An amount is spread
 * over the lines by their size: https://docs.stripe.com/billing/subscriptions/coupons
 */
export function shareDiscounts(discounts: Discount[], lines: Discountable[]): Map<string, number[]> {
  const left = lines.map(({ amount }) => amount);
  const result = new Map<string, number[]>();
  for (const discount of discounts) {
    const { coupon } = discount._emu;
    const products = coupon._emu.products;
    const bases = lines.map((line, index) => {
      const meant = products.length === 0 || (line.product !== null && products.includes(line.product));
      return line.discountable && meant ? Math.max(0, left[index] ?? 0) : 0;
    });
    const shares =
      coupon.percent_off === null
        ? spread(coupon.amount_off ?? 0, bases)
        : bases.map((base) => Math.round((base * (coupon.percent_off ?? 0)) / 100));
    shares.forEach((share, index) => (left[index] = (left[index] ?? 0) - share));
    result.set(discount.id, shares);
  }
  return result;
}

/** Splits an amount by the size of the parts, never more than there is, without losing a cent. */
function spread(amount: number, bases: number[]): number[] {
  const whole = bases.reduce((sum, base) => sum + base, 0);
  const off = Math.min(amount, whole);
  let sumOfBases = 0;
  let given = 0;
  return bases.map((base) => {
    sumOfBases += base;
    const share = (whole === 0 ? 0 : Math.round((off * sumOfBases) / whole)) - given;
    given += share;
    return share;
  });
}

/** The discounts of a subscription that count at a time. */
export function discountsAt(space: Space, ids: string[], now: number): Discount[] {
  return ids.flatMap((id) => space.find('discount', id) ?? []).filter(({ end }) => end === null || now < end);
}

/** Writes discounts into an invoice that is not stored yet; its sums are made afterwards. */
export function discountInvoice(space: Space, invoice: Invoice, ids: string[]): void {
  const discounts = discountsAt(space, ids, space.now());
  const lines = invoice.lines.data;
  const shares = shareDiscounts(
    discounts,
    lines.map((line) => ({
      amount: line.amount,
      product: line.pricing?.price_details.product ?? null,
      discountable: line.discountable,
    })),
  );
  invoice.discounts = discounts.map(({ id }) => id);
  invoice.total_discount_amounts = discounts.map(({ id: discount }) => ({
    amount: (shares.get(discount) ?? []).reduce((sum, share) => sum + share, 0),
    discount,
  }));
  lines.forEach((line, index) => {
    line.discount_amounts = discounts.flatMap(({ id: discount }) => {
      const amount = shares.get(discount)?.[index] ?? 0;
      return amount > 0 ? [{ amount, discount }] : [];
    });
  });
}

/** After an invoice is final: discounts for one invoice have done what they were for. */
export function spendDiscounts(space: Space, invoice: Invoice): void {
  const id = invoice.parent?.subscription_details.subscription;
  const subscription = id ? space.find('subscription', id) : undefined;
  if (!subscription) return;
  const spent = invoice.total_discount_amounts
    .filter(({ amount, discount }) => amount > 0 && subscription.discounts.includes(discount))
    .map(({ discount }) => discount)
    .filter((discount) => space.get('discount', discount)._emu.coupon.duration === 'once');
  if (spent.length === 0) return;
  space.update('subscription', subscription.id, (draft) => {
    draft.discounts = draft.discounts.filter((discount) => !spent.includes(discount));
  });
  for (const discount of spent) dropDiscount(space, discount);
}

/** Takes away what no longer counts, from a subscription that is not stored yet. */
export function dropEndedDiscounts(space: Space, next: Subscription): void {
  const kept = discountsAt(space, next.discounts, space.now()).map(({ id }) => id);
  for (const id of next.discounts) if (!kept.includes(id)) dropDiscount(space, id);
  next.discounts = kept;
}

/** What a price costs after the discounts that a subscription has at present; both in minor units. */
export function discounted(
  space: Space,
  subscription: Subscription,
  amount: number,
  product: string,
): number {
  const discounts = discountsAt(space, subscription.discounts, space.now());
  const shares = shareDiscounts(discounts, [{ amount, product, discountable: true }]);
  return [...shares.values()].reduce((rest, [share]) => rest - (share ?? 0), amount);
}

/** Gives a subscription that is not stored yet the discounts that a request asks for; they are redeemed afterwards. */
export function setDiscounts(
  space: Space,
  next: Subscription,
  inputs: DiscountInput[] | '' | undefined,
): Discount[] {
  if (inputs === undefined) return [];
  const wanted = readDiscounts(space, inputs === '' ? [] : inputs, {
    customer: next.customer,
    currency: next.currency,
  });
  const before = next.discounts;
  next.discounts = wanted.map(({ id }) => id);
  for (const id of before) if (!next.discounts.includes(id)) dropDiscount(space, id);
  return wanted.filter(({ id }) => !before.includes(id));
}
