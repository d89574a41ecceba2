import { idempotencyKey, type Checkout } from '@session/sdk';
import { Browser, type Page, textOf } from '../../src/demo/browser';
import { type Card, cardFields } from '../../src/demo/cards';
import type { EmulatorSide } from './emulator';
import { offerOf } from './offers';
import { patiently, Refused } from './patience';
import type { PlannedPurchase } from './plan';
import type { Shop } from './shop';

/** What came of a purchase, as the member and the coach's server know it. */
export interface Bought {
  outcome: 'paid' | 'free' | 'sold_out' | 'left';
  checkoutId: string | null;
  sessionId: string | null;
  /** Whom the product is asked about: the coach's own id, or ours of a visitor; null: nobody was made. */
  member: string | null;
  /** When the member clicked on "pay" for the last time, on our clock, in milliseconds. */
  paidAt: number | null;
}

const NOTHING: Bought = { outcome: 'left', checkoutId: null, sessionId: null, member: null, paidAt: null };

/** Session ids of Stripe, as they stand in the address of its page. */
const SESSION = /cs_(?:test|live)_[A-Za-z0-9]+/;

export const memberName = ({ number }: PlannedPurchase): string => `member-${number}`;
const emailOf = ({ number }: PlannedPurchase): string => `member-${number}@example.com`;

/** One member goes through it, however long it takes while things are down. */
export async function purchase(plan: PlannedPurchase, shop: Shop, stripe: EmulatorSide): Promise<Bought> {
  const browser = new Browser(plan.returns ? [shop.business.world.api, stripe.url] : [stripe.url]);
  try {
    const started = plan.way === 'page' ? await byPage(plan, shop) : await byServer(plan, shop);
    // What is free leads back to the coach's site, not to Stripe.
    if (started.url?.startsWith(stripe.url) !== true) return { ...started, outcome: 'free' };
    const sessionId = SESSION.exec(started.url)?.[0] ?? null;
    if (sessionId === null) throw new Error(`There is no session in ${started.url}`);
    if (plan.paidBy === 'nobody') return { ...started, sessionId, outcome: 'left' };
    const paidAt = await pay(plan, shop, stripe, { browser, url: started.url, sessionId });
    return { ...(await whoBought(started, shop, stripe, sessionId)), sessionId, outcome: 'paid', paidAt };
  } catch (error) {
    if (error instanceof Refused && error.code === 'sold_out')
      return { ...NOTHING, outcome: 'sold_out', member: plan.way === 'page' ? null : memberName(plan) };
    throw error;
  }
}

interface Started extends Bought {
  url: string | null;
}

async function byServer(plan: PlannedPurchase, { business, offers }: Shop): Promise<Started> {
  const { quantity } = offerOf(plan.offer);
  const open = (key: string) =>
    patiently(`checkout ${plan.number}`, () =>
      business.session.post('/v1/checkouts', {
        params: idempotencyKey(`chaos-${plan.number}-${key}`),
        body: {
          priceId: offers[plan.offer].price.id,
          member: { externalId: memberName(plan), email: emailOf(plan) },
          ...(quantity === undefined ? {} : { quantity }),
        },
      }),
    );
  const opened = await Promise.all(plan.way === 'double_click' ? [open('one'), open('two')] : [open('one')]);
  const first = opened[0] as Checkout;
  if (opened.some(({ id }) => id !== first.id))
    throw new Error(`Two checkouts for one purchase: ${opened.map(({ id }) => id).join(' and ')}`);
  return { ...NOTHING, checkoutId: first.id, member: memberName(plan), url: first.url };
}

