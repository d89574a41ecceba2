import type { Mode } from '@session/sdk';
import { type Html, html } from '../../html';
import { dateTime } from '../format';
import { type Journey, progressOf } from '../journeys';

const STEPS = [
  [1, 'A day later'],
  [7, 'A week later'],
  [31, 'A month later'],
] as const;

/** How far time has come. @param now the account's time, ISO 8601 */
export function journeyPage(journey: Journey, now: string): Html {
  const done = progressOf(journey, Date.parse(now));
  return html`<h1>Time is passing</h1>
    <p class="lead" role="status">
      For this Stripe account it is ${dateTime(now)}, on the way to
      ${dateTime(new Date(journey.to).toISOString())}.
    </p>
    <p><progress max="100" value="${done}" aria-label="How far">${done} %</progress></p>
    <p class="soft">Everything on the way happens. You may leave this page, which looks again by itself.</p>`;
}

/** Where time can be moved on. @param now the account's time; null: it cannot be moved. */
export function timePage(mode: Mode, now: string | null, consoleUrl: string): Html {
  return html`<h1>Let time pass</h1>
    ${
      now === null
        ? html`<p class="lead">A Stripe account has to be connected first; its time can then be moved on.</p>
            <p><a class="button" href="${consoleUrl}/settings/payments">Connect Stripe in the console</a></p>`
        : html`<p class="lead">
              For this Stripe account it is ${dateTime(now)}. Trials end, subscriptions renew and grace runs
              out as they would.
            </p>
            <div class="row">
              ${STEPS.map(
                ([days, label]) =>
                  html`<form method="post" action="/${mode}/time">
                    <input type="hidden" name="days" value="${days}" />
                    <button class="quiet">${label}</button>
                  </form>`,
              )}
            </div>
            <p class="soft">
              Everything on the way happens: a month may take a minute or two. The emulated Stripe and Session
              move on together, and only forward. The time of the real Stripe passes by itself.
            </p>`
    }`;
}
