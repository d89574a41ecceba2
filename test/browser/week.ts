import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright-core';
import type { Mode } from '../../src/domain/mode';
import { createStripeSide } from '../support/stripe-side';
import { openPerson, watchErrors } from './browser';
import { askAnyway, ConsoleVisit, followSignInLink } from './console-visit';
import { mailbox } from './mailbox';
import type { Suite } from './runner';
import { newCoach, type Scene } from './stack';
import { pay } from './stripe-pages';
import { WEEK_WORDS } from './week-words';

/** Amounts in the order in which they are typed and read: 29.00, of which 9.00 go back; with 20 percent off, 23.20. */
const PRICE = '29.00';
const BACK = '9.00';
const CHEAPER = '23.20';

/** The lines of a file that the browser has saved. */
async function linesOf(download: Download): Promise<string[]> {
  const text = await readFile(await download.path(), 'utf8');
  return text
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/);
}

/** A week of a coach, as the console takes them through it: everything by its pages, and nothing at Stripe. */
export async function week(
  { browser, stack }: Scene,
  mode: Mode,
  language: keyof typeof WEEK_WORDS,
): Promise<Suite> {
  const words = WEEK_WORDS[language];
  const { locale } = words;
  const coach = await newCoach(stack);
  const { api, mails, stripeEmulator } = stack.info();
  for (const ui of Object.values(coach.ui)) await ui.connect({ account: 'new', country: 'DE' });
  const ui = coach.ui[mode];
  const visit = await ConsoleVisit.enter(browser, await coach.signInUrl(), {
    locale,
    reducedMotion: 'reduce',
  });
  const { page } = visit;
  /** Where the coach's own browser has been. */
  const visited = new Set<string>();
  page.on('request', (request) => visited.add(new URL(request.url()).origin));

  const at = (path: string, where: Mode = mode): string => `${api}/console/${where}${path}`;
  const dialog = page.getByRole('dialog');
  const assistant = `kim-${coach.coachId.slice(6, 14).toLowerCase()}@example.com`;
  const context = await openPerson(browser, { locale });
  const kim = await context.newPage();
  const errors = watchErrors(kim);
  let purchaseLink = '';

  /** Creates a product with a monthly price, on the pages for it; the answer is its purchase link. */
  async function offer(name: string, where: Mode): Promise<string> {
    await page.goto(at('/settings/products/new', where));
    await page.getByLabel(words.name).fill(name);
    await visit.button(words.createProduct).click();
    await visit.heading(name).waitFor();
    await page.getByRole('link', { name: words.addPrice }).click();
    await page.getByLabel(words.recurring).check();
    await page.getByLabel(words.amount, { exact: true }).fill(PRICE);
    await page.getByLabel(words.interval, { exact: true }).selectOption('month');
    await visit.button(words.addPrice).click();
    await visit.section(words.details).getByText(words.onSale, { exact: true }).waitFor();
    return page.getByLabel(words.purchaseLink, { exact: true }).inputValue();
  }

  /** Somebody opens a purchase link and pays. */
  async function buys(link: string, email: string): Promise<void> {
    const theirs = await openPerson(browser, { locale });
    const tab: Page = await theirs.newPage();
    await tab.goto(link);
    await tab.getByRole('button', { name: words.pay }).click();
    await pay(tab, mode, 'succeeds', email);
    await tab.waitForURL('**/thanks?**status=completed**');
    await theirs.close();
  }

  /** The row of a sale, once it is there. */
  async function saleOf(email: string) {
    await page.goto(at('/sales'));
    const row = page.getByRole('listitem').filter({ hasText: email });
    await visit.readAgainUntil(row);
    return row;
  }

  return {
    inOrder: true,
    tests: [
      [
        'sells: a product, a price, a link, and the sale is in the list',
        async () => {
          purchaseLink = await offer('Morning circle', mode);
          await buys(purchaseLink, 'mia@example.com');
          const row = await saleOf('mia@example.com');
          await row.getByRole('link', { name: words.paid(PRICE) }).waitFor();
        },
      ],
      [
        'refunds in part, and reads beforehand that the access stays',
        async () => {
          const row = await saleOf('mia@example.com');
          await row.getByRole('link', { name: words.paid(PRICE) }).click();
          await visit.button(words.refund).click();
          await dialog.getByLabel(words.refundAmount).fill(BACK);
          await dialog.getByText(words.keepsAccess).waitFor();
          await dialog.getByText(words.paid(BACK), { exact: true }).waitFor();
          await dialog.getByRole('button', { name: words.refund }).click();
          await dialog.waitFor({ state: 'detached' });
          await page.getByText(words.refundedInPart).first().waitFor();
          const { data } = (await ui.call('GET', '/v1/payments')).body;
          assert.deepEqual([data[0].amount, data[0].amountRefunded], [2900, 900]);
        },
      ],
      [
        'gives a coupon: a member pays less by the link that has its code',
        async () => {
          await page.goto(at('/settings/coupons'));
          await visit.button(words.createCoupon).click();
          await dialog.getByLabel(words.name).fill('Friends');
          await dialog.getByLabel(words.percent, { exact: true }).fill('20');
          await dialog.getByRole('button', { name: words.createCoupon }).click();
          await dialog.waitFor({ state: 'detached' });
          const card = visit.section('Friends');
          await card.getByText(words.active, { exact: true }).first().waitFor();
          await card.getByRole('button', { name: words.addCode }).click();
          await dialog.getByLabel(words.code, { exact: true }).fill('FRIENDS');
          await dialog.getByRole('button', { name: words.addCode }).click();
          await dialog.waitFor({ state: 'detached' });
          await card.getByRole('button', { name: words.copyLink }).click();
          await dialog.getByRole('button', { name: words.takeCodes }).click();
          const link = await dialog.getByLabel(words.link, { exact: true }).inputValue();
          await dialog.getByRole('button', { name: words.done }).click();
          await buys(link, 'noah@example.com');
          await (await saleOf('noah@example.com')).getByRole('link', { name: words.paid(CHEAPER) }).waitFor();
          await page.goto(at('/settings/coupons'));
          await visit.readAgainUntil(card.getByRole('definition').filter({ hasText: words.used }));
        },
      ],
      [
        'moves from test mode to live mode',
        async () => {
          await offer('Evening circle', 'test');
          await page.goto(at('/settings/products', 'test'));
          await page.getByRole('link', { name: words.goLive }).click();
          await visit.button(words.copy).click();
          await page.getByText(words.copied).waitFor();
          await page.goto(at('/settings/products', 'live'));
          await page.getByRole('link', { name: 'Evening circle' }).waitFor();
        },
      ],
      [
        'adds an assistant who may only read, and who is refused a change',
        async () => {
          await page.goto(at('/settings/people'));
          await visit.button(words.invite).click();
          await dialog.getByLabel(words.email).fill(assistant);
          await dialog.getByLabel(words.role).selectOption('read_only');
          await dialog.getByRole('button', { name: words.invite }).click();
          await page.getByText(words.invited).waitFor();

          await kim.goto(`${api}/console/sign-in`);
          await kim.getByLabel(words.email).fill(assistant);
          await kim.getByRole('button', { name: words.sendLink }).click();
          await kim.getByText(words.linkSent).waitFor();
          await followSignInLink(kim, await mailbox(mails).signInUrl(assistant));
          await kim.goto(at('/sales'));
          await kim.getByRole('link', { name: words.paid(PRICE) }).click();
          await kim.getByRole('heading', { level: 2, name: 'Morning circle' }).waitFor();
          assert.equal(await kim.getByRole('button', { name: words.refund }).count(), 0);
          const answer = await askAnyway(kim, mode, '/v1/products', { name: 'Not mine to make' });
          assert.deepEqual(answer, { status: 403, code: 'role_not_allowed' });
        },
      ],
      [
        'exports the month: every payment as CSV, and the statement',
        async () => {
          await page.goto(at('/sales'));
          const saved = async (name: string): Promise<string[]> => {
            const download = page.waitForEvent('download');
            await page.getByRole('link', { name, exact: true }).click();
            return linesOf(await download);
          };
          const [, ...payments] = await saved(words.csv);
          assert.deepEqual(
            payments.map((line) => line.split(',').slice(3, 6)),
            [
              ['eur', CHEAPER, '0.00'],
              ['eur', PRICE, BACK],
            ],
          );
          const [columns = '', line = '', ...more] = await saved(words.statement);
          assert.deepEqual(more, []);
          const month = Object.fromEntries(columns.split(',').map((name, i) => [name, line.split(',')[i]]));
          assert.deepEqual(
            [month['currency'], month['payments'], month['gross'], month['refunds'], month['refunded']],
            ['eur', '2', '52.20', '1', BACK],
          );
          await visit.section(words.monthly).getByText(words.paid('52.20')).waitFor();
        },
      ],
      [
        'finds why a member has lost access, from their address',
        async () => {
          const { data } = (await ui.call('GET', '/v1/payments?search=mia@example.com')).body;
          const { chargeId } = data[0].stripe as { chargeId: string };
          const account = (await ui.connection()).accountId ?? '';
          await createStripeSide(stripeEmulator ?? '').trigger('dispute_created', {
            account,
            charge: chargeId,
            livemode: mode === 'live',
          });
          await page.goto(at('/members'));
          await page.getByLabel(words.search).fill('mia@');
          await page.getByRole('link', { name: 'mia@example.com' }).click();
          await visit.heading('mia@example.com').waitFor();
          const access = visit.section(words.access);
          await visit.readAgainUntil(access.getByText(words.noAccess, { exact: true }));
          await access.getByText(words.why).waitFor();
          await visit.section(words.timeline).getByText(words.cause).first().waitFor();
        },
      ],
      [
        'all of it without a visit to Stripe, and without an error',
        () => {
          assert.deepEqual([...visited], [new URL(api).origin]);
          assert.deepEqual([visit.errors, errors], [[], []]);
          return Promise.resolve();
        },
      ],
    ],
    describe: async () => `${await visit.describe()}\n${kim.url()}`,
    close: async () => {
      await visit.close();
      await context.close();
    },
  };
}