/** The purchase page, without anybody who vouches for the browser. */
async function byPage(plan: PlannedPurchase, { business, offers }: Shop): Promise<Started> {
  const { world } = business;
  // The same browser every time: its cookie says that it is the same buyer.
  const browser = new Browser([world.api, world.emulator]);
  const isFree = offerOf(plan.offer).like === null;
  const isCompleted = ({ url }: Page) => URL.parse(url)?.searchParams.get('status') === 'completed';
  const started = await patiently(`purchase page ${plan.number}`, async () => {
    const page = expectPlaces(await browser.get(offers[plan.offer].price.buyUrl));
    const next = expectPlaces(await browser.submit(page, isFree ? { email: emailOf(plan) } : {}));
    // To the coach's site, which is not told who got it: the browser has proved nothing.
    if (isFree && isCompleted(next)) return { ...NOTHING, url: null };
    if (!SESSION.test(next.url)) throw new Error(`No page of Stripe's: ${next.status} ${next.url}`);
    return { ...NOTHING, url: next.url };
  });
  return isFree ? { ...started, member: await visitorOf(plan, business) } : started;
}

/** Our id for who typed that address. */
function visitorOf(plan: PlannedPurchase, { session }: Shop['business']): Promise<string> {
  const email = emailOf(plan);
  return patiently(`who ${email} is`, async () => {
    const { data } = await session.get('/v1/members', { params: { query: { search: email } } });
    const found = data.find((member) => member.email === email);
    if (found === undefined) throw new Error('Nobody is known by it.');
    return found.id;
  });
}

function expectPlaces(page: Page): Page {
  if (page.status !== 0 && textOf(page).includes('places are taken')) throw new Refused('sold_out', page.url);
  return page;
}

const FIRST_CARD: Record<PlannedPurchase['paidBy'], Card> = {
  succeeds: 'succeeds',
  authenticates: 'authenticates',
  declined_first: 'declined',
  nobody: 'succeeds',
};

interface AtThePage {
  browser: Browser;
  url: string;
  sessionId: string;
}

/** Until Stripe says that it is paid. Answers when that was clicked. */
function pay(
  plan: PlannedPurchase,
  shop: Shop,
  stripe: EmulatorSide,
  { browser, url, sessionId }: AtThePage,
): Promise<number> {
  let clicked = Date.now();
  return patiently(`payment ${plan.number}`, async () => {
    const isPaid = async () => (await sessionOf(shop, stripe, sessionId)).status === 'complete';
    if (await isPaid()) return clicked;
    const page = await browser.get(url);
    clicked = Date.now();
    const fill = (from: Page, card: Card) => browser.submit(from, fieldsOf(plan, card));
    let after = await fill(page, FIRST_CARD[plan.paidBy]);
    if (after.url.endsWith('/authenticate')) after = await browser.submit(after, { result: 'complete' });
    if (plan.paidBy === 'declined_first' && after.url.startsWith(stripe.url)) {
      clicked = Date.now();
      await fill(after, 'succeeds');
    }
    if (!(await isPaid())) throw new Error('Stripe has not taken it.');
    return clicked;
  });
}

function fieldsOf(plan: PlannedPurchase, card: Card): Record<string, string> {
  const { chosenAmount } = offerOf(plan.offer);
  return {
    ...cardFields(plan.mode, card),
    ...(plan.way === 'page' ? { email: emailOf(plan) } : {}),
    ...(chosenAmount === undefined ? {} : { unit_amount: chosenAmount }),
  };
}

interface Session {
  status: string;
  metadata: { checkoutId?: string };
}

async function sessionOf({ accountId, mode }: Shop, stripe: EmulatorSide, id: string): Promise<Session> {
  return (await stripe.api({ accountId, mode }, 'GET', `/v1/checkout/sessions/${id}`)) as Session;
}

/** A visitor's checkout is known by its session; the member by the checkout, once the product knows who paid. */
async function whoBought(
  started: Started,
  shop: Shop,
  stripe: EmulatorSide,
  sessionId: string,
): Promise<Started> {
  if (started.checkoutId !== null) return started;
  const { metadata } = await patiently('the session', () => sessionOf(shop, stripe, sessionId));
  return { ...started, checkoutId: metadata.checkoutId ?? null };
}
