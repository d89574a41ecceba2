import type { Price } from '@session/sdk';
import { type Html, html } from '../../html';
import { buyLabel } from '../format';
import type { Person } from '../visitor';

/** Who is looking, and the token that says so to Session. */
export interface Buyer {
  person: Person | null;
  token: string | null;
}

/**
 * The button of `/buy.js`, and inside it the link for browsers without scripts.
 * @param price its price is said by the button, unless the page does
 */
export function buyButton(price: Price, { person, token }: Buyer, says: 'price' | 'nothing'): Html {
  const label = person === null ? buyLabel(price) : `${buyLabel(price)} as ${person.name}`;
  const link = token === null ? price.buyUrl : `${price.buyUrl}?member=${encodeURIComponent(token)}`;
  return html`<session-buy
    price="${price.id}"
    label="${label}"
    token="${token ?? ''}"
    show-price="${says === 'price' ? 'yes' : 'no'}"
    ><a class="button wide-button" href="${link}">${label}</a></session-buy
  >`;
}
