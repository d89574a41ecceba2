// Session Payments: a purchase button for any site.
//
//   <script src="https://<session>/buy.js" async></script>
//   <session-buy price="amt_…" label="Join" token="<signed member token>"><a href="https://<session>/buy/amt_…">Join</a></session-buy>
//
// Also understood: currency, success-url, cancel-url, show-price="no". Whatever is inside is shown where this script does not run.
// A Content-Security-Policy needs script-src, and for price and availability connect-src, for this script's address.
(() => {
  const home = new URL('.', document.currentScript.src);

  const WORDS = {
    en: {
      buy: 'Buy',
      free: 'free',
      per: 'per {}',
      every: 'every {}',
      trial: '{} free, then',
      fee: 'plus {} once',
      from: 'from {}, you choose how much',
      choose: 'you choose how much',
      begins: 'begins on {}',
      left: 'places left: {}',
      sold_out: 'sold out',
      unavailable: 'not for sale at the moment',
    },
    de: {
      buy: 'Kaufen',
      free: 'kostenlos',
      per: 'pro {}',
      every: 'alle {}',
      trial: '{} gratis, dann',
      fee: 'zuzüglich {} einmalig',
      from: 'ab {}, Sie bestimmen den Betrag',
      choose: 'Sie bestimmen den Betrag',
      begins: 'beginnt am {}',
      left: 'freie Plätze: {}',
      sold_out: 'ausgebucht',
      unavailable: 'zurzeit nicht erhältlich',
    },
    es: {
      buy: 'Comprar',
      free: 'gratis',
      per: 'por {}',
      every: 'cada {}',
      trial: '{} gratis, luego',
      fee: 'más {} una sola vez',
      from: 'desde {}, usted elige cuánto',
      choose: 'usted elige cuánto',
      begins: 'empieza el {}',
      left: 'plazas libres: {}',
      sold_out: 'agotado',
      unavailable: 'no disponible por el momento',
    },
  };

  // Stripe's minor units where they are not hundredths. https://docs.stripe.com/currencies#zero-decimal
  const ZERO = ' bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf ';
  const THREE = ' bhd jod kwd omr tnd ';

  /** The language of the page around an element, if there are words for it, else English. */
  function languageOf(element) {
    const said = element.closest('[lang]')?.getAttribute('lang') ?? '';
    try {
      const [language] = Intl.getCanonicalLocales(said);
      return language && WORDS[language.split('-')[0]] ? language : 'en';
    } catch {
      return 'en';
    }
  }

  /** What an offer costs, or why it cannot be bought. */
  function inWords(offer, language) {
    const words = WORDS[language.split('-')[0]];
    const say = (key, value) => words[key].replace('{}', () => value);
    if (offer.availability !== 'available') return words[offer.availability] ?? words.unavailable;
    const money = (minor) => {
      const name = ` ${offer.currency} `;
      const decimals = ZERO.includes(name) ? 0 : THREE.includes(name) ? 3 : 2;
      return new Intl.NumberFormat(language, {
        style: 'currency',
        currency: offer.currency,
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      }).format(minor / 10 ** decimals);
    };
    const units = (unit) => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' });
    const terms = () => {
      if (offer.model === 'free') return words.free;
      if (offer.model === 'pay_what_you_want')
        return offer.minAmount === null ? words.choose : say('from', money(offer.minAmount));
      const text = [];
      if (offer.trialDays !== null) text.push(say('trial', units('day').format(offer.trialDays)));
      if (offer.installments !== null) text.push(`${offer.installments} ×`);
      text.push(money(offer.unitAmount));
      if (offer.recurring !== null) {
        const { interval, intervalCount } = offer.recurring;
        const one = units(interval)
          .formatToParts(1)
          .find(({ type }) => type === 'unit').value;
        text.push(
          intervalCount === 1 ? say('per', one) : say('every', units(interval).format(intervalCount)),
        );
      }
      return text.join(' ') + (offer.setupFee === null ? '' : `, ${say('fee', money(offer.setupFee))}`);
    };
    // By the clock of whoever looks at it.
    const begins = Date.parse(offer.accessStartsAt ?? '');
    const ahead =
      begins > Date.now()
        ? `, ${say('begins', new Intl.DateTimeFormat(language, { dateStyle: 'long' }).format(begins))}`
        : '';
    return terms() + ahead + (offer.seatsLeft === null ? '' : ` (${say('left', String(offer.seatsLeft))})`);
  }

  // Constructed and adopted: a policy for styles does not concern it. Where that is unknown the inner link stays.
  const style = new CSSStyleSheet();
  style.replaceSync(
    ':host{display:inline-block}[hidden]{display:none}' +
      'a{display:inline-block;padding:.7em 1.4em;border-radius:.5em;background:var(--session-buy-color,#3b4fd8);' +
      'color:var(--session-buy-text,#fff);font:inherit;font-weight:600;text-decoration:none;cursor:pointer}' +
      'a:focus-visible{outline:3px solid currentColor;outline-offset:2px}' +
      'a[aria-disabled]{cursor:default;background:#5d6470;color:#fff}a[aria-busy]{cursor:progress}',
  );

  /** Milliseconds for which a second click is taken for a slip. */
  const SLIP = 5000;

  class SessionBuy extends HTMLElement {
    static observedAttributes = [
      'price',
      'label',
      'token',
      'currency',
      'success-url',
      'cancel-url',
      'show-price',
    ];

    /** The price and token whose offer was asked for, and the answer to it. */
    #asked = '';
    #offer = null;

    constructor() {
      super();
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [style];
      this.link = document.createElement('a');
      // Our cookie does not travel into frames.
      this.link.target = '_top';
      this.link.part = 'button';
      this.label = document.createElement('span');
      this.label.part = 'label';
      this.terms = document.createElement('span');
      this.terms.part = 'terms';
      this.link.append(this.label, this.terms);
      this.inside = document.createElement('slot');
      root.append(this.link, this.inside);
      this.link.addEventListener('click', (event) => this.#click(event));
      // What is inside may be parsed after this, or be changed.
      const changes = { childList: true, characterData: true, subtree: true };
      new MutationObserver(() => this.#render()).observe(this, changes);
      addEventListener('pageshow', () => this.#setBusy(false));
    }

    connectedCallback() {
      this.#render();
      void this.#ask();
    }

    attributeChangedCallback() {
      if (!this.isConnected) return;
      this.#render();
      void this.#ask();
    }

    /** One purchase page for an impatient double click; a click that opens a new tab is none of our business. */
    #click(event) {
      if (this.link.getAttribute('aria-busy') !== null) event.preventDefault();
      else if (!(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) {
        this.#setBusy(true);
        setTimeout(() => this.#setBusy(false), SLIP);
      }
    }

    #setBusy(busy) {
      if (busy) this.link.setAttribute('aria-busy', 'true');
      else this.link.removeAttribute('aria-busy');
    }

    #render() {
      const price = this.getAttribute('price');
      this.link.hidden = !price;
      this.inside.hidden = !!price;
      if (!price) return;
      const language = languageOf(this);
      this.label.textContent =
        this.getAttribute('label') || this.textContent.trim() || WORDS[language.split('-')[0]].buy;
      this.terms.lang = language;
      this.terms.textContent = this.#offer === null ? '' : ` · ${inWords(this.#offer, language)}`;
      if (this.#offer === null) this.removeAttribute('availability');
      else this.setAttribute('availability', this.#offer.availability);
      // What is sold out keeps its link: whoever holds a place is led back to it there.
      if (this.#offer?.availability === 'unavailable') {
        this.link.removeAttribute('href');
        this.link.setAttribute('role', 'link');
        this.link.setAttribute('aria-disabled', 'true');
        return;
      }
      this.link.removeAttribute('role');
      this.link.removeAttribute('aria-disabled');
      const url = new URL(`buy/${encodeURIComponent(price)}`, home);
      for (const [attribute, parameter] of [
        ['token', 'member'],
        ['currency', 'currency'],
        ['success-url', 'successUrl'],
        ['cancel-url', 'cancelUrl'],
      ]) {
        const value = this.getAttribute(attribute);
        if (value) url.searchParams.set(parameter, value);
      }
      this.link.href = url.href;
    }

    /** Asks for price and availability, once for a price and member. Without an answer the button stays a link without them. */
    async #ask() {
      const price = this.getAttribute('show-price') === 'no' ? '' : (this.getAttribute('price') ?? '');
      const token = this.getAttribute('token') ?? '';
      const currency = (this.getAttribute('currency') ?? '').toLowerCase();
      const asked = price === '' ? '' : `${price} ${currency} ${token}`;
      if (this.#asked === asked) return;
      this.#asked = asked;
      this.#offer = null;
      this.#render();
      const answer = price === '' ? null : await offerOf(price, token, currency);
      if (this.#asked !== asked) return;
      this.#offer = answer;
      this.#render();
    }
  }

  /** The token has the offer name no trial that the member has had. */
  async function offerOf(price, token, currency) {
    try {
      const url = new URL(`buy/${encodeURIComponent(price)}/offer`, home);
      if (token !== '') url.searchParams.set('member', token);
      if (currency !== '') url.searchParams.set('currency', currency);
      const answer = await fetch(url);
      if (answer.ok) return await answer.json();
      return answer.status === 404 ? { availability: 'unavailable' } : null;
    } catch {
      return null;
    }
  }

  if (!customElements.get('session-buy')) customElements.define('session-buy', SessionBuy);
})();
