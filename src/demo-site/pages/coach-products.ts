import { randomUUID } from 'node:crypto';
import { type Html, html } from '../../api/http/html';
import { formatMoney } from '../../domain/money';
import type { Connection, Mode, Price, Product } from '../../session-client/types';
import { rhythm } from '../format';
import { action } from './coach-frame';

export interface ProductsFacts {
  mode: Mode;
  connection: Connection;
  catalog: { product: Product; prices: Price[] }[];
}

/** Settings › Products: create a product, add a price, and have its purchase link. */
export function productsPage({ mode, connection, catalog }: ProductsFacts): Html {
  const connected = connection.status === 'connected';
  return html`${
      connected
        ? null
        : html`<div class="notice">
            Prices are created in your Stripe account: <a href="/${mode}/coach">connect Stripe</a> to add one.
          </div>`
    }
    ${catalog.length === 0 ? html`<p>There are no products yet.</p>` : null}
    ${catalog.map((entry) => productCard(mode, connection, entry))}
    <section class="card">
      <h2>Create a product</h2>
      <form method="post" action="/${mode}/coach/products">
        <input type="hidden" name="requestId" value="${randomUUID()}" />
        <div class="row">
          <div class="grow">
            <label for="name">Name</label>
            <input id="name" name="name" required maxlength="200" placeholder="Evening yoga" />
          </div>
          <div class="grow">
            <label for="description">What members read about it</label>
            <input id="description" name="description" maxlength="1000" />
          </div>
          <button>Create product</button>
        </div>
      </form>
    </section>`;
}

function productCard(
  mode: Mode,
  connection: Connection,
  { product, prices }: ProductsFacts['catalog'][number],
): Html {
  return html`<section class="card" id="${product.id}">
    <div class="line">
      <h2>${product.name}</h2>
      <span class="push"
        >${action(`/${mode}/coach/products/${product.id}/archive`, 'Archive product', { kind: 'quiet small' })}</span
      >
    </div>
    <p class="soft">${product.description}</p>
    <ul class="list">
      ${prices.map((price) => priceLine(mode, price))}
    </ul>
    ${connection.status === 'connected' ? addPrice(mode, connection, product) : null}
  </section>`;
}

const STATES: Record<Price['status'], { words: string; look: string }> = {
  provisioning: { words: 'Being created in your Stripe account …', look: 'wait' },
  active: { words: 'Active', look: '' },
  failed: { words: 'Could not be created', look: 'bad' },
  archived: { words: 'Archived', look: 'bad' },
};

function priceLine(mode: Mode, price: Price): Html {
  const { words, look } = STATES[price.status];
  return html`<li>
    <div class="line">
      <strong>${formatMoney(price.unitAmount, price.currency)}</strong> ${rhythm(price.recurring)}
      <span class="state ${look}">${words}</span>
      <span class="push line">
        ${
          price.status === 'failed'
            ? action(`/${mode}/coach/prices/${price.id}/retry`, 'Try again', { kind: 'small' })
            : null
        }
        ${action(`/${mode}/coach/prices/${price.id}/archive`, 'Archive price', { kind: 'quiet small' })}
      </span>
    </div>
    ${price.failure === null ? null : html`<p class="soft">${price.failure.message}</p>`}
    ${
      price.status === 'active'
        ? html`<label for="link-${price.id}">Purchase link: put it behind a button, or into a mail</label>
            <input class="link" id="link-${price.id}" readonly value="${price.buyUrl}" />`
        : null
    }
  </li>`;
}

function addPrice(mode: Mode, connection: Connection, product: Product): Html {
  const currency = connection.defaultCurrency ?? 'usd';
  return html`<details>
    <summary>Add Price</summary>
    <form method="post" action="/${mode}/coach/products/${product.id}/prices">
      <input type="hidden" name="requestId" value="${randomUUID()}" />
      <div class="row">
        <div class="grow">
          <label for="amount-${product.id}">Amount</label>
          <input id="amount-${product.id}" name="amount" required inputmode="decimal" placeholder="19.00" />
        </div>
        <div>
          <label for="currency-${product.id}">Currency</label>
          <input
            id="currency-${product.id}"
            name="currency"
            required
            maxlength="3"
            size="4"
            value="${currency}"
          />
        </div>
        <div class="grow">
          <label for="rhythm-${product.id}">Charged</label>
          <select id="rhythm-${product.id}" name="rhythm">
            <option value="once">once</option>
            <option value="week">every week</option>
            <option value="month" selected>every month</option>
            <option value="year">every year</option>
          </select>
        </div>
        <button>Add Price</button>
      </div>
    </form>
  </details>`;
}
