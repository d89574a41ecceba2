import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { decimalsOf } from '../../src/domain/money';

// The purchase button in as much of a browser as it uses; the browser tests run it in a real one.
const SOURCE = readFileSync(join(__dirname, '..', '..', 'src', 'api', 'buy', 'buy-button.js'), 'utf8');

type Listener = (event: object) => void;

/** An element, its attributes and its text. */
class FakeElement {
  readonly attributes = new Map<string, string>();
  readonly listeners = new Map<string, Listener>();
  children: FakeElement[] = [];
  hidden = false;
  isConnected = false;
  part = '';
  text = '';
  language = 'en';
  constructor(readonly name = '') {}
  attachShadow = () => (this.root = new FakeElement('root'));
  root: FakeElement | null = null;
  append = (...more: FakeElement[]) => this.children.push(...more);
  addEventListener = (name: string, listener: Listener) => this.listeners.set(name, listener);
  getAttribute = (name: string) => this.attributes.get(name) ?? null;
  setAttribute = (name: string, value: string) => this.attributes.set(name, value);
  removeAttribute = (name: string) => this.attributes.delete(name);
  closest = () => ({ getAttribute: () => this.language });
  get textContent(): string {
    return this.text + this.children.map(({ textContent }) => textContent).join('');
  }
  set textContent(text: string) {
    this.text = text;
  }
  set href(url: string) {
    this.attributes.set('href', url);
  }
}

interface Button extends FakeElement {
  connectedCallback(): void;
  attributeChangedCallback(): void;
}

const OFFER = {
  model: 'recurring',
  unitAmount: 4900,
  currency: 'eur',
  recurring: { interval: 'month', intervalCount: 1 },
  trialDays: null,
  setupFee: null,
  installments: null,
  minAmount: null,
  availability: 'available',
  seatsLeft: null,
};

/** A page with one button. @param answer what the API says of the offer; null: it cannot be asked. */
async function page(
  attributes: Record<string, string>,
  {
    answer = OFFER as object | number | null | ((url: URL) => Promise<object>),
    language = 'en',
    inside = '',
  } = {},
) {
  let SessionBuy: (new () => Button) | undefined;
  const observers: (() => void)[] = [];
  const timers: (() => void)[] = [];
  const asked: string[] = [];
  const onPage = new Map<string, Listener>();
  const context = createContext({
    URL,
    Intl,
    document: {
      currentScript: { src: 'https://session.example/buy.js' },
      createElement: (name: string) => new FakeElement(name),
    },
    HTMLElement: FakeElement,
    CSSStyleSheet: class {
      replaceSync = () => undefined;
    },
    MutationObserver: class {
      constructor(changed: () => void) {
        observers.push(changed);
      }
      observe = () => undefined;
    },
    addEventListener: (name: string, listener: Listener) => onPage.set(name, listener),
    setTimeout: (work: () => void) => timers.push(work),
    fetch: (url: URL) => {
      asked.push(url.href);
      if (answer === null) return Promise.reject(new TypeError('refused by the policy of the page'));
      if (typeof answer === 'function') return answer(url);
      if (typeof answer === 'number') return Promise.resolve({ ok: false, status: answer });
      return Promise.resolve({ ok: true, status: 200, json: () => Promise.resolve(answer) });
    },
    customElements: {
      get: () => SessionBuy,
      define: (_name: string, made: new () => Button) => (SessionBuy = made),
    },
  });
  runInContext(SOURCE, context);
  if (SessionBuy === undefined) throw new Error('No element was defined.');
  const button = new SessionBuy();
  button.language = language;
  button.text = inside;
  for (const [name, value] of Object.entries(attributes)) button.setAttribute(name, value);
  button.isConnected = true;
  button.connectedCallback();
  await new Promise(setImmediate);
  const [link, slot] = button.root?.children ?? [];
  if (link === undefined || slot === undefined) throw new Error('The button is empty.');
  const click = (event: object = {}) => {
    let followed = true;
    link.listeners.get('click')?.({ ...event, preventDefault: () => (followed = false) });
    return followed;
  };
  return { button, link, slot, click, asked, observers, timers, onPage };
}

/** Intl puts spaces that do not break between numbers and units. */
const textOf = ({ textContent }: FakeElement) => textContent.replaceAll(/[\u00a0\u202f]/g, ' ');
const priced = (more: object) => ({ ...OFFER, ...more });

