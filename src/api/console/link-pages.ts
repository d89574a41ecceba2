import type { Response } from 'express';
import type { Coach, ConsoleLink } from '../../db/generated/client';
import { html, type Html, sendPage } from '../../html';
import type { Session } from './sessions';

/** A link that somebody opened, and whom it signs in. */
type OpenedLink = ConsoleLink & { coach: Coach };

/** What the question holds for: the link, the coach whom it names, and who was signed in when it was asked. */
export const shownOn = ({ hash, coach }: OpenedLink, present: Session | null): string[] => [
  'sign-in',
  hash,
  coach.id,
  coach.name,
  present?.id ?? '',
];

/** Letters that turn the writing direction stay inside the name. */
const nameOf = (name: string): Html => html`<strong><bdi>${name}</bdi></strong>`;

/** Asks whether this browser is to be signed in, and as whom. */
export function askWhoSignsIn(
  res: Response,
  {
    link,
    present,
    action,
    token,
  }: { link: OpenedLink; present: Session | null; action: string; token: string },
): void {
  const { coach } = link;
  const isOther = present !== null && present.coach.id !== coach.id;
  sendPage(res, {
    title: `Sign in as ${coach.name}?`,
    body: html`<p class="soft">${coach.id}</p>
      <h1>Sign in as ${nameOf(coach.name)}?</h1>
      ${
        isOther &&
        html`<p role="note">
          You are signed in as ${nameOf(present.coach.name)} now. That ends in this browser.
        </p>`
      }
      <p>
        Then this browser works in the console of ${nameOf(coach.name)}: whatever you set up there, a Stripe
        account too, is theirs.
      </p>
      <p role="note">
        <strong>Did somebody else send you this link?</strong> Then close this page, unless
        ${nameOf(coach.name)} is your own business or you work for it.
      </p>
      <form method="post" action="${action}" class="guarded">
        <input type="hidden" name="token" value="${token}" />
        <button>Yes, sign in as ${nameOf(coach.name)}</button>
      </form>
      <p class="soft">The link works once.</p>`,
  });
}

/** A link that is used up, over or unknown. */
export function sendDeadEnd(res: Response, present: Session | null): void {
  const title = 'This link does not work any more';
  sendPage(res, {
    title,
    status: 400,
    body: html`<h1>${title}</h1>
      <p>It can be used once, and only for a short time.</p>
      ${
        present === null
          ? html`<p>
              Ask for a new one where you got it, or sign in with an API key. After <code>npm start</code>,
              the keys are printed below the link, and starting again prints a new link.
            </p>`
          : html`<p>You are signed in already, as ${present.coach.name}.</p>`
      }
      <a class="button" href="/console"
        >${present === null ? 'Sign in with an API key' : 'Open the console'}</a
      >`,
  });
}
