import type { Response } from 'express';
import type { PurchaseConsent, Withdrawal } from '../../db/generated/client';
import { LOCALES } from '../../domain/language';
import { formatMoney } from '../../domain/money';
import { type Html, html } from '../../html';
import { dayOf, sendMemberPage, type Shell } from './shell';

/** What is stated: article 11a(2) of Directive 2011/83/EU asks for a name, the contract, and where the receipt goes. */
export interface Statement {
  name: string;
  contract: string;
  email: string;
}

export const LONGEST = { name: 200, contract: 500, email: 254 } as const;

/** Asks for the statement. */
export function sendStatementForm(
  res: Response,
  shell: Shell,
  form: { action: string; token: string; wrong: boolean; isSignedIn: boolean } & Statement,
): void {
  const { words, coach, base } = shell;
  const { withdrawal: texts } = words;
  const input = (name: keyof Statement, label: string, hint: string | null, more: Html) =>
    html`<label for="${name}">${label}</label>
      ${hint !== null && html`<p id="${name}-hint" class="soft">${hint}</p>`}
      <input
        id="${name}"
        name="${name}"
        required
        maxlength="${LONGEST[name]}"
        value="${form[name]}"
        ${hint !== null && html`aria-describedby="${name}-hint"`}
        ${more}
      />`;
  sendMemberPage(res, shell, {
    title: texts.title,
    status: form.wrong ? 400 : 200,
    body: html`<h1>${texts.title}</h1>
      <p>${texts.intro(coach.name)}</p>
      ${form.wrong && html`<p role="alert"><strong>${texts.missing}</strong></p>`}
      <form method="post" action="${form.action}">
        <input type="hidden" name="token" value="${form.token}" />
        ${input('name', texts.name, null, html`autocomplete="name"`)}
        ${input('contract', texts.contract, texts.contractHint, html``)}
        ${input('email', texts.email, texts.emailHint, html`type="email" autocomplete="email"`)}
        <button>${texts.next}</button>
      </form>
      ${form.isSignedIn ? html`<a class="button second" href="${base}">${words.back}</a>` : html`<p class="soft">${texts.signedOutHint}</p>`}`,
  });
}

/** The second step: shows the statement, and the one button that makes it. Article 11a(3). */
export function sendReview(
  res: Response,
  shell: Shell,
  { action, token, statement }: { action: string; token: string; statement: Statement },
): void {
  const { withdrawal: texts } = shell.words;
  sendMemberPage(res, shell, {
    title: texts.reviewTitle,
    body: html`<h1>${texts.reviewTitle}</h1>
      <blockquote>${texts.statement({ ...statement, coach: shell.coach.name })}</blockquote>
      <p class="soft">${texts.email}: ${statement.email}</p>
      <form method="post" action="${action}" class="guarded">
        <input type="hidden" name="token" value="${token}" />
        ${(['name', 'contract', 'email'] as const).map(
          (name) => html`<input type="hidden" name="${name}" value="${statement[name]}" />`,
        )}
        <input type="hidden" name="confirm" value="yes" />
        <button>${texts.confirm}</button>
      </form>
      <a class="button second" href="${shell.own}">${shell.words.back}</a>`,
  });
}

/** Says that it is received, and when. */
export function sendReceived(
  res: Response,
  shell: Shell,
  row: Withdrawal,
  { isSignedIn, email }: { isSignedIn: boolean; email: string },
): void {
  const { words, base } = shell;
  const { withdrawal: texts, language } = words;
  const at = new Intl.DateTimeFormat(LOCALES[language], {
    dateStyle: 'long',
    timeStyle: 'medium',
    timeZone: 'UTC',
  }).format(row.statedAt);
  sendMemberPage(res, shell, {
    title: texts.doneTitle,
    body: html`<h1>${texts.doneTitle}</h1>
      <p role="status">${texts.received(at, email)}</p>
      <p class="soft">${texts.kept}</p>
      ${!isSignedIn && html`<p>${texts.signedOutHint}</p>`}
      <a class="button" href="${base}">${words.back}</a>`,
  });
}

/** What became of a member's withdrawals. */
export function withdrawalsOf(
  shell: Shell,
  rows: readonly (Withdrawal & { productName: string | null })[],
): Html | null {
  const { withdrawal: texts, language } = shell.words;
  if (rows.length === 0) return null;
  return html`<section aria-labelledby="withdrawals">
    <h2 id="withdrawals">${texts.listTitle}</h2>
    <ul>
      ${rows.map(
        ({ productName, statedAt, status, refundAmount, currency, refusedBecause }) =>
          html`<li>
            ${productName !== null && html`${productName}: `}${texts.statuses[status]}
            ${refundAmount !== null && currency !== null && refundAmount > 0 && texts.goesBack(formatMoney(refundAmount, currency, language))}
            ${refusedBecause !== null && html`„${refusedBecause}“`}
            <span class="soft">(${dayOf(shell, statedAt)})</span>
          </li>`,
      )}
    </ul>
  </section>`;
}

/** What was agreed to at the purchase. */
export const consentOf = ({ words }: Shell, consent: PurchaseConsent | null): Html | null =>
  consent === null
    ? null
    : html`<details>
        <summary>${words.withdrawal.consent}</summary>
        <p>${consent.text}</p>
      </details>`;
