import type { Response } from 'express';
import type { Coupon, Price } from '../../db/generated/client';
import { dayIn } from '../../domain/language';
import { formatMoney } from '../../domain/money';
import { type ProblemError, PROBLEMS } from '../../domain/problem';
import { toDate } from '../../domain/time';
import { html } from '../../html';
import type { previewChange } from '../memberships/price-change-preview';
import type { CancelOffer } from './cancel-offer';
import type { Allowed, Held } from './holdings';
import { priceOf } from './overview-view';
import { dayOf, type FormFields, hidden, sendMemberPage, type Shell } from './shell';

/** Letters of a reason that are kept. */
export const LONGEST_REASON = 500;

/** What the page of a cancellation has: what may be cancelled, and what is offered beside it. */
interface CancelForm {
  allowed: Allowed;
  fields: FormFields;
  offer: { offer: CancelOffer; fields: FormFields } | null;
}

/** Asks when it is to end, and, if they like, why. */
export function sendCancel(
  res: Response,
  shell: Shell,
  held: Held,
  { allowed, fields, offer }: CancelForm,
): void {
  const { words, base, coach } = shell;
  const { cancel } = words;
  const { cancelAt } = allowed;
  const date = held.paidThrough === null ? null : dayIn(words.language, held.paidThrough);
  sendMemberPage(res, shell, {
    title: cancel.title(held.product.name),
    body: html`<h1>${cancel.title(held.product.name)}</h1>
      <form method="post" action="${base}/memberships/${held.id}/cancel">
        ${hidden(fields)}
        <fieldset>
          <legend>${cancel.when}</legend>
          ${cancelAt.map(
            (at, i) =>
              html`<label class="option"
                  ><input type="radio" name="at" value="${at}" required ${i === 0 && html`checked`} />${
                    at === 'now' ? cancel.now : cancel.atEnd(date)
                  }</label
                >${at === 'now' && html`<p class="soft">${cancel.nowHint}</p>`}`,
          )}
        </fieldset>
        <label for="reason">${cancel.reason}</label>
        <textarea
          id="reason"
          name="reason"
          maxlength="${LONGEST_REASON}"
          aria-describedby="who-reads"
        ></textarea>
        <p id="who-reads" class="soft">${cancel.reasonHint(coach.name)}</p>
        <button>${cancel.confirm}</button>
      </form>
      <a class="button second" href="${base}">${cancel.keep}</a>
      ${offer !== null && offerView(shell, held, offer)}`,
  });
}

/**
 * What the coach offers, below the cancellation and beside its way: the form above is whole without it, comes first, and takes no
 * step more (docs/decisions/0074-an-offer-beside-the-cancellation.md).
 */
function offerView(shell: Shell, held: Held, { offer, fields }: NonNullable<CancelForm['offer']>) {
  const { words, base, coach } = shell;
  const text =
    offer.kind === 'pause'
      ? words.offer.pause(dayIn(words.language, toDate(offer.until)))
      : words.offer.coupon(offOf(shell, offer.coupon), lastsOf(offer.coupon));
  return html`<section aria-labelledby="offer">
    <h2 id="offer">${words.offer.title(coach.name)}</h2>
    <p>${text}</p>
    <p class="soft">${words.offer.hint}</p>
    <form method="post" action="${base}/memberships/${held.id}/offer">
      ${hidden(fields)}
      <button class="second">
        ${offer.kind === 'pause' ? words.offer.takePause : words.offer.takeCoupon}
      </button>
    </form>
  </section>`;
}

const offOf = ({ words }: Shell, { percentOff, amountOff, currency }: Coupon): string =>
  percentOff === null
    ? formatMoney(amountOff ?? 0, currency ?? 'eur', words.language)
    : new Intl.NumberFormat(words.language, { style: 'percent', maximumFractionDigits: 2 }).format(
        percentOff / 100,
      );

const lastsOf = ({ duration, months }: Coupon): number | 'once' | 'forever' =>
  duration === 'repeating' ? (months ?? 1) : duration;

/** The prices to choose from. */
export function sendPrices(res: Response, shell: Shell, held: Held, prices: readonly Price[]): void {
  const { words, base } = shell;
  const { change } = words;
  sendMemberPage(res, shell, {
    title: change.title(held.product.name),
    body: html`<h1>${change.title(held.product.name)}</h1>
      ${
        prices.length === 0
          ? html`<p>${change.none}</p>`
          : html`<form method="get" action="${base}/memberships/${held.id}/price">
              <fieldset>
                <legend>${change.choose}</legend>
                ${prices.map(
                  (price, i) =>
                    html`<label class="option"
                      ><input
                        type="radio"
                        name="to"
                        value="${price.id}"
                        required
                        ${i === 0 && html`checked`}
                      />${
                        price.nickname === null ? null : html`${price.nickname}: `
                      }${priceOf(shell, { price, quantity: held.quantity })}</label
                    >`,
                )}
              </fieldset>
              <button>${change.show}</button>
            </form>`
      }
      <a class="button second" href="${base}">${words.back}</a>`,
  });
}

type Preview = Awaited<ReturnType<typeof previewChange>>;

/** What another price costs, and the button that makes it so. */
export function sendPreview(
  res: Response,
  shell: Shell,
  { held, price, preview, fields }: { held: Held; price: Price; preview: Preview; fields: FormFields },
): void {
  const { words, base } = shell;
  const { change } = words;
  const { currency } = preview;
  const money = (amount: number) => formatMoney(amount, currency, words.language);
  const { charged, credited } = preview.now;
  sendMemberPage(res, shell, {
    title: change.title(held.product.name),
    body: html`<h1>${change.previewTitle}</h1>
      <dl>
        <dt>${change.to}</dt>
        <dd>${priceOf(shell, { price, quantity: held.quantity })}</dd>
        ${
          charged > 0 &&
          html`<dt>${change.chargedNow}</dt>
            <dd>${money(charged)}</dd>`
        }
        ${
          credited > 0 &&
          html`<dt>${change.creditedNow}</dt>
            <dd>${money(credited)}</dd>`
        }
      </dl>
      ${charged === 0 && html`<p>${change.nothingNow}</p>`}
      ${preview.next !== null && html`<p>${change.next(dayIn(words.language, new Date(preview.next.at)), money(preview.next.charged))}</p>`}
      ${preview.access.until !== null && html`<p class="soft">${words.until}: ${dayOf(shell, preview.access.until)}</p>`}
      <form method="post" action="${base}/memberships/${held.id}/price" class="guarded">
        ${hidden(fields)}
        <input type="hidden" name="to" value="${price.id}" />
        <input type="hidden" name="from" value="${preview.prorationDate ?? ''}" />
        <button>${change.confirm}</button>
      </form>
      <a class="button second" href="${base}">${words.back}</a>`,
  });
}

/** Says that it was not done, and why, in the member's words. */
export function sendRefusal(res: Response, shell: Shell, problem: ProblemError): void {
  const { words, base } = shell;
  sendMemberPage(res, shell, {
    title: words.problemTitle,
    status: PROBLEMS[problem.code].status,
    body: html`<h1>${words.problemTitle}</h1>
      <p role="status">${words.problems[problem.code] ?? words.later}</p>
      <a class="button" href="${base}">${words.back}</a>`,
  });
}

/** A plain sentence with the way back. */
export function sendSentence(res: Response, shell: Shell, text: string, status: number): void {
  sendMemberPage(res, shell, {
    title: shell.words.title,
    status,
    body: html`<h1>${shell.words.title}</h1>
      <p role="status">${text}</p>
      <a class="button" href="${shell.base}">${shell.words.back}</a>`,
  });
}
