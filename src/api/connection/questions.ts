import type { Response } from 'express';
import type { Connection } from '../../db/generated/client';
import type { IssuedToken } from './token';
import type { KnownBrowser } from './browser';
import { formToken } from '../http/own-form';
import { html, type Html, sendPage } from '../../html';

/** What a connection page asks about: the coach's own name and id, so that nobody has to trust a link. */
export interface Asked {
  row: Connection;
  coachName: string;
}

/** What a person decides on a page of ours. `over`: Stripe's page was left with a no. */
export type Decision = 'connect' | 'stop' | 'over';

/** What a form holds for: the page's question, the attempt, and whom the page has named. */
export type Question = 'approve' | 'enter' | 'over';
export const shownOn = (question: Question, { row, coachName }: Asked): string[] => [
  question,
  row.id,
  coachName,
  row.returnUrl ?? '',
];

/**
 * After Stripe's page, where an account that exists was approved for this platform: Stripe has not said for which coach.
 * The code is not exchanged yet, so a no leaves the account as it was.
 */
export function askForApproval(res: Response, browser: KnownBrowser, asked: Asked): void {
  const { row, coachName } = asked;
  const coach = nameOf(coachName);
  ask(res, browser, {
    asked,
    question: 'approve',
    action: approvalPath(row.id),
    title: 'Who may sell through your Stripe account?',
    heading: html`Connect your Stripe account to ${coach}?`,
    body: html`<p>
        You approved this platform on Stripe’s page. Stripe did not say who is going to use the account: it is
        ${coach}.
      </p>
      ${whatItMeans(coach)}`,
    yes: html`Yes, connect my account to ${coach}`,
    targets: targetsOf(row),
  });
}

/**
 * Before Stripe's form, where an account is made for the coach: whatever is typed there belongs to that account, so the
 * question cannot wait until the browser is back.
 */
export function askAtTheDoor(
  res: Response,
  browser: IssuedToken,
  asked: Asked,
  { action, stripe }: { action: string; stripe: readonly string[] },
): void {
  const { row, coachName } = asked;
  const coach = nameOf(coachName);
  const account = row.accountId ?? row.createdAccountId;
  ask(res, browser, {
    asked,
    question: 'enter',
    action,
    title: 'Whose Stripe account is this going to be?',
    heading: html`Set up the Stripe account of ${coach}?`,
    body: html`<p>
        On Stripe’s form you give your name, your business and your bank account. All of it goes into the
        Stripe account ${account !== null && html`<code>${account}</code> `}that ${coach} sells through here.
      </p>
      ${whatItMeans(coach)}`,
    yes: html`Yes, go on to Stripe for ${coach}`,
    targets: stripe,
  });
}

/** Stripe says no without saying to which attempt: an address that anybody can write, so a person confirms it. */
export function askWhetherOver(res: Response, browser: KnownBrowser, asked: Asked): void {
  const { row, coachName } = asked;
  sendPage(
    res,
    {
      title: 'Stop connecting?',
      body: html`<h1>Stop connecting?</h1>
        <p>
          It looks as if you refused on Stripe’s page to connect your account to ${nameOf(coachName)}. If you
          did not, go back to Stripe’s page with your browser’s button and finish there: nothing has changed.
        </p>
        <form method="post" action="${approvalPath(row.id)}" class="guarded">
          ${tokenField(browser, 'over', asked)}
          <button name="decision" value="over">Stop, and go back</button>
        </form>`,
    },
    targetsOf(row),
  );
}

/** The answer to a no. It stays on our page: who asked for the connection may be the wrong one to go back to. */
export function sayNothingConnected(res: Response): void {
  sendPage(res, {
    title: 'Nothing was connected',
    body: html`<h1>Nothing was connected</h1>
      <p>The attempt is over, and what you approved at Stripe was not used. You can close this page.</p>
      <p>
        If somebody sent you a link to get here, do not open it again, and tell the people who run this
        platform. If you only chose the wrong account, go back to Settings &gt; Payments and choose
        <strong>Connect Stripe</strong> again.
      </p>`,
  });
}

export const approvalPath = (connectionId: string): string => `/connect/approval/${connectionId}`;

/** Letters that turn the writing direction stay inside the name. */
const nameOf = (coachName: string): Html => html`<strong><bdi>${coachName}</bdi></strong>`;

function whatItMeans(coach: Html): Html {
  return html`<p>
      Then ${coach} sells through this Stripe account: makes products and prices in it, takes payments in its
      name, and sees who paid. You answer for it as the owner of the account, until you disconnect it.
    </p>
    <p role="note">
      <strong>Did somebody send you a link to get here?</strong> Then stop, unless ${coach} is your own
      business or you work for it. Nobody else needs your Stripe account.
    </p>`;
}

interface Ask {
  asked: Asked;
  question: Question;
  action: string;
  title: string;
  heading: Html;
  body: Html;
  yes: Html;
  targets: readonly string[];
}

function ask(res: Response, browser: KnownBrowser | IssuedToken, page: Ask): void {
  const { row } = page.asked;
  const back = row.returnUrl === null ? null : new URL(row.returnUrl).host;
  sendPage(
    res,
    {
      title: page.title,
      body: html`<p class="soft">
          ${row.coachId} ${row.mode === 'test' && html`<span class="badge">Test mode</span>`}
        </p>
        <h1>${page.heading}</h1>
        ${page.body}
        <form method="post" action="${page.action}" class="guarded">
          ${tokenField(browser, page.question, page.asked)}
          <button name="decision" value="connect">${page.yes}</button>
          <button name="decision" value="stop" class="second">No, this is not me</button>
        </form>
        ${back !== null && html`<p class="soft">With yes, you come back to ${back} in the end.</p>`}`,
    },
    page.targets,
  );
}

function tokenField(browser: KnownBrowser | IssuedToken, question: Question, asked: Asked): Html {
  return html`<input type="hidden" name="token" value="${formToken(browser, shownOn(question, asked))}" />`;
}

/** Where a yes leads. Browsers hold a form to that along redirects, and the coach's site may have some of its own. */
function targetsOf({ returnUrl }: Connection): string[] {
  return returnUrl === null ? [] : ['https:', new URL(returnUrl).origin];
}
