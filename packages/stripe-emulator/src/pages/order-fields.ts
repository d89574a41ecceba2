import { MOST_OF_A_LINE } from '../checkout/totals';
import { offeredBeside } from '../checkout/optional-items';
import { decimalsOf, formatMoney } from '../money';
import type { CheckoutSession, SessionLine } from '../objects/checkout-session';
import type { Space } from '../space';
import { html, type Html } from './html';

/** What the payer may choose about the order: quantities, an amount, what is offered beside, a promotion code. */
export function orderFields(space: Space, session: CheckoutSession): Html[] {
  const { lines } = session._emu;
  const adjustable = lines.some((line) => line.adjustable_quantity?.enabled);
  const fields = [
    ...lines.map(quantityField),
    ...(adjustable
      ? [
          html`<p>
            <button type="submit" name="action" value="update" class="plain">Update quantity</button>
          </p>`,
        ]
      : []),
    ...lines.flatMap((line) => amountField(line) ?? []),
    ...offeredBeside(session).map(optionalField),
    ...(session.allow_promotion_codes ? [promotionField(space, session)] : []),
  ].filter(({ text }) => text !== '');
  // The first button of a form is the one that Enter presses: it pays, as without these fields.
  return fields.length === 0 ? [] : [html`<button type="submit" hidden></button>`, ...fields];
}

function quantityField(line: SessionLine, index: number): Html {
  const bounds = line.adjustable_quantity;
  if (!bounds?.enabled) return html``;
  return html`<label for="quantity_${index}">Quantity of ${line.description}</label>
    <input
      id="quantity_${index}"
      name="quantity_${index}"
      type="number"
      min="${Math.max(1, bounds.minimum ?? 1)}"
      max="${bounds.maximum ?? MOST_OF_A_LINE}"
      value="${line.quantity ?? 1}"
    />`;
}

function amountField(line: SessionLine): Html | undefined {
  const custom = line.price?.custom_unit_amount;
  if (!custom) return undefined;
  const bounds = [
    custom.minimum === null ? '' : `from ${formatMoney(custom.minimum, line.currency)}`,
    custom.maximum === null ? '' : `up to ${formatMoney(custom.maximum, line.currency)}`,
  ].join(' ');
  const decimals = decimalsOf(line.currency);
  const value = line.amount_subtotal > 0 ? (line.amount_subtotal / 10 ** decimals).toFixed(decimals) : '';
  return html`<label for="unit_amount">Amount in ${line.currency.toUpperCase()} ${bounds}</label>
    <input id="unit_amount" name="unit_amount" inputmode="decimal" autocomplete="off" value="${value}" />`;
}

/** Something that is offered beside: https://docs.stripe.com/payments/checkout/optional-items */
function optionalField({ line, isTaken }: ReturnType<typeof offeredBeside>[number], index: number): Html {
  const verb = isTaken ? 'remove' : 'add';
  return html`<p class="item" data-testid="optional-item">
    <span>${line.description}</span>
    <span>${formatMoney(line.amount_subtotal, line.currency)}</span>
    <button type="submit" name="action" value="${verb}_item_${index}" class="plain">
      ${isTaken ? 'Remove' : 'Add'} ${line.description}
    </button>
  </p>`;
}

function promotionField(space: Space, session: CheckoutSession): Html {
  const id = session.discounts?.[0]?.promotion_code;
  if (id) {
    return html`<p>
      Promotion code <strong>${space.find('promotion_code', id)?.code ?? ''}</strong>
      <button type="submit" name="action" value="remove_promotion_code" class="plain">Remove</button>
    </p>`;
  }
  return html`<label for="promotion_code">Promotion code</label>
    <input id="promotion_code" name="promotion_code" autocomplete="off" />
    <p><button type="submit" name="action" value="apply_promotion_code" class="plain">Apply</button></p>`;
}
