import type { Access, Checkout, Mode } from '@session/sdk';
import { type Html, html } from '../../html';
import { dateTime } from '../format';
import type { Person } from '../visitor';

/** Where members come back to after paying. What is shown comes from the API, never from the address. */
export function welcomePage(
  mode: Mode,
  person: Person | null,
  checkout: Checkout | null,
  access: Access | null,
): Html {
  if (checkout === null)
    return html`<h1>Welcome back</h1>
      <p class="lead">Sign in to see what you have bought.</p>
      <p><a class="button" href="/${mode}/members">Members only</a></p>`;
  if (checkout.status === 'completed' && access?.access === true)
    return html`<h1>Thank you, you are in</h1>
      <p class="lead">
        The payment has arrived and your access has begun.
        ${access.until === null ? 'It has no end.' : `It lasts until ${dateTime(access.until)} as things stand.`}
      </p>
      ${
        person === null
          ? html`<form method="post" action="/${mode}/sign-in">
              <input type="hidden" name="person" value="${checkout.memberId}" />
              <input type="hidden" name="back" value="/${mode}/members" />
              <button>Go to the lessons as the buyer</button>
            </form>`
          : html`<p><a class="button" href="/${mode}/members">Go to the lessons</a></p>`
      }`;
  if (checkout.status === 'pending')
    return html`<h1>Thank you, your order is in</h1>
      <p class="lead">The payment is still on its way; your access begins when it arrives.</p>`;
  return html`<h1>Your purchase is ${checkout.status}</h1>
    <p class="lead">${checkout.failure?.message ?? WORDS[checkout.status] ?? 'Nothing was charged.'}</p>
    <p><a class="button" href="/${mode}">Back to the offers</a></p>`;
}

const WORDS: Partial<Record<Checkout['status'], string>> = {
  open: 'Nothing was charged yet. This page looks again by itself.',
  opening: 'It is just being opened. This page looks again by itself.',
};

/** Whether the page should ask again by itself. */
export function isUnderWay(checkout: Checkout | null): boolean {
  return checkout !== null && ['opening', 'open', 'pending'].includes(checkout.status);
}
