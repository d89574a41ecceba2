import type { Response } from 'express';
import type { Member, Payment, Product, Withdrawal } from '../../db/generated/client';
import { dayIn, momentIn } from '../../domain/language';
import { formatMoney } from '../../domain/money';
import { rhythmInWords } from '../../domain/rhythm-words';
import type { OpenInvoice } from '../../domain/open-invoice';
import { toDate, toSeconds } from '../../domain/time';
import { withdrawalEnd } from '../../domain/withdrawal';
import { type Html, html } from '../../html';
import { owes } from '../memberships/open-payment';
import type { Allowed, Held, Holding } from './holdings';
import { dayOf, type FormFields, hidden, sendMemberPage, type Shell } from './shell';
import { whoIs } from './sign-in-view';
import { consentOf, withdrawalsOf } from './withdrawal-view';

/** All that the page shows. */
export interface Overview {
  member: Member;
  holdings: Holding[];
  payments: (Payment & { product: Product })[];
  /** Whether Stripe has a card of theirs, on the account that is connected. */
  hasCard: boolean;
  allowed: (held: Held) => Allowed;
  mayWithdraw: (held: Held) => boolean;
  withdrawals: (Withdrawal & { productName: string | null })[];
  /** The fields of a form that does something to something. */
  fields: (action: string, id: string) => FormFields;
  /** What was done just now. */
  done: string | null;
}

export function sendOverview(res: Response, shell: Shell, overview: Overview): void {
  const { words, base } = shell;
  const { member, holdings, payments, fields, done } = overview;
  sendMemberPage(res, shell, {
    title: words.title,
    body: html`<h1>${words.title}</h1>
      ${done !== null && html`<p role="status" class="notice">${done}</p>`}
      ${holdings.length === 0 && html`<p>${words.empty}</p>`}
      ${holdings.map((holding) => holdingOf(shell, overview, holding))}
      ${withdrawalsOf(shell, overview.withdrawals)}
      <section aria-labelledby="payments">
        <h2 id="payments">${words.payments.title}</h2>
        ${payments.length === 0 ? html`<p class="soft">${words.payments.none}</p>` : paymentsOf(shell, payments)}
      </section>
      ${
        overview.hasCard &&
        html`<section aria-labelledby="card">
          <h2 id="card">${words.card.title}</h2>
          <p class="soft">${words.card.text}</p>
          <form method="post" action="${base}/card">
            ${hidden(fields('card', ''))}<button class="second">${words.card.open}</button>
          </form>
        </section>`
      }
      <section aria-labelledby="data">
        <h2 id="data">${words.data.title}</h2>
        <p class="soft">${words.data.text}</p>
        <a class="button second" href="${base}/data.json" download>${words.data.download}</a>
      </section>
      <footer class="soft">
        <form method="post" action="${base}/sign-out">
          ${words.signedInAs(whoIs(shell, member))} ${hidden(fields('sign-out', ''))}
          <button class="link">${words.signOut}</button>
        </form>
        <p>${words.timesAreUtc}</p>
      </footer>`,
  });
}

function holdingOf(shell: Shell, overview: Overview, { product, answer, memberships }: Holding): Html {
  const { words } = shell;
  const { access, reason, until, next } = answer;
  const begins = reason === 'not_started' && next?.at != null ? new Date(next.at) : null;
  const state = access
    ? words.access
    : begins === null
      ? words.noAccess
      : words.begins(momentIn(words.language, begins));
  const explained = begins === null ? words.reasons[reason as keyof typeof words.reasons] : words.fromThen;
  return html`<section aria-labelledby="${product.id}">
    <h2 id="${product.id}">${product.name}</h2>
    <p><span class="state">${state}.</span> ${explained}</p>
    <dl>
      ${
        access &&
        html`<dt>${words.until}</dt>
          <dd>${until === null ? words.noEnd : dayOf(shell, until)}</dd>`
      }
      ${
        next !== null &&
        begins === null &&
        html`<dt>${words.next}</dt>
          <dd>${next.at !== null && html`${dayOf(shell, next.at)}: `}${words.nexts[next.what]}</dd>`
      }
    </dl>
    ${memberships.map((held) => purchaseOf(shell, overview, held))}
  </section>`;
}

/** A price as it is charged: `€49.00 every month`. */
export function priceOf(
  { words }: Pick<Shell, 'words'>,
  { price, quantity }: Pick<Held, 'price' | 'quantity'>,
): string {
  const money = formatMoney(price.unitAmount, price.currency, words.language);
  const count = quantity === 1 ? '' : `, ${words.quantity(quantity)}`;
  return `${money} ${rhythmInWords(words.language, price)}${count}`;
}

function purchaseOf(shell: Shell, { allowed, fields, mayWithdraw }: Overview, held: Held): Html {
  const { words, base } = shell;
  const { withdrawal: texts } = words;
  const end = toDate(withdrawalEnd(toSeconds(held.startedAt)) - 1);
  const { cancelAt, resume, changePrice } = allowed(held);
  const own = `${base}/memberships/${held.id}`;
  const open = held.openInvoice as unknown as OpenInvoice | null;
  const isOpen = owes(held) || open !== null;
  const amount = open === null ? null : formatMoney(open.amountRemaining, open.currency, words.language);
  const press = (action: string, text: string, second: boolean) =>
    html`<form method="post" action="${own}/${action}">
      ${hidden(fields(action, held.id))}<button ${second && html`class="second"`}>${text}</button>
    </form>`;
  return html`${
      held.price.model === 'pay_what_you_want'
        ? null
        : html`<dl>
            <dt>${words.price}</dt>
            <dd>${priceOf(shell, held)}</dd>
          </dl>`
    }
    ${consentOf(shell, held.checkout.consent)}
    ${mayWithdraw(held) && html`<p class="soft">${texts.until(dayIn(words.language, end))}</p>`}
    <div class="actions">
      ${isOpen && press('pay', words.actions.pay(amount), false)}
      ${resume && press('resume', words.actions.resume, false)}
      ${changePrice && html`<a class="button second" href="${own}/price">${words.actions.changePrice}</a>`}
      ${mayWithdraw(held) && html`<a class="button second" href="${own}/withdraw">${texts.open}</a>`}
      ${cancelAt.length > 0 && html`<a class="button second" href="${own}/cancel">${words.actions.cancel}</a>`}
    </div>`;
}

function paymentsOf(shell: Shell, payments: Overview['payments']): Html {
  const { words, base } = shell;
  const { payments: texts, language } = words;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${texts.date}</th>
        <th scope="col">${texts.what}</th>
        <th scope="col" class="amount">${texts.amount}</th>
      </tr>
    </thead>
    <tbody>
      ${payments.map(
        ({ stripeId, product, amount, amountRefunded, currency, paidAt }) =>
          html`<tr>
            <td>${dayOf(shell, paidAt)}</td>
            <td>${product.name}<br /><a href="${base}/payments/${stripeId}">${texts.document}</a></td>
            <td class="amount">
              ${formatMoney(amount, currency, language)}
              ${
                amountRefunded > 0 &&
                html`<br /><span class="soft"
                    >${texts.refunded(formatMoney(amountRefunded, currency, language))}</span
                  >`
              }
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
