import type { Response } from 'express';
import { priceInWords } from '../../domain/pricing-words';
import type { ConsentKind } from '../../domain/withdrawal';
import { PROBLEMS, type ProblemError } from '../../domain/problem';
import { html, sendPage } from '../../html';
import type { Offer } from '../catalog/offered-price';
import { RETRY_AFTER } from '../http/problem';
import { leastTotalInWords, placesLeft, wordsFor } from './buy-words';

/** What the page's form needs besides the offer. */
export interface Form {
  action: string;
  /** Nobody vouches for the browser: what is free asks for an e-mail address. */
  anonymous: boolean;
  /** What was typed before. */
  email: string;
  /** Who asks has had the product's trial, and is promised none. */
  withoutTrial: boolean;
  seatsLeft: number | null;
  /** What the coach has buyers agree to; null: nothing. */
  consent: { kind: ConsentKind; text: string; language: string } | null;
}

/**
 * The page of an offer: what is sold, why it cannot be bought, and the form, unless trying again is of no use.
 * @param formTargets origins that the form may lead to
 */
export function sendOffer(
  res: Response,
  offer: Offer,
  form: Form,
  problem: ProblemError | null,
  formTargets: string[],
): void {
  const terms = form.withoutTrial ? { ...offer, trialDays: null } : offer;
  const { amount, rhythm, details } = priceInWords(terms);
  const least = leastTotalInWords(offer);
  const status = problem === null ? 200 : PROBLEMS[problem.code].status;
  if (status === 503) res.setHeader('Retry-After', RETRY_AFTER);
  const wrong = problem?.details['field'];
  const isWrongField = wrong === 'email' || wrong === 'consent';
  const again = problem === null || status >= 500 || status === 429 || isWrongField;
  const isFree = offer.model === 'free';
  const payUrl = problem?.code === 'payment_open' ? problem.details['payUrl'] : null;
  const words = isWrongField
    ? wrong === 'email'
      ? 'Please check the e-mail address.'
      : 'Please tick the box to go on.'
    : offer.status === 'archived'
      ? 'This price is no longer sold.'
      : problem !== null && wordsFor(problem);
  const askEmail =
    isFree &&
    form.anonymous &&
    html`<label for="email">Your e-mail address</label>
      <input
        id="email"
        name="email"
        type="email"
        autocomplete="email"
        required
        maxlength="254"
        value="${form.email}"
      />`;
  const { consent } = form;
  const askConsent =
    consent !== null &&
    html`<label lang="${consent.language}"
      ><input type="checkbox" name="consent" value="${consent.kind}" required />${consent.text}</label
    >`;
  sendPage(
    res,
    {
      title: `${offer.product.name} · ${offer.product.coach.name}`,
      status: offer.status === 'archived' ? 410 : status,
      body: html`<p class="soft">
          ${offer.product.coach.name} ${offer.mode === 'test' && html`<span class="badge">Test mode</span>`}
        </p>
        <h1>${offer.product.name}</h1>
        ${offer.product.description !== null && html`<p>${offer.product.description}</p>`}
        <p class="price">${amount} <span>${rhythm}</span></p>
        ${details.map((detail) => html`<p class="soft">${detail}</p>`)}
        ${least !== null && html`<p class="soft">${least}</p>`}
        ${form.seatsLeft !== null && form.seatsLeft > 0 && html`<p class="soft">${placesLeft(form.seatsLeft)}</p>`}
        ${words !== false && html`<p role="status"><strong>${words}</strong></p>`}
        ${
          problem?.code.startsWith('member_token') === true &&
          html`<p class="soft">For the seller: ${problem.message} ${PROBLEMS[problem.code].todo}</p>`
        }
        ${typeof payUrl === 'string' && html`<a class="button" href="${payUrl}">Pay what is open</a>`}
        ${
          again &&
          html`<form method="post" action="${form.action}">
            ${askEmail}${askConsent}<button>${isFree ? 'Get it for free' : 'Continue to payment'}</button>
          </form>`
        }
        ${again && html`<p class="soft">${isFree ? 'There is nothing to pay.' : "You pay on Stripe's own page."}</p>`}`,
    },
    formTargets,
  );
}

/** The address names nothing that is sold. */
export function sendUnknown(res: Response): void {
  sendPage(res, {
    title: 'Not found',
    status: 404,
    body: html`<h1>There is nothing for sale here</h1>
      <p>Check the address, or go back to the site that brought you here.</p>`,
  });
}

/** Where the browser ends that got something free, and that the coach sends nowhere else. */
export function sendThanks(res: Response): void {
  sendPage(res, {
    title: 'Thank you',
    body: html`<h1>Thank you</h1>
      <p>Your access is ready. You can close this page.</p>`,
  });
}
