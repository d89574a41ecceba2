import { button, goToProduct, link, offer, pay, typeCard } from './steps.mjs';

const SUCCEEDS = '4242424242424242';
const FAILS_ON_RENEWAL = '4000000000000341';
/** A month on a busy machine. */
const LONG_MS = 180_000;

/** The coach adds a price of a year to the circle, and replaces nothing. */
export async function sell({ coach, picture }) {
  await goToProduct(coach, 'The monthly circle');
  await link(coach, 'Add Price').click();
  await coach.getByLabel(/^Recurring/).check();
  await coach.getByLabel('Amount', { exact: true }).fill('290.00');
  await coach.getByLabel('Interval', { exact: true }).selectOption('year');
  await coach.getByLabel('Free trial, in days').fill('14');
  await picture(coach, 'add-price');
  const release = await holdPrices(coach);
  await button(coach, 'Add Price').click();
  await coach.getByText('Session creates the price in your Stripe account').waitFor();
  await picture(coach, 'price-provisioning');
  await release();
  await coach.getByText('Sell it on your site').waitFor();
  await picture(coach, 'price');
}

/** Keeps what the page knows of a price as it is, for as long as the picture takes. */
async function holdPrices(page) {
  let first;
  const pattern = '**/v1/prices/*';
  await page.route(pattern, async (route) => {
    first ??= await route.fetch();
    await route.fulfill({ response: first });
  });
  return () => page.unroute(pattern);
}

/** Members come month after month, and the time of the coach's account passes in between. */
export async function monthsPass(scene) {
  const buys = (email, what, card = SUCCEEDS) => purchase(scene, { email, card, ...what });
  const programme = { product: 'Twelve weeks', way: 'Buy' };
  const installments = { product: 'Twelve weeks', way: 'Pay in installments' };
  const circle = { product: 'monthly circle', way: 'Subscribe' };
  await buys('amelie@example.com', installments);
  await buys('jonas@example.com', circle);
  await later(scene, 'A month later');
  await buys('noah@example.com', circle, FAILS_ON_RENEWAL);
  await buys('paul@example.com', circle);
  await buys('greta@example.com', programme);
  await later(scene, 'A month later');
  await buys('emil@example.com', programme);
  await buys('lena@example.com', installments, FAILS_ON_RENEWAL);
  await later(scene, 'A month later');
  await later(scene, 'A day later');
  await buys('clara@example.com', circle);
  await buys('hugo@example.com', programme);
}

/** Somebody buys on the coach's site as a visitor. */
async function purchase({ local, person }, { email, card, product, way }) {
  const page = await person();
  await page.goto(`${local.demo.siteUrl}/test`);
  await link(offer(page, product), way).click();
  await button(page, 'Continue to payment').click();
  await page.getByLabel('E-mail').fill(email);
  await typeCard(page, card);
  await pay(page);
  await page.getByText('Thank you, you are in').waitFor();
  await page.context().close();
}

/** On the site's page for it; every renewal on the way takes its moment. */
async function later({ local, person }, step) {
  const page = await person();
  page.setDefaultTimeout(LONG_MS);
  await page.goto(`${local.demo.siteUrl}/test/time`);
  await button(page, step).click();
  await page.getByText(/days? ha(s|ve) passed/).waitFor();
  await page.context().close();
}
