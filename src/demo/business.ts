import {
  createSessionClient,
  idempotencyKey,
  type SessionClient,
  SessionProblem,
  type Access,
  type Checkout,
  type Connection,
  type Membership,
  type Mode,
  type Price,
  type Product,
} from '@session/sdk';
import { productOverHttp } from '../local/product-over-http';
import { moveTime, readClock } from '../local/time-travel';
import { Browser, type Page, textOf } from './browser';
import { type Card, cardFields } from './cards';
import { eventually } from './eventually';
import { promised } from './narrator';
import type { NewCoach, World } from './world';

/** Something for sale. */
export interface Offer {
  product: Product;
  price: Price;
}

/** What a coach's owner chooses on Stripe's authorization page. */
export type OwnerChoice =
  | { action: 'deny' }
  | { action: 'approve'; account: 'new'; verified: boolean }
  | { action: 'approve'; account: string };

/** One coach's business in one mode: what their server, they themselves and their members do, over HTTP. */
export class Business {
  readonly session: SessionClient;
  /** The coach's own site and UI. The story's browser stops where it would go there. */
  readonly site: string;

  constructor(
    readonly world: World,
    readonly coach: NewCoach,
    readonly mode: Mode,
  ) {
    this.session = createSessionClient({ url: world.api, key: coach.keys[mode] });
    this.site = `https://${coach.id.toLowerCase().replace('_', '-')}.example`;
  }

  /** A browser that knows Session's pages and Stripe's. */
  browser(): Browser {
    return new Browser([this.world.api, this.world.emulator]);
  }

  connection(): Promise<Connection> {
    return this.session.get('/v1/connection');
  }

  async accountId(): Promise<string> {
    const { accountId } = await this.connection();
    promised(accountId !== null, 'a connected account', accountId);
    return accountId;
  }

  /** Connect Stripe, up to where the browser comes back to the coach's UI. */
  async goToStripe(choice: OwnerChoice): Promise<URL> {
    const { url } = await this.session.post('/v1/connection', {
      body: { returnUrl: `${this.site}/settings/payments` },
    });
    const browser = this.browser();
    const page = await this.agree(browser, await browser.get(url));
    promised(page.url.startsWith(this.world.emulator), 'to be led to Stripe', page.url);
    const back = await this.agree(browser, await browser.submit(page, ownerFields(this.coach, choice)));
    promised(back.url.startsWith(this.site), "to be led back to the coach's settings", back.url);
    return new URL(back.url);
  }

  /** Session's own page names the coach and asks, before Stripe's form or after Stripe's approval. */
  private agree(browser: Browser, page: Page): Promise<Page> {
    if (!page.url.startsWith(`${this.world.api}/connect/`)) return Promise.resolve(page);
    promised(textOf(page).includes(this.coach.name), 'a question that names the coach', textOf(page));
    return browser.submit(page, { decision: 'connect' });
  }

  /** The coach's UI confirms with its own key. */
  confirm(back: URL): Promise<Connection> {
    const token = back.searchParams.get('connection_token') ?? '';
    return this.session.post('/v1/connection/confirm', { body: { token } });
  }

  async connect(
    choice: OwnerChoice = { action: 'approve', account: 'new', verified: true },
  ): Promise<Connection> {
    return this.confirm(await this.goToStripe(choice));
  }

  /** A product with one price, once that exists in the coach's Stripe account. Amount in minor units. */
  async offer(name: string, unitAmount: number, interval: 'month' | null): Promise<Offer> {
    const product = await this.session.post('/v1/products', { body: { name } });
    const made = await this.session.post('/v1/products/{id}/prices', {
      params: { path: { id: product.id } },
      body: { unitAmount, recurring: interval === null ? null : { interval } },
    });
    const price = await eventually(
      'the price to be active in the Stripe account',
      () => this.session.get('/v1/prices/{id}', { params: { path: { id: made.id } } }),
      ({ status }) => status !== 'provisioning',
    );
    promised(price.status === 'active', 'an active price', price);
    return { product, price };
  }

