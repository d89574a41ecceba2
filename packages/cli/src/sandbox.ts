import { createSessionClient, type SessionClient } from '@session/sdk';
import { Browser } from './browser.ts';
import { CommandError } from './exit.ts';
import type { Local } from './place.ts';

/** The local Stripe's card that is always good. https://docs.stripe.com/testing#cards */
const CARD = {
  payment_method: 'card',
  card_number: '4242424242424242',
  card_expiry: '12 / 34',
  card_cvc: '123',
  email: 'member@example.com',
  billing_name: 'A Member',
  billing_country: 'DE',
  action: 'pay',
};
/** The coach's own site, as far as a sandbox has one: a browser stops there. */
const SITE = 'https://sandbox.example';

function browserOf({ api, stripeEmulator }: Local): Browser {
  if (stripeEmulator === null)
    throw new CommandError('That is for the local Stripe only; this system speaks to the real one.');
  return new Browser([new URL(api).origin, new URL(stripeEmulator).origin]);
}

/** A new coach with a key for test mode, connected to a new account of the local Stripe, by OAuth, without a browser. */
export async function createSandbox(local: Local, name: string) {
  const platform = createSessionClient({ url: local.api, key: local.platformKey });
  const coach = await platform.post('/v1/coaches', { body: { name } });
  const { key } = await platform.post('/v1/coaches/{id}/api-keys', {
    params: { path: { id: coach.id } },
    body: { mode: 'test' },
  });
  const session = createSessionClient({ url: local.api, key });
  await session.patch('/v1/settings', { body: { origins: [SITE] } });
  const accountId = await connect(local, session);
  return { coachId: coach.id, key, accountId, url: local.api };
}

/** What a coach does in a browser: through our page, Stripe's, and back. */
async function connect(local: Local, session: SessionClient): Promise<string | null> {
  const browser = browserOf(local);
  const { url } = await session.post('/v1/connection', { body: { returnUrl: `${SITE}/settings` } });
  let page = await browser.open(url);
  const agree = async () => {
    if (page.url.pathname.startsWith('/connect/')) page = await browser.submit(page, { decision: 'connect' });
  };
  await agree();
  page = await browser.submit(page, {
    action: 'approve',
    account: 'new',
    country: 'DE',
    verification: 'complete',
  });
  await agree();
  const token = page.url.searchParams.get('connection_token');
  if (token === null) throw new CommandError(`Connecting ended at ${page.url.origin}${page.url.pathname}.`);
  return (await session.post('/v1/connection/confirm', { body: { token } })).accountId;
}

/** Pays a checkout on the local Stripe's page, as a member would. @param url of the checkout */
export async function payAtLocalStripe(local: Local, url: string): Promise<void> {
  const browser = browserOf(local);
  const page = await browser.submit(await browser.open(url), CARD);
  const error = /data-testid="error">([^<]*)</.exec(page.html)?.[1];
  if (error !== undefined) throw new CommandError(`The card was not taken: ${error}`);
}
