import { discountOfCode, shareDiscounts } from '../billing/discounts';
import { invalidRequest, StripeError } from '../http/errors';
import { decimalsOf, formatMoney, leastCharge, leastInWords } from '../money';
import type { CheckoutSession, SessionLine } from '../objects/checkout-session';
import type { Discount } from '../objects/discount';
import type { Space } from '../space';
import { chooseOptional } from './optional-items';

/** Quantities that a payer may choose where the creator sets no bounds: https://docs.stripe.com/payments/checkout/adjustable-quantity */
export const MOST_OF_A_LINE = 99;

/** The lines that are paid for today: recurring ones are not while a trial runs. */
export function dueLines(session: CheckoutSession): SessionLine[] {
  const { lines, trialDays, trialEnd } = session._emu;
  return trialDays === null && trialEnd === null
    ? lines
    : lines.filter((line) => line.price?.type === 'one_time');
}

/** Computes what the lines and the whole cost, after discounts. The session is not stored yet. */
export function sumUpSession(space: Space, session: CheckoutSession): void {
  if (session.mode === 'setup') return;
  const due = dueLines(session);
  const shares = [...sharesOf(space, session).values()];
  due.forEach((line, index) => {
    line.amount_discount = shares.reduce((sum, parts) => sum + (parts[index] ?? 0), 0);
    line.amount_total = line.amount_subtotal - line.amount_discount;
  });
  const total = (field: 'amount_discount' | 'amount_subtotal' | 'amount_total'): number =>
    due.reduce((sum, line) => sum + line[field], 0);
  session.amount_subtotal = total('amount_subtotal');
  session.amount_total = total('amount_total');
  session.total_details.amount_discount = total('amount_discount');
}

/** Whether something is due, but less than can be charged. What the payer chooses is looked at when it is chosen. */
function isTooLittle({ amount_total: total, currency, _emu }: CheckoutSession): boolean {
  const chosen = _emu.lines.some((line) => line.price?.custom_unit_amount);
  return !chosen && total !== null && currency !== null && total > 0 && total < leastCharge(currency);
}

/** Refuses a session of less than can be charged, whatever a coupon has made of it; nothing at all may be due. */
export function refuseTooLittle(session: CheckoutSession): void {
  if (!isTooLittle(session)) return;
  throw invalidRequest(
    `The Checkout Session's total amount due must add up to at least ${leastInWords(session.currency ?? 'usd')}`,
    undefined,
    'amount_too_small',
  );
}

/** What each discount takes from each line that is due. */
function sharesOf(space: Space, session: CheckoutSession): Map<string, number[]> {
  const lines = dueLines(session).map((line) => ({
    amount: line.amount_subtotal,
    product: line.price?.product ?? null,
    discountable: true,
  }));
  return shareDiscounts(discountsOf(space, session), lines);
}

export function discountsOf(space: Space, session: CheckoutSession): Discount[] {
  return session._emu.discounts.map((id) => space.get('discount', id));
}

/** `total_details.breakdown` of a session: https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-total_details-breakdown */
export function breakdownOf(space: Space, id: string): object {
  const session = space.get('checkout.session', id);
  const shares = sharesOf(space, session);
  const discounts = discountsOf(space, session).map((discount) => ({
    amount: (shares.get(discount.id) ?? []).reduce((sum, share) => sum + share, 0),
    discount,
  }));
  return { discounts, taxes: [] };
}

/** The discounts of one line of a session. */
export function discountsOfLine(space: Space, lineId: string): object[] {
  for (const session of space.listBy('checkout.session', 'line', lineId)) {
    const index = dueLines(session).findIndex(({ id }) => id === lineId);
    if (index < 0) continue;
    const shares = sharesOf(space, session);
    return discountsOf(space, session).flatMap((discount) => {
      const amount = shares.get(discount.id)?.[index] ?? 0;
      return amount > 0 ? [{ amount, discount }] : [];
    });
  }
  return [];
}

/**
 * What the payer has chosen on the page: quantities (`quantity_0`, …), an amount (`unit_amount`, in major units) and a
 * promotion code, and which of the optional items are taken. Gives the sentence for the payer when something does not fit; nothing has changed then.
 */
export function applyChoices(space: Space, id: string, form: Record<string, string>): string | undefined {
  try {
    space.emulator.db.attempt(
      () => space.update('checkout.session', id, (draft) => choose(space, draft, form)),
      () => false,
    );
    return undefined;
  } catch (error) {
    if (error instanceof ChoiceError) return error.message;
    throw error;
  }
}

class ChoiceError extends Error {}

