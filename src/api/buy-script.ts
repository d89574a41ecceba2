import { Router } from 'express';
import { refuseOtherMethods } from './http/methods';

/**
 * A button for the coach's site: `<session-buy price="amt_…">Join</session-buy>`. It is a plain link to the purchase
 * page that always navigates at the top, because our cookie does not travel into frames or cross-site posts. With
 * `show-price` it asks for the offer and says price and availability; without an answer it stays the plain link.
 */
const SCRIPT = `// Session Payments: <session-buy price="amt_..." member="<signed token>" success-url="..." cancel-url="..." show-price>Buy</session-buy>
(() => {
  const home = new URL(document.currentScript.src).origin;
  const style = new CSSStyleSheet();
  style.replaceSync(
    ':host{display:inline-block}a{display:inline-block;padding:.7em 1.4em;border-radius:.5em;background:var(--session-buy-color,#3b4fd8);' +
    'color:var(--session-buy-text,#fff);font:inherit;font-weight:600;text-decoration:none;cursor:pointer}' +
    'a:focus-visible{outline:3px solid currentColor;outline-offset:2px}'
  );
  class SessionBuy extends HTMLElement {
    static observedAttributes = ['price', 'member', 'success-url', 'cancel-url', 'show-price'];
    constructor() {
      super();
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [style];
      this.link = document.createElement('a');
      this.link.target = '_top';
      this.link.part = 'button';
      const label = document.createElement('slot');
      label.textContent = 'Buy';
      this.terms = document.createElement('span');
      this.terms.part = 'terms';
      this.link.append(label, this.terms);
      root.append(this.link);
    }
    connectedCallback() { this.update(); }
    attributeChangedCallback() { this.update(); }
    update() {
      const price = this.getAttribute('price');
      if (!price) { this.link.removeAttribute('href'); return; }
      this.show(price);
      const url = new URL('/buy/' + encodeURIComponent(price), home);
      for (const [attribute, parameter] of [['member', 'member'], ['success-url', 'successUrl'], ['cancel-url', 'cancelUrl']]) {
        const value = this.getAttribute(attribute);
        if (value) url.searchParams.set(parameter, value);
      }
      this.link.href = url.href;
    }
    async show(price) {
      const wanted = this.hasAttribute('show-price') ? price : '';
      if (this.shown === wanted) return;
      this.shown = wanted;
      this.terms.textContent = '';
      if (wanted === '') return;
      try {
        const answer = await fetch(new URL('/buy/' + encodeURIComponent(price) + '/offer', home));
        if (!answer.ok || this.shown !== price) return;
        const { inWords, availability } = await answer.json();
        this.setAttribute('availability', availability);
        const words = availability === 'sold_out' ? 'sold out' : [inWords.amount, inWords.rhythm].join(' ').trim();
        this.terms.textContent = ' \u00b7 ' + words;
      } catch { /* The link works without it. */ }
    }
  }
  if (!customElements.get('session-buy')) customElements.define('session-buy', SessionBuy);
})();
`;

/** `/buy.js`, for any site to load. */
export function buyScriptRouter(): Router {
  const router = Router();
  router.get('/buy.js', (_req, res) => {
    res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    res.setHeader('Cache-Control', 'public, max-age=300');
    res.type('text/javascript').send(SCRIPT);
  });
  refuseOtherMethods(router, '/buy.js', ['GET']);
  return router;
}
