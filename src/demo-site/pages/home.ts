import type { Access, Mode, Price } from '@session/sdk';
import { type Html, html } from '../../html';
import { priceInWords } from '../format';
import type { Offer } from '../offers';
import { type Buyer, buyButton } from './buy-button';
import { cardsAtHand } from './cards';

export interface HomeFacts {
  mode: Mode;
  buyer: Buyer;
  /** Whether the coach can sell; if not, why. */
  selling: { canSell: boolean; connected: boolean; reason: string };
  offers: { offer: Offer; access: Access | null }[];
  /** Prices are just being created. */
  creating: boolean;
  /** The coach's console, in this mode. */
  consoleUrl: string;
}

/** The coach's front page: what there is to buy. */
export function homePage({ mode, buyer, selling, offers, creating, consoleUrl }: HomeFacts): Html {
  return html`<h1>Yoga that fits into a morning</h1>
    <p class="lead">Courses and a circle of people who practise together. Cancel whenever you like.</p>
    ${offers.length === 0 ? nothingToSell({ mode, selling, creating, consoleUrl }) : null}
    ${
      offers.length > 0 && !selling.canSell
        ? html`<div class="notice failed">
            Nothing can be bought at the moment: ${selling.reason}
            <a href="${consoleUrl}/settings/payments">Settings › Payments</a>
          </div>`
        : null
    }
    <div class="grid">${offers.map((entry) => offerCard(mode, buyer, selling.canSell, entry))}</div>
    ${cardsAtHand(mode)}`;
}

function nothingToSell({
  mode,
  selling,
  creating,
  consoleUrl,
}: Pick<HomeFacts, 'mode' | 'selling' | 'creating' | 'consoleUrl'>): Html {
  if (creating)
    return html`<div class="card" role="status">
      <h2>Just a moment</h2>
      <p>Session is creating the prices in the Stripe account. This page looks again by itself.</p>
    </div>`;
  return selling.connected
    ? html`<div class="card">
        <h2>Nothing to buy yet</h2>
        <p>The Stripe account is connected. ${selling.reason}</p>
        <form method="post" action="/${mode}/samples">
          <button>Put two sample offers on sale</button>
        </form>
        <p>
          Or make your own: <a href="${consoleUrl}/settings/products">create a product and add a price</a>.
        </p>
      </div>`
    : html`<div class="card">
        <h2>Nothing to buy yet</h2>
        <p>You are the coach here: connect Stripe first, then this page has offers.</p>
        <p><a class="button" href="${consoleUrl}/settings/payments">Connect Stripe in the console</a></p>
      </div>`;
}

function offerCard(
  mode: Mode,
  buyer: Buyer,
  canSell: boolean,
  { offer: { product, prices }, access }: HomeFacts['offers'][number],
): Html {
  return html`<article class="card">
    <h2>${product.name}</h2>
    <p>${product.description}</p>
    <div class="end">
      ${
        access?.access === true
          ? html`<p><span class="state">You have access</span></p>
              <a class="button quiet" href="/${mode}/members">Go to the lessons</a>`
          : prices.map((price) => wayToPay(buyer, canSell && !price.soldOut, price))
      }
    </div>
  </article>`;
}

function wayToPay(buyer: Buyer, canBuy: boolean, price: Price): Html {
  const { amount, more } = priceInWords(price);
  return html`<p class="price">${amount} <small>${more}</small></p>
    ${
      canBuy
        ? buyButton(price, buyer, 'nothing')
        : html`<p class="soft">${price.soldOut ? 'Sold out.' : 'Not for sale at the moment.'}</p>`
    }`;
}