function choose(space: Space, session: CheckoutSession, form: Record<string, string>): void {
  session._emu.lines.forEach((line, index) => {
    chooseQuantity(line, form[`quantity_${index}`]);
    chooseAmount(line, form.unit_amount);
  });
  chooseOptional(session, form.action);
  if (form.action === 'remove_promotion_code' && session.allow_promotion_codes) {
    session._emu.discounts = [];
    session.discounts = [];
  }
  const code = form.promotion_code?.trim();
  if (code && form.action !== 'remove_promotion_code') choosePromotion(space, session, code);
  checkMinimum(space, session);
  sumUpSession(space, session);
  if (isTooLittle(session)) {
    throw new ChoiceError(`The total has to be at least ${leastInWords(session.currency ?? 'usd')}.`);
  }
}

function chooseQuantity(line: SessionLine, value: string | undefined): void {
  const bounds = line.adjustable_quantity;
  if (value === undefined || value.trim() === '' || !bounds?.enabled) return;
  const quantity = /^\s*\d{1,6}\s*$/.test(value) ? Number(value) : Number.NaN;
  const least = Math.max(1, bounds.minimum ?? 1);
  const most = bounds.maximum ?? MOST_OF_A_LINE;
  if (!(quantity >= least && quantity <= most)) {
    throw new ChoiceError(`The quantity has to be between ${least} and ${most}.`);
  }
  line.amount_subtotal = unitOf(line) * quantity;
  line.quantity = quantity;
}

function chooseAmount(line: SessionLine, value: string | undefined): void {
  const custom = line.price?.custom_unit_amount;
  if (!custom || value === undefined || value.trim() === '') return;
  const { currency } = line;
  const amount = /^\s*\d{1,9}([.,]\d{1,3})?\s*$/.test(value)
    ? Number(value.trim().replace(',', '.')) * 10 ** decimalsOf(currency)
    : Number.NaN;
  const rounded = Math.round(amount);
  if (Number.isNaN(amount) || Math.abs(amount - rounded) > 1e-6) {
    throw new ChoiceError('Enter a valid amount.');
  }
  const least = custom.minimum ?? leastCharge(currency);
  if (rounded < least) {
    throw new ChoiceError(`The amount has to be at least ${formatMoney(least, currency)}.`);
  }
  if (custom.maximum !== null && rounded > custom.maximum) {
    throw new ChoiceError(`The amount can be at most ${formatMoney(custom.maximum, currency)}.`);
  }
  line.amount_subtotal = rounded * (line.quantity ?? 1);
}

/** Minor units that one piece of a line costs. */
function unitOf(line: SessionLine): number {
  return Math.round(line.amount_subtotal / (line.quantity ?? 1));
}

function choosePromotion(space: Space, session: CheckoutSession, text: string): void {
  if (!session.allow_promotion_codes) throw new ChoiceError('This code is invalid.');
  const codes = space.listBy('promotion_code', 'code', text.toLowerCase());
  const code = codes.find(({ active }) => active) ?? codes[0];
  if (!code) throw new ChoiceError('This code is invalid.');
  if (session.discounts?.some(({ promotion_code }) => promotion_code === code.id)) return;
  try {
    const target = {
      customer: session.customer,
      currency: session.currency ?? '',
      subtotal: session._emu.lines.reduce((sum, line) => sum + line.amount_subtotal, 0),
    };
    const discount = discountOfCode(space, code, target, 'promotion_code');
    useDiscounts(space, session, [discount]);
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    const expired = error.fields.code === 'coupon_expired' || /expired/.test(error.message);
    throw new ChoiceError(
      expired ? 'This code has expired.' : `This code is invalid. ${error.message.replace('promotion ', '')}`,
    );
  }
}

/** A smaller quantity can take away what a promotion code asks for. */
function checkMinimum(space: Space, session: CheckoutSession): void {
  const subtotal = session._emu.lines.reduce((sum, line) => sum + line.amount_subtotal, 0);
  for (const { promotion_code: id } of session.discounts ?? []) {
    const least = id ? (space.find('promotion_code', id)?.restrictions.minimum_amount ?? 0) : 0;
    if (subtotal < least) {
      throw new ChoiceError(
        `The promotion code needs an order of at least ${formatMoney(least, session.currency ?? 'usd')}.`,
      );
    }
  }
}

/** From now on these discounts count for a session that is not stored yet. */
export function useDiscounts(space: Space, session: CheckoutSession, discounts: Discount[]): void {
  session._emu.discounts = discounts.map(({ id }) => id);
  session.discounts = discounts.map(({ promotion_code, source }) => ({
    coupon: promotion_code === null ? source.coupon : null,
    promotion_code,
  }));
  for (const { id } of discounts)
    space.update('discount', id, (draft) => (draft.checkout_session = session.id));
}

/** Why the amount that the payer chooses is still missing, if it is. */
export function missingAmount(session: CheckoutSession): string | undefined {
  const open = session._emu.lines.find((line) => line.price?.custom_unit_amount && line.amount_subtotal <= 0);
  return open ? 'Enter an amount.' : undefined;
}
