import type { Mode } from '@session/sdk';
import { type Html, html } from '../../html';

/** Stripe's own test cards, and the numbers that the emulator takes instead in live mode. They belong to nobody. */
const CARDS: Record<Mode, readonly [number: string, what: string][]> = {
  test: [
    ['4242 4242 4242 4242', 'succeeds'],
    ['4000 0025 0000 3155', 'asks for 3-D Secure'],
    ['4000 0000 0000 0002', 'is declined'],
    ['4000 0000 0000 9995', 'has no money on it'],
    ['4000 0000 0000 0341', 'works now and fails when it renews'],
  ],
  live: [
    ['5555 0000 0000 4240', 'succeeds'],
    ['5555 0000 0000 3150', 'asks for 3-D Secure'],
    ['5555 0000 0000 0008', 'is declined'],
    ['5555 0000 0000 9991', 'has no money on it'],
    ['5555 0000 0000 0347', 'works now and fails when it renews'],
  ],
};

/** The cards to try a purchase with. */
export function cardsAtHand(mode: Mode): Html {
  return html`<section class="card" aria-labelledby="cards">
    <h2 id="cards">Cards to try it with</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">Number</th>
          <th scope="col">What happens</th>
        </tr>
      </thead>
      <tbody>
        ${CARDS[mode].map(
          ([number, what]) =>
            html`<tr>
              <td><code>${number}</code></td>
              <td>${what}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="soft">Any date ahead, any three digits.</p>
  </section>`;
}
