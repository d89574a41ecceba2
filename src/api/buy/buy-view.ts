import type { Language } from '../../domain/language';
import type { Response } from 'express';
import { startAhead } from '../../domain/pricing';
import { priceInWords } from '../../domain/pricing-words';
import type { ConsentKind } from '../../domain/withdrawal';
import { PROBLEMS, type ProblemError } from '../../domain/problem';
import { currenciesOf } from '../../domain/currency-options';
import { html, type Html, sendPage } from '../../html';
import type { Offer } from '../catalog/offered-price';
import type { Seconds } from '../../domain/time';
import { RETRY_AFTER } from '../http/problem';
import { type Look, styleOf } from './buy-look';
import { askReminder, type ReminderForm } from './buy-reminder';
import { sumsOf } from './buy-sums';
import { buyWordsIn, leastTotalInWords, wordsFor } from './buy-texts';

/** What the page's form needs besides the offer. */
export interface Form {
  language: Language;
  action: string;
  /** Nobody vouches for the browser: what is free asks for an e-mail address. */
  anonymous: boolean;
  /** What was typed before. */
  email: string;
  quantity: string;
  /** The promotion code that the link brought, or that was typed. */
  code: string;
  /** Whether the page asks for one. */
  askCode: boolean;
  /** Who asks has had the product's trial, and is promised none. */
  withoutTrial: boolean;
  seatsLeft: number | null;
  look: Look;
  /** The account's now: seconds, UTC. */
  now: Seconds;
  /** Stripe works out the tax. */
  taxed: boolean;
  /** The box was ticked before. */
  isAgreed: boolean;
  /** What the coach has buyers agree to; null: nothing. */
  consent: { kind: ConsentKind; text: string; language: string } | null;
  /** The buyer may ask to be reminded; null: the coach has not chosen that. */
  reminder: ReminderForm | null;
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
  const beginsAt = startAhead(offer.accessStartsAt, form.now);
  const terms = { ...offer, beginsAt, ...(form.withoutTrial ? { trialDays: null } : {}) };
  const { language } = form;
  const words = buyWordsIn(language);
  const { amount, rhythm, details } = priceInWords(terms, language);
  const least = leastTotalInWords(offer, language);
  const status = problem === null ? 200 : PROBLEMS[problem.code].status;
  if (status === 503) res.setHeader('Retry-After', RETRY_AFTER);
  const wrong = problem?.details['field'];
  const isWrongField = wrong === 'email' || wrong === 'consent' || wrong === 'quantity';
  const isWrongCode = problem?.code === 'promotion_code_refused';
  const again = problem === null || status >= 500 || status === 429 || isWrongField || isWrongCode;
  const isFree = offer.model === 'free';
  const payUrl = problem?.code === 'payment_open' ? problem.details['payUrl'] : null;
  const said = isWrongField
    ? wrong === 'quantity'
      ? words.wrong.quantity(offer.maxQuantity)
      : words.wrong[wrong]
    : offer.status === 'archived'
      ? words.noLongerSold
      : problem !== null && wordsFor(problem, language);
  const askEmail =
    isFree &&
    form.anonymous &&
    html`<label for="email">${words.email}</label>
      <input
        id="email"
        name="email"
        type="email"
        autocomplete="email"
        required
        maxlength="254"
        value="${form.email}"
      />`;
  const askQuantity =
    offer.maxQuantity > 1 &&
    html`<label for="quantity">${words.quantity(offer.maxQuantity)}</label>
      <input
        id="quantity"
        name="quantity"
        type="number"
        min="1"
        max="${offer.maxQuantity}"
        step="1"
        required
        value="${form.quantity}"
      /><button class="second" name="show" value="total" formnovalidate>${words.showTotal}</button>`;
  const askCode =
    (form.askCode || isWrongCode) &&
    !isFree &&
    html`<label for="code">${words.code}</label>
      <input
        id="code"
        name="code"
        autocomplete="off"
        autocapitalize="characters"
        maxlength="64"
        value="${form.code}"
      />`;
  const sums = sumsOf(
    { ...offer, trialDays: terms.trialDays },
    { ...form, quantity: Number(form.quantity) || 1 },
  );
  const included = [...offer.product.features, ...offer.alsoGives.map(({ product }) => product.name)];
  const { consent } = form;
  const askConsent =
    consent !== null &&
    html`<label lang="${consent.language}"
      ><input
        type="checkbox"
        name="consent"
        value="${consent.kind}"
        required${form.isAgreed && html` checked`}
      />${consent.text}</label
    >`;
  sendPage(
    res,
    {
      title: `${offer.product.name} · ${offer.product.coach.name}`,
      language,
      style: styleOf(form.look),
      image: form.look.logoUrl,
      status: offer.status === 'archived' ? 410 : status,
      body: html`${form.look.logoUrl !== null && html`<img class="logo" src="${form.look.logoUrl}" alt="" />`}
        <p class="soft">
          ${offer.product.coach.name}
          ${offer.mode === 'test' && html`<span class="badge">${words.testMode}</span>`}
        </p>
        <h1>${offer.product.name}</h1>
        ${offer.product.description !== null && html`<p>${offer.product.description}</p>`}
        <p class="price">${amount} <span>${rhythm}</span></p>
        ${currenciesIn(offer, form, words.currency)}
        ${details.map((detail) => html`<p class="soft">${detail}</p>`)}
        ${
          included.length > 0 &&
          html`<h2>${words.included}</h2>
            <ul>
              ${included.map((line) => html`<li>${line}</li>`)}
            </ul>`
        }
        ${least !== null && html`<p class="soft">${least}</p>`}
        ${form.seatsLeft !== null && form.seatsLeft > 0 && html`<p class="soft">${words.placesLeft(form.seatsLeft)}</p>`}
        ${said !== false && html`<p role="status"><strong>${said}</strong></p>`}
        ${
          problem?.code.startsWith('member_token') === true &&
          html`<p class="soft">
            ${words.forTheSeller} <span lang="en">${problem.message} ${PROBLEMS[problem.code].todo}</span>
          </p>`
        }
        ${typeof payUrl === 'string' && html`<a class="button" href="${payUrl}">${words.payOpen}</a>`}
        ${
          again &&
          html`<form method="post" action="${form.action}">
            ${askEmail}${askQuantity}${askCode}${
              sums.length > 0 &&
              html`<dl class="sums">
                ${sums.map(
                  ({ name, text }) =>
                    html`<div>
                      <dt>${name}</dt>
                      <dd>${text}</dd>
                    </div>`,
                )}
              </dl>`
            }${askConsent}${askReminder(form.reminder, words)}<button>
              ${isFree ? words.get : words.buy}
            </button>
          </form>`
        }
        ${again && html`<p class="soft">${isFree ? words.nothingToPay : words.atStripe}</p>`}`,
    },
    formTargets,
  );
}