describe('what it says', () => {
  test.each<[string, object, string]>([
    ['en', {}, 'Join · €49.00 per month'],
    ['en', { recurring: null }, 'Join · €49.00'],
    ['en', { recurring: { interval: 'week', intervalCount: 2 } }, 'Join · €49.00 every 2 weeks'],
    ['en', { trialDays: 14, setupFee: 1000 }, 'Join · 14 days free, then €49.00 per month, plus €10.00 once'],
    ['en', { trialDays: 1 }, 'Join · 1 day free, then €49.00 per month'],
    ['en', { model: 'installments', installments: 3 }, 'Join · 3 × €49.00 per month'],
    ['en', { model: 'pay_what_you_want', minAmount: 500 }, 'Join · from €5.00, you choose how much'],
    ['en', { model: 'pay_what_you_want' }, 'Join · you choose how much'],
    ['en', { model: 'free' }, 'Join · free'],
    [
      'en',
      { accessStartsAt: '2099-04-01T12:00:00.000Z', recurring: null, seatsLeft: 3 },
      'Join · €49.00, begins on April 1, 2099 (places left: 3)',
    ],
    [
      'de',
      { accessStartsAt: '2099-04-01T12:00:00.000Z' },
      'Join · 49,00 € pro Monat, beginnt am 1. April 2099',
    ],
    ['en', { accessStartsAt: '2020-04-01T12:00:00.000Z' }, 'Join · €49.00 per month'],
    ['en', { seatsLeft: 3 }, 'Join · €49.00 per month (places left: 3)'],
    ['en', { availability: 'sold_out', seatsLeft: 0 }, 'Join · sold out'],
    ['en', { availability: 'unavailable' }, 'Join · not for sale at the moment'],
    ['en', { availability: 'something new' }, 'Join · not for sale at the moment'],
    ['de', { trialDays: 14 }, 'Join · 14 Tage gratis, dann 49,00 € pro Monat'],
    ['de-CH', { currency: 'chf' }, 'Join · CHF 49.00 pro Monat'],
    ['de', { recurring: { interval: 'month', intervalCount: 3 } }, 'Join · 49,00 € alle 3 Monate'],
    ['de', { availability: 'sold_out' }, 'Join · ausgebucht'],
    ['es', {}, 'Join · 49,00 € por mes'],
    ['fr', {}, 'Join · €49.00 per month'],
    ['', {}, 'Join · €49.00 per month'],
    ['not a language', {}, 'Join · €49.00 per month'],
  ])('%s %j', async (language, more, said) => {
    const { link } = await page({ price: 'amt_1', label: 'Join' }, { language, answer: priced(more) });
    expect(textOf(link)).toBe(said);
  });

  test('A19: the token has the offer name no trial that the member has had, and another token asks again', async () => {
    const offerFor = (url: URL) =>
      Promise.resolve({
        ok: true,
        status: 200,
        json: () =>
          Promise.resolve(priced({ trialDays: url.searchParams.get('member') === 'had.it.1' ? null : 14 })),
      });
    const { button, link, asked } = await page(
      { price: 'amt_1', label: 'Join', token: 'had.it.1' },
      { answer: offerFor },
    );
    expect(textOf(link)).toBe('Join · €49.00 per month');
    button.setAttribute('token', 'new.to.it');
    button.attributeChangedCallback();
    await new Promise(setImmediate);
    expect(textOf(link)).toBe('Join · 14 days free, then €49.00 per month');
    expect(asked).toEqual([
      'https://session.example/buy/amt_1/offer?member=had.it.1',
      'https://session.example/buy/amt_1/offer?member=new.to.it',
    ]);
  });

  test('amounts have as many decimals as at Stripe, in every currency', async () => {
    for (const currency of Intl.supportedValuesOf('currency').map((code) => code.toLowerCase())) {
      const { link } = await page({ price: 'amt_1' }, { answer: priced({ currency, unitAmount: 111_000 }) });
      const decimals = decimalsOf(currency);
      const amount = (111_000 / 10 ** decimals).toLocaleString('en', { minimumFractionDigits: decimals });
      expect([currency, textOf(link).endsWith(`${amount} per month`)]).toEqual([currency, true]);
    }
  });

  test('its label is the attribute, else what is inside, else a word of the page’s language', async () => {
    const withAll = await page({ price: 'amt_1', label: 'Join' }, { inside: ' Come in ', answer: null });
    const withInside = await page({ price: 'amt_1' }, { inside: ' Come in ', answer: null });
    const withNothing = await page({ price: 'amt_1' }, { language: 'de', answer: null });
    expect([withAll, withInside, withNothing].map(({ link }) => textOf(link))).toEqual([
      'Join',
      'Come in',
      'Kaufen',
    ]);
  });

  test('what is inside may come after the element', async () => {
    const { button, link, observers } = await page({ price: 'amt_1' }, { answer: null });
    button.text = 'Join';
    observers.forEach((changed) => changed());
    expect(textOf(link)).toBe('Join');
  });
});

