import { invalidRequest } from '../http/errors';
import type { CheckoutSession, SessionLine } from '../objects/checkout-session';

/** How many things a session may offer beside, and how many lines it may have with them, by what they are. */
const MOST = { beside: 10, payment: 100, subscription: 20 };

/**
 * Refuses what cannot be offered beside what a session sells:
 * https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-optional_items
 */
export function refuseOptional(
  lines: readonly SessionLine[],
  optional: readonly SessionLine[],
  mode: 'payment' | 'subscription',
): void {
  if (optional.length === 0) return;
  const tooMany = (most: number) =>
    invalidRequest(`Array optional_items exceeded maximum ${most} allowed elements.`, 'optional_items');
  if (optional.length > MOST.beside) throw tooMany(MOST.beside);
  const all = [...lines, ...optional];
  for (const type of ['one_time', 'recurring'])
    if (all.filter(({ price }) => price?.type === type).length > MOST[mode]) throw tooMany(MOST[mode]);
  optional.forEach((line, index) => {
    const param = `optional_items[${index}][price]`;
    if (all.filter(({ price }) => price?.id === line.price?.id).length > 1)
      throw invalidRequest('The price is among the line items or the optional items already.', param);
    if (line.price?.type === 'recurring' && !lines.some((sold) => isAsOften(sold, line)))
      throw invalidRequest('A recurring optional item needs the interval of the line items.', param);
  });
}

function isAsOften({ price: one }: SessionLine, { price: other }: SessionLine): boolean {
  const [a, b] = [one?.recurring, other?.recurring];
  return a?.interval === b?.interval && a?.interval_count === b?.interval_count;
}

/** As the session object shows them: what was offered, whether it was taken or not. */
export function shownOptional(optional: readonly SessionLine[]): CheckoutSession['optional_items'] {
  if (optional.length === 0) return undefined;
  return optional.map(({ price, quantity, adjustable_quantity }) => ({
    adjustable_quantity,
    price: price?.id ?? '',
    quantity: quantity ?? 1,
  }));
}

/** What is offered beside, and whether it is among the lines. */
export function offeredBeside(session: CheckoutSession): { line: SessionLine; isTaken: boolean }[] {
  const { lines, optional = [] } = session._emu;
  return optional.map((line) => ({ line, isTaken: lines.some(({ id }) => id === line.id) }));
}

/** The payer takes something that is offered beside, or leaves it again: `add_item_0`, `remove_item_0`. */
export function chooseOptional(session: CheckoutSession, action: string | undefined): void {
  const [, verb, index] = /^(add|remove)_item_(\d+)$/.exec(action ?? '') ?? [];
  const offered = offeredBeside(session)[Number(index)];
  if (offered === undefined || offered.isTaken === (verb === 'add')) return;
  const plan = session._emu;
  if (verb === 'add') plan.lines.push({ ...offered.line });
  else plan.lines = plan.lines.filter(({ id }) => id !== offered.line.id);
}
