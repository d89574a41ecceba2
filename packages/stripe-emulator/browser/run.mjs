#!/usr/bin/env node
// npm run emulator:browser: a real browser goes through Connect, Checkout with 3-D Secure and the billing portal of an
// emulator that runs beside it, as a person would; what it did is then read back with the official client.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import Stripe from 'stripe';
import { buildEmulator, startProcess } from '../scripts/emulator-process.mjs';
import { openPage } from './chromium.mjs';

const LIMIT_MS = 120_000;
const CHALLENGED_CARD = '4000 0025 0000 3155';

/** The shop: where Stripe's pages lead back to. */
async function startShop() {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<title>Shop</title><h1>Shop</h1>`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const click = (page, name) => page.getByRole('button', { name, exact: true }).click();

/** Answers Stripe's question whether to connect; gives the parameters that the platform gets back. */
async function connect(page, shop, emulator, button) {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'ca_test_emulator',
    scope: 'read_write',
    redirect_uri: `${shop.url}/callback`,
    state: 'state-1',
  });
  await page.goto(`${emulator.url}/oauth/authorize?${query}`);
  if (button !== 'Deny') await page.fill('#business_name', 'Ada Coaching');
  await click(page, button);
  await page.waitForURL(`${shop.url}/callback?**`);
  return new URL(page.url()).searchParams;
}

async function throughConnect({ page, shop, emulator, stripe, saw }) {
  const denied = await connect(page, shop, emulator, 'Deny');
  assert.equal(denied.get('error'), 'access_denied');
  assert.equal(denied.get('state'), 'state-1');
  saw('Connect: denied, back with access_denied');
  const approved = await connect(page, shop, emulator, 'Connect my Stripe account');
  assert.equal(approved.get('state'), 'state-1');
  const token = await stripe.oauth.token({ grant_type: 'authorization_code', code: approved.get('code') });
  assert.match(token.stripe_user_id, /^acct_/);
  saw('Connect: approved, back with a code that gives a token');
  return { stripeAccount: token.stripe_user_id };
}

async function payByChallengedCard(page) {
  await page.fill('#email', 'member@example.com');
  await page.fill('#card_number', CHALLENGED_CARD);
  await page.fill('#card_expiry', '12 / 60');
  await page.fill('#card_cvc', '123');
  await page.fill('#billing_name', 'Mia Member');
  await page.locator('button[name=action][value=pay]').click();
  await page.waitForURL('**/authenticate');
}

async function throughCheckout({ page, shop, stripe, saw }, options) {
  const product = await stripe.products.create({ name: 'Programme' }, options);
  const price = await stripe.prices.create(
    { product: product.id, currency: 'eur', unit_amount: 2900, recurring: { interval: 'month' } },
    options,
  );
  const session = await stripe.checkout.sessions.create(
    {
      mode: 'subscription',
      line_items: [{ price: price.id, quantity: 1 }],
      success_url: `${shop.url}/done`,
      cancel_url: `${shop.url}/back`,
      subscription_data: { billing_mode: { type: 'flexible' } },
    },
    options,
  );
  await page.goto(session.url);
  assert.match(await page.getByTestId('total').innerText(), /29\.00/);
  await payByChallengedCard(page);
  await click(page, 'Fail authentication');
  await page.getByTestId('error').waitFor();
  const open = await stripe.checkout.sessions.retrieve(session.id, {}, options);
  assert.deepEqual([open.status, open.subscription], ['open', null]);
  saw(`Checkout: 3-D Secure failed (“${await page.getByTestId('error').innerText()}”), still open`);

  await payByChallengedCard(page);
  await click(page, 'Complete authentication');
  await page.waitForURL(`${shop.url}/done`);
  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription'] }, options);
  assert.deepEqual([paid.status, paid.payment_status, paid.amount_total], ['complete', 'paid', 2900]);
  assert.equal(paid.subscription.status, 'active');
  saw('Checkout: 3-D Secure completed, paid, subscription active');
  return paid;
}

async function throughPortal({ page, shop, stripe, saw }, options, paid) {
  const portal = await stripe.billingPortal.sessions.create(
    { customer: paid.customer, return_url: `${shop.url}/account` },
    options,
  );
  const read = () => stripe.subscriptions.retrieve(paid.subscription.id, {}, options);
  await page.goto(portal.url);
  await page.getByTestId('cancel').click();
  await click(page, 'Cancel subscription');
  await page.getByTestId('notice').waitFor();
  assert.match(await page.getByTestId('state').innerText(), /^Cancels on /);
  const cancelled = await read();
  assert.equal(cancelled.status, 'active');
  assert.equal(cancelled.cancel_at, cancelled.items.data[0].current_period_end);
  saw('Portal: cancelled, cancel_at is the end of the period');

  await page.getByTestId('renew').click();
  await page.getByTestId('cancel').waitFor();
  const resumed = await read();
  assert.deepEqual([resumed.status, resumed.cancel_at], ['active', null]);
  saw('Portal: resumed, cancel_at is null');
  await page.getByTestId('return').click();
  await page.waitForURL(`${shop.url}/account`);
  saw('Portal: back at the shop');
}

let steps = 0;
const saw = (what) => {
  steps += 1;
  console.log(what);
};
let emulator, shop, browser;
const limit = setTimeout(() => {
  console.error(`The browser test took more than ${LIMIT_MS / 1000} seconds.`);
  process.exit(1);
}, LIMIT_MS);
try {
  browser = await openPage();
  await buildEmulator();
  emulator = await startProcess();
  shop = await startShop();
  const { page } = browser;
  const stripe = new Stripe('sk_test_emulator', {
    host: '127.0.0.1',
    port: emulator.port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
  const scene = { page, shop, emulator, stripe, saw };
  const options = await throughConnect(scene);
  const paid = await throughCheckout(scene, options);
  await throughPortal(scene, options, paid);
  console.log(`${steps} steps in ${browser.version}.`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  clearTimeout(limit);
  await browser?.close();
  shop?.close();
  await emulator?.stop();
}
