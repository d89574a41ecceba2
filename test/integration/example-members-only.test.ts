import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { SigningSecret } from '@session/sdk';
import { Browser, leadsTo } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';
import { CARDS } from '../support/stripe-side';

interface Options {
  api: string;
  key: string;
  signing: SigningSecret;
  product: string;
  price: string;
  signedIn: (req: express.Request) => { id: string; email?: string } | null;
  loginUrl: string;
}
// eslint-disable-next-line @typescript-eslint/no-require-imports -- what a coach copies is plain JavaScript
const { membersOnly } = require('../../docs/examples/members-only/members-only.js') as {
  membersOnly: (options: Options) => express.RequestHandler;
};

// The example of docs/examples/members-only, as a coach's server runs it.
let signing: SigningSecret;
let price: { id: string; productId: string };
const sites: Server[] = [];
const rig = rigFor('file');
const seller = sellerFor('file', rig);
beforeAll(async () => {
  price = await seller.offer({ unitAmount: 4900, currency: 'usd' });
  signing = (await seller.coach.call('POST', '/v1/signing-secrets', {})).body;
});
afterAll(async () => {
  for (const site of sites) {
    site.closeAllConnections();
    site.close();
  }
});

/** A coach's site whose login is a header, with one page for members. */
async function openSite(key: string) {
  const app = express();
  const members = membersOnly({
    api: rig.api,
    key,
    signing,
    product: price.productId,
    price: price.id,
    signedIn: (req) => {
      const id = req.get('x-signed-in');
      return id === undefined ? null : { id, email: `${id}@example.com` };
    },
    loginUrl: '/login',
  });
  app.get('/lessons', members, (_req, res) => {
    res.send('<h1>Lesson one</h1>');
  });
  const onError: express.ErrorRequestHandler = (error: Error, _req, res, _next) => {
    res.status(503).send(error.message);
  };
  app.use(onError);
  const site = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => site.once('listening', resolve));
  sites.push(site);
  const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/lessons`;
  return async (member?: string) => {
    const headers: Record<string, string> = member === undefined ? {} : { 'x-signed-in': member };
    const response = await fetch(url, { redirect: 'manual', headers });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
}

const linkIn = (page: string) => /<a href="([^"]+)"/.exec(page)?.[1] ?? '';

test('a stranger is led to the login, a member to the button, and a buyer to the lesson', async () => {
  const visit = await openSite(seller.coach.key);

  const stranger = await visit();
  expect([stranger.status, stranger.headers.get('location')]).toEqual([303, '/login']);

  const before = await visit('mia');
  expect(before.status).toBe(403);
  expect(before.headers.get('cache-control')).toBe('private, no-store');
  expect(before.text).toContain(`<script src="${rig.api}/buy.js" async>`);
  expect(before.text).toContain(`<session-buy price="${price.id}" label="Join" token="ey`);
  expect(before.text).not.toContain('Lesson one');
  expect(before.text).not.toContain(seller.coach.key);
  expect(before.text).not.toContain(signing.secret);

  // Without scripts: the link inside the button, the purchase page, Stripe's page.
  const browser = new Browser();
  const link = linkIn(before.text);
  expect((await browser.get(link)).status).toBe(200);
  const stripePage = leadsTo(await browser.post(link, {}));
  expect((await rig.stripeSide.payWithCard(stripePage.href, CARDS.test.succeeds)).status).toBe(303);

  const after = await eventually('the lesson to be open', async () => {
    const page = await visit('mia');
    return page.status === 200 ? page : false;
  });
  expect(after.text).toBe('<h1>Lesson one</h1>');
  expect(after.headers.get('cache-control')).toBe('private, no-store');
  expect((await visit('noah')).status).toBe(403);
});

test('what the token says of the member reaches Session', async () => {
  const { body } = await seller.coach.call('GET', '/v1/members?limit=100');
  expect(body.data).toMatchObject([{ externalId: 'mia', email: 'mia@example.com' }]);
});

test('where Session refuses to answer the page stays closed', async () => {
  const visit = await openSite('ses_test_unknown');
  const page = await visit('mia');
  expect(page.status).toBe(503);
  expect(page.text).toContain('Session answered 401');
  expect(page.text).not.toContain('Lesson one');
});
