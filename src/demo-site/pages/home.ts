import { randomUUID } from 'node:crypto';
import { type Html, html } from '../../api/http/html';
import { formatMoney } from '../../domain/money';
import type { Access, Mode } from '../../session-client/types';
import { rhythm } from '../format';
import type { Offer } from '../offers';
import type { Person } from '../visitor';
import { cardsAtHand } from './cards';

export interface HomeFacts {
  mode: Mode;
  person: Person | null;
  /** Whether the coach can sell; if not, why. */
  selling: { canSell: boolean; connected: boolean; reason: string };
  offers: { offer: Offer; access: Access | null }[];
}

/** The coach's front page: what there is to buy. */
export function homePage({ mode, person, selling, offers }: HomeFacts): Html {
  return html`<h1>Yoga that fits into a morning</h1>
    <p class="lead">Courses and a circle of people who practise together. Cancel whenever you like.</p>
    ${offers.length === 0 ? nothingToSell(mode, selling) : null}
    ${
      offers.length > 0 && !selling.canSell
        ? html`<div class="notice failed">
            Nothing can be bought at the moment: ${selling.reason}
            <a href="/${mode}/coach">Settings › Payments</a>
          </div>`
        : null
    }
    <div class="grid">${offers.map((entry) => offerCard(mode, person, selling.canSell, entry))}</div>
    ${cardsAtHand(mode)}`;
}

function nothingToSell(mode: Mode, selling: HomeFacts['selling']): Html {
  return selling.connected
    ? html`<div class="card">
        <h2>Nothing to buy yet</h2>
        <p>The Stripe account is connected. ${selling.reason}</p>
        <p><a class="button" href="/${mode}/coach/products">Create a product and add a price</a></p>
      </div>`
    : html`<div class="card">
        <h2>Nothing to buy yet</h2>
        <p>You are the coach here: connect Stripe first, then this page has offers.</p>
        <p><a class="button" href="/${mode}/coach">Connect Stripe</a></p>
      </div>`;
}

function offerCard(
  mode: Mode,
  person: Person | null,
  canSell: boolean,
  { offer: { product, price }, access }: HomeFacts['offers'][number],
): Html {
  const label = price.recurring === null ? 'Buy' : 'Subscribe';
  return html`<article class="card">
    <h2>${product.name}</h2>
    <p>${product.description}</p>
    <p class="price">
      ${formatMoney(price.unitAmount, price.currency)} <small>${rhythm(price.recurring)}</small>
    </p>
    <div class="end">
      ${
        access?.access === true
          ? html`<p><span class="state">You have access</span></p>
              <a class="button quiet" href="/${mode}/members">Go to the lessons</a>`
          : !canSell
            ? html`<p class="soft">Not for sale at the moment.</p>`
            : person === null
              ? html`<a class="button wide-button" href="${price.buyUrl}">${label}</a>`
              : html`<form method="post" action="/${mode}/buy">
                  <input type="hidden" name="priceId" value="${price.id}" />
                  <input type="hidden" name="requestId" value="${randomUUID()}" />
                  <button class="wide-button">${label} as ${person.name}</button>
                </form>`
      }
    </div>
  </article>`;
}
