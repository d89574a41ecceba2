import type { Response } from 'express';
import type { Member } from '../../db/generated/client';
import { html } from '../../html';
import { sendMemberPage, type Shell } from './shell';

/** Whom it is about, as the person themselves knows it. */
export const whoIs = ({ words }: Pick<Shell, 'words'>, member: Member): string =>
  member.email ?? words.confirm.whoWithoutEmail;

/** Asks for the address; without mails it says where to go instead. */
export function sendSignIn(
  res: Response,
  shell: Shell,
  form: { token: string; email: string; wrong: boolean } | null,
  notice: string | null = null,
): void {
  const { words, coach, base } = shell;
  const { signIn } = words;
  sendMemberPage(res, shell, {
    title: signIn.title,
    status: form?.wrong === true ? 400 : notice === null ? 200 : 403,
    body: html`<h1>${signIn.title}</h1>
      ${notice !== null && html`<p role="status" class="notice">${notice}</p>`}
      ${
        form === null
          ? html`<p>${signIn.bySite(coach.name)}</p>`
          : html`<p>${signIn.intro(coach.name)}</p>
              <form method="post" action="${base}/sign-in">
                <input type="hidden" name="token" value="${form.token}" />
                <label for="email">${signIn.email}</label>
                <input
                  id="email"
                  name="email"
                  type="email"
                  autocomplete="email"
                  required
                  maxlength="254"
                  value="${form.email}"
                  ${form.wrong && html`aria-invalid="true" aria-describedby="wrong"`}
                />
                ${form.wrong && html`<p id="wrong" role="alert"><strong>${signIn.wrongEmail}</strong></p>`}
                <button>${signIn.send}</button>
              </form>`
      }`,
  });
}

/** The same for every address. */
export function sendLinkSent(res: Response, shell: Shell, email: string): void {
  const { signIn } = shell.words;
  sendMemberPage(res, shell, {
    title: signIn.sentTitle,
    body: html`<h1>${signIn.sentTitle}</h1>
      <p role="status">${signIn.sent(email)}</p>`,
  });
}

/** Asks whether this browser is to be signed in, and as whom. */
export function askWhoSignsIn(
  res: Response,
  shell: Shell,
  { member, present, token }: { member: Member; present: Member | null; token: string },
): void {
  const { confirm } = shell.words;
  const who = whoIs(shell, member);
  const isOther = present !== null && present.id !== member.id;
  sendMemberPage(res, shell, {
    title: confirm.title(who),
    body: html`<h1>${confirm.title(who)}</h1>
      ${isOther && html`<p role="note">${confirm.isOther(whoIs(shell, present))}</p>`}
      <p role="note">${confirm.sentByOther}</p>
      <form method="post" action="${shell.here}" class="guarded">
        <input type="hidden" name="token" value="${token}" />
        <button>${confirm.yes}</button>
      </form>
      <p class="soft">${confirm.once}</p>`,
  });
}

/** A link that is used up, over or unknown. */
export function sendDeadLink(res: Response, shell: Shell): void {
  const { confirm } = shell.words;
  sendMemberPage(res, shell, {
    title: confirm.deadTitle,
    status: 400,
    body: html`<h1>${confirm.deadTitle}</h1>
      <p>${confirm.dead}</p>
      <a class="button" href="${shell.base}">${confirm.again}</a>`,
  });
}