  /** The coach's server opens a checkout for a member whom it knows. */
  openCheckout(member: string, offer: Offer, key?: string): Promise<Checkout> {
    return this.session.post('/v1/checkouts', {
      body: {
        priceId: offer.price.id,
        member: { externalId: member, email: `${member}@example.com` },
        successUrl: `${this.site}/welcome`,
        cancelUrl: `${this.site}/offers`,
      },
      ...(key === undefined ? {} : { params: idempotencyKey(key) }),
    });
  }

  checkout(id: string): Promise<Checkout> {
    return this.session.get('/v1/checkouts/{id}', { params: { path: { id } } });
  }

  /** The member pays on Stripe's page and comes back to the coach's site. */
  async payAndReturn(url: string, card: Card): Promise<URL> {
    const browser = this.browser();
    let page = await browser.submit(await browser.get(url), cardFields(this.mode, card));
    if (page.url.endsWith('/authenticate')) page = await browser.submit(page, { result: 'complete' });
    return this.backOnSite(browser, page);
  }

  /** The member pays and closes the browser: Stripe's success page leads to us, but nobody goes there. */
  async payAndLeave(url: string, card: Card): Promise<void> {
    const browser = new Browser([this.world.emulator]);
    const page = await browser.submit(await browser.get(url), cardFields(this.mode, card));
    promised(
      page.url.startsWith(this.world.api),
      "Stripe to send the member to Session's return page",
      page.url,
    );
  }

  /** Waits, as the return page asks for, until it leads back to the coach's site. */
  async backOnSite(browser: Browser, page: Page): Promise<URL> {
    const arrived = await eventually(
      "the return page to lead back to the coach's site",
      async () => (page.url.startsWith(this.site) ? page : (page = await browser.get(page.url))),
      ({ url }) => url.startsWith(this.site),
    );
    return new URL(arrived.url);
  }

  /** A member buys and comes back. */
  async sell(member: string, offer: Offer, card: Card): Promise<Membership> {
    const checkout = await this.openCheckout(member, offer);
    promised(checkout.url !== null, "Stripe's address", checkout);
    await this.payAndReturn(checkout.url, card);
    return this.membershipOf(member, offer);
  }

  access(member: string, { product }: Offer): Promise<Access> {
    return this.session.get('/v1/access', { params: { query: { member, product: product.id } } });
  }

  /** The newest membership of a member for what was sold. */
  async membershipOf(member: string, { product }: Offer): Promise<Membership> {
    const { data } = await this.session.get('/v1/memberships', {
      params: { query: { member, product: product.id, limit: 1 } },
    });
    promised(data[0] !== undefined, `a membership of ${member}`, data);
    return data[0];
  }

  /** The account's present time (seconds, UTC). */
  async now(): Promise<number> {
    return (await readClock(await this.account())).now;
  }

  /** Moves time for this account, at Stripe and here. @param target seconds, UTC */
  async moveTo(target: number): Promise<void> {
    const account = await this.account();
    const { api, platformKey } = this.world;
    await moveTime(
      account,
      productOverHttp({ ...account, api, platformKey, coachId: this.coach.id }),
      target,
    );
  }

  private async account() {
    return { emulator: this.world.emulator, accountId: await this.accountId(), mode: this.mode };
  }
}

function ownerFields({ name, id }: NewCoach, choice: OwnerChoice): Record<string, string> {
  if (choice.action === 'deny') return { action: 'deny' };
  return {
    action: 'approve',
    account: choice.account,
    business_name: name,
    email: `${id}@example.com`,
    country: 'DE',
    ...('verified' in choice ? { verification: choice.verified ? 'complete' : 'due' } : {}),
  };
}

/** The refusal of a request that was promised to be refused. */
export async function refusalOf(code: string, request: Promise<unknown>): Promise<SessionProblem> {
  let answer: unknown;
  try {
    answer = await request;
  } catch (error) {
    if (error instanceof SessionProblem) {
      promised(error.code === code, `the refusal ${code}`, error.body);
      return error;
    }
    throw error;
  }
  promised(false, `the refusal ${code}`, answer);
}
