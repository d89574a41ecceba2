import {
  createSessionClient,
  type SessionClient,
  type Connection,
  type NewPrice,
  type Price,
} from '@session/sdk';
import type { Mode } from '../../src/domain/mode';
import type { Rig } from './rig';

/** The coach UI is at home here; a coach registers it before a browser is sent back there. */
export const COACH_UI = 'http://coach-ui.example';

/** An answer of the API. A test reads any field of the body, and fails by itself where one is missing. */
export interface Answer {
  status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

/** A request to the API with a key, as it is not typed: for what is refused, and for answers whose status is the point. */
export async function call(
  rig: Rig,
  key: string,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const response = await fetch(`${rig.api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

/** A browser as far as cookies and redirects go; it stops at each redirect. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  get(url: string | URL): Promise<Response> {
    return this.send(url, {});
  }

  post(
    url: string | URL,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.send(url, { method: 'POST', body: new URLSearchParams(fields), headers });
  }

  /** Has all the cookies of another one besides its own: somebody planted or stole them. */
  takeCookiesOf(other: Browser): void {
    for (const [name, value] of other.cookies) this.cookies.set(name, value);
  }

  /** All its cookies, as it sends them. */
  cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private async send(
    url: string | URL,
    init: RequestInit & { headers?: Record<string, string> },
  ): Promise<Response> {
    const cookie = this.cookieHeader();
    const headers = { ...init.headers, ...(cookie === '' ? {} : { cookie }) };
    const response = await fetch(url, { ...init, redirect: 'manual', headers });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }
}

/** Where an answer leads. */
export function leadsTo(response: Response): URL {
  const location = response.headers.get('location');
  if (response.status !== 303 || location === null) throw new Error(`No redirect, but ${response.status}`);
  return new URL(location);
}

/** A coach with a key for one mode, doing what the coach UI's buttons do. */
export class CoachUi {
  /** The API as the OpenAPI document has it; what is refused is thrown. */
  readonly api: SessionClient;

  private constructor(
    readonly rig: Rig,
    readonly coachId: string,
    readonly mode: Mode,
    readonly key: string,
  ) {
    // A test looks at the first answer.
    this.api = createSessionClient({ url: rig.api, key, retries: 0 });
  }

  /** A new coach, or the same coach in another mode. */
  static async open(rig: Rig, mode: Mode = 'test', coachId?: string): Promise<CoachUi> {
    const platform = createSessionClient({ url: rig.api, key: rig.config.platformKey });
    const id = coachId ?? (await platform.post('/v1/coaches', { body: { name: 'Ada' } })).id;
    const { key } = await platform.post('/v1/coaches/{id}/api-keys', {
      params: { path: { id } },
      body: { mode },
    });
    const ui = new CoachUi(rig, id, mode, key);
    await ui.api.put('/v1/settings', { body: { origins: [COACH_UI] } });
    return ui;
  }

  call(method: string, path: string, body?: object): Promise<Answer> {
    return call(this.rig, this.key, method, path, body);
  }

  connection(): Promise<Connection> {
    return this.api.get('/v1/connection');
  }

  /** The address that a browser is sent to. */
  async connectLink(returnUrl = `${COACH_UI}/payments?tab=stripe`): Promise<string> {
    return (await this.api.post('/v1/connection', { body: { returnUrl } })).url;
  }

  /** "Connect Stripe": the browser ends on Stripe's page. */
  async startConnecting(browser: Browser): Promise<URL> {
    return atStripe(browser, await this.connectLink());
  }

  confirm(token: string): Promise<Answer> {
    return this.call('POST', '/v1/connection/confirm', { token });
  }

  /** The whole way: connect, approve with an account (a new one unless told) or fill in the form, come back, confirm. */
  async connect(choice: Record<string, string> = {}): Promise<Answer> {
    const browser = new Browser();
    const page = await this.startConnecting(browser);
    const returned = await cameBack(browser, await decide(browser, page, { action: 'approve', ...choice }));
    return this.confirm(returned.searchParams.get('connection_token') ?? '');
  }

  disconnect(confirm = true): Promise<Answer> {
    return this.call('POST', '/v1/connection/disconnect', { confirm });
  }

  /** Adds a price to a new product, and waits until Stripe has taken or refused it. */
  async addPrice(price: NewPrice = { unitAmount: 4900 }, name = 'Morning yoga'): Promise<Price> {
    return this.addPriceTo((await this.api.post('/v1/products', { body: { name } })).id, price);
  }

  addPriceTo(productId: string, body: NewPrice): Promise<Price> {
    return this.api.post('/v1/products/{id}/prices', { params: { path: { id: productId } }, body });
  }
}

/**
 * Presses a button of Stripe's page; the answer leads to our callback. With account links that page is Stripe's form,
 * which is filled in, or left as it is where `verification` is to be due.
 */
export async function decide(browser: Browser, page: URL, fields: Record<string, string>): Promise<URL> {
  if (page.pathname.startsWith('/setup/')) {
    await browser.get(page);
    const action = fields['verification'] === 'due' ? 'later' : 'finish';
    return leadsTo(await browser.post(page, { action }));
  }
  const form = { account: 'new', country: 'DE', ...Object.fromEntries(page.searchParams), ...fields };
  return leadsTo(await browser.post(new URL('/oauth/authorize', page), form));
}

/** Through our link to Stripe's page; where a form follows there, a page of ours asks before. */
export async function atStripe(browser: Browser, link: string): Promise<URL> {
  const answer = await browser.get(link);
  return leadsTo(answer.status === 200 ? await press(browser, answer) : answer);
}

/** From our callback on to the coach UI; after an approval by OAuth a page of ours asks before. */
export async function cameBack(browser: Browser, callback: URL): Promise<URL> {
  const answer = await browser.get(callback);
  if (answer.status === 200) return leadsTo(await press(browser, answer, 'over'));
  const next = leadsTo(answer);
  if (!next.pathname.startsWith('/connect/approval/')) return next;
  return leadsTo(await press(browser, await browser.get(next)));
}

/** Presses a button of a page of ours, with all that its form carries. */
export async function press(
  browser: Browser,
  page: Response,
  decision: 'connect' | 'stop' | 'over' = 'connect',
): Promise<Response> {
  const { action, token } = formOf(await page.text());
  return browser.post(new URL(action, page.url), { token, decision });
}

/** Where the form of one of our pages goes, and the token that it carries. */
export function formOf(text: string): { action: string; token: string } {
  const action = /<form method="post" action="([^"]+)"/.exec(text)?.[1];
  const token = /name="token" value="([^"]+)"/.exec(text)?.[1];
  if (action === undefined || token === undefined) throw new Error(`No form to press: ${text}`);
  return { action, token };
}