describe('where it leads', () => {
  test('to the purchase page, at the top of the window, with what the page gave it', async () => {
    const { link } = await page({
      price: 'amt_1',
      token: 'a.b.c',
      'success-url': 'https://ana.example/welcome?a=1&b=2',
      'cancel-url': 'https://ana.example/offers',
    });
    const url = new URL(link.getAttribute('href') ?? '');
    expect(url.origin + url.pathname).toBe('https://session.example/buy/amt_1');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      member: 'a.b.c',
      successUrl: 'https://ana.example/welcome?a=1&b=2',
      cancelUrl: 'https://ana.example/offers',
    });
    expect(link).toMatchObject({ target: '_top', hidden: false });
  });

  test('without a price there is no button, but what is inside', async () => {
    const { link, slot, asked } = await page({}, { inside: 'Join' });
    expect([link.hidden, slot.hidden, asked]).toEqual([true, false, []]);
  });

  test.each([null, 500, 429])('an offer that cannot be read (%s) still has its link', async (answer) => {
    const { button, link } = await page({ price: 'amt_1', label: 'Join' }, { answer });
    expect(textOf(link)).toBe('Join');
    expect(link.getAttribute('href')).toBe('https://session.example/buy/amt_1');
    expect(button.getAttribute('availability')).toBeNull();
  });

  test('what is sold out keeps its link, for those who hold a place', async () => {
    const { button, link } = await page(
      { price: 'amt_1' },
      { answer: priced({ availability: 'sold_out', seatsLeft: 0 }) },
    );
    expect(link.getAttribute('href')).not.toBeNull();
    expect(button.getAttribute('availability')).toBe('sold_out');
  });

  test.each([404, priced({ availability: 'unavailable' })])(
    'what is not for sale leads nowhere',
    async (answer) => {
      const { button, link } = await page({ price: 'amt_1', label: 'Join' }, { answer });
      expect(link.getAttribute('href')).toBeNull();
      expect([link.getAttribute('role'), link.getAttribute('aria-disabled')]).toEqual(['link', 'true']);
      expect(button.getAttribute('availability')).toBe('unavailable');
      expect(textOf(link)).toBe('Join · not for sale at the moment');
    },
  );

  test('another price is another link, and another offer', async () => {
    const { button, link, asked } = await page({ price: 'amt_1' });
    button.setAttribute('price', 'amt_2');
    button.attributeChangedCallback();
    expect(textOf(link)).toBe('Buy');
    await new Promise(setImmediate);
    expect(textOf(link)).toBe('Buy · €49.00 per month');
    expect(link.getAttribute('href')).toBe('https://session.example/buy/amt_2');
    expect(asked).toEqual([
      'https://session.example/buy/amt_1/offer',
      'https://session.example/buy/amt_2/offer',
    ]);
  });

  test('an answer that comes late is not shown for another price', async () => {
    const late = new Map<string, (offer: object) => void>();
    const { button, link } = await page(
      { price: 'amt_1' },
      {
        answer: ({ pathname }) =>
          new Promise((resolve) => {
            late.set(pathname, (offer) =>
              resolve({ ok: true, status: 200, json: () => Promise.resolve(offer) }),
            );
          }),
      },
    );
    button.setAttribute('price', 'amt_2');
    button.attributeChangedCallback();
    late.get('/buy/amt_2/offer')?.(priced({ unitAmount: 200 }));
    await new Promise(setImmediate);
    late.get('/buy/amt_1/offer')?.(priced({ unitAmount: 100 }));
    await new Promise(setImmediate);
    expect(textOf(link)).toBe('Buy · €2.00 per month');
  });

  test('a page that wants no price does not ask for one', async () => {
    const { link, asked } = await page({ price: 'amt_1', 'show-price': 'no' });
    expect([textOf(link), asked]).toEqual(['Buy', []]);
  });
});

describe('clicks', () => {
  test('the second of a double click is not followed', async () => {
    const { click, link } = await page({ price: 'amt_1' });
    expect([click(), click(), click()]).toEqual([true, false, false]);
    expect(link.getAttribute('aria-busy')).toBe('true');
  });

  test('later, and on a page that is come back to, it can be clicked again', async () => {
    const { click, timers, onPage } = await page({ price: 'amt_1' });
    click();
    timers.forEach((work) => work());
    expect(click()).toBe(true);
    onPage.get('pageshow')?.({});
    expect(click()).toBe(true);
  });

  test.each(['ctrlKey', 'metaKey', 'shiftKey'])('with %s each one opens its own tab', async (modifier) => {
    const { click } = await page({ price: 'amt_1' });
    expect([click({ [modifier]: true }), click({ [modifier]: true })]).toEqual([true, true]);
  });
});

test('nothing in it that a strict policy refuses', () => {
  expect(SOURCE).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|\bFunction\(/);
  expect(SOURCE).not.toMatch(/\.style\b|setAttribute\('style'|createElement\('style'/);
});