/** Links to the page in each currency of the price; false: it has one. */
function currenciesIn(offer: Offer, { action }: Form, label: string): Html | false {
  const currencies = currenciesOf(offer).sort();
  if (currencies.length === 1) return false;
  const address = new URL(action, 'https://page.invalid');
  return html`<ul class="currencies" aria-label="${label}">
    ${currencies.map((currency) => {
      address.searchParams.set('currency', currency);
      const code = currency.toUpperCase();
      return currency === offer.currency
        ? html`<li><span aria-current="true">${code}</span></li>`
        : html`<li><a href="${address.pathname}${address.search}">${code}</a></li>`;
    })}
  </ul>`;
}

/** The address names nothing that is sold. */
export function sendUnknown(res: Response, language: Language): void {
  const { unknown } = buyWordsIn(language);
  sendPage(res, {
    title: unknown.title,
    language,
    status: 404,
    body: html`<h1>${unknown.heading}</h1>
      <p>${unknown.text}</p>`,
  });
}

/** Where the browser ends that got something free, and that the coach sends nowhere else. */
export function sendThanks(res: Response, language: Language): void {
  const { thanks } = buyWordsIn(language);
  sendPage(res, {
    title: thanks.title,
    language,
    body: html`<h1>${thanks.title}</h1>
      <p>${thanks.text}</p>`,
  });
}
