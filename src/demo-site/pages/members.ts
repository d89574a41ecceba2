import type { Access, Mode, Price, Product } from '@session/sdk';
import { type Html, html } from '../../html';
import { dateTime, nextInWords } from '../format';
import { type Buyer, buyButton } from './buy-button';

/** What only members see; for everybody else, why they do not. */
export function membersPage(
  mode: Mode,
  buyer: Buyer,
  entries: { product: Product; access: Access | null; prices: Price[] }[],
): Html {
  const { person } = buyer;
  return html`<h1>Members only</h1>
    ${
      person === null
        ? html`<p class="lead">Sign in at the top of the page to see what you have bought.</p>`
        : html`<p class="lead">
            What ${person.name} may see. The site asks <code>GET /v1/access</code> each time.
          </p>`
    }
    ${
      entries.length === 0
        ? html`<div class="card"><p>There are no courses yet.</p></div>`
        : entries.map((entry) =>
            entry.access?.access === true ? open(entry.product, entry.access) : closed(mode, buyer, entry),
          )
    }`;
}

function open(product: Product, access: Access): Html {
  return html`<article class="card">
    <div class="line">
      <h2>${product.name}</h2>
      <span class="state push">Open</span>
    </div>
    <p>${access.explanation} ${until(access)}</p>
    ${access.next === null ? null : html`<p class="soft">${nextInWords(access.next)}</p>`}
    <ol class="steps">
      <li>Arriving: ten quiet breaths</li>
      <li>Standing: four movements, slowly</li>
      <li>Resting: five minutes on your back</li>
    </ol>
  </article>`;
}

function closed(
  mode: Mode,
  buyer: Buyer,
  { product, access, prices }: { product: Product; access: Access | null; prices: Price[] },
): Html {
  return html`<article class="card">
    <div class="line">
      <h2>${product.name}</h2>
      <span class="state ${access?.reason === 'payment_pending' ? 'wait' : 'bad'} push">Closed</span>
    </div>
    ${
      access === null
        ? html`<p>For members. Sign in, or have a look at <a href="/${mode}">the offers</a>.</p>`
        : html`<p>${access.explanation}</p>
            ${access.next === null ? null : html`<p class="soft">${nextInWords(access.next)}</p>`}
            <div class="row">${prices.map((price) => buyButton(price, buyer, 'price'))}</div>`
    }
  </article>`;
}

function until({ until: end }: Access): string {
  return end === null ? 'It has no end.' : `As things stand, access lasts until ${dateTime(end)}.`;
}
