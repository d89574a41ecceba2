import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { DESKTOP, openPerson } from './browser';
import { ConsoleVisit } from './console-visit';
import { furnish } from './furnish';
import { isNever, PAGES, pathOf } from './pages';
import type { Suite } from './runner';
import { newCoach, type Scene } from './stack';

/** A secret key of ours or of Stripe's; what only begins like one, such as the hint at the sign-in, is none. */
const SECRET = /\b(ses_(test|live|platform)_[\w-]{16,}|(sk|rk)_(test|live)_\w+|whsec_\w+)/;

/** More tries than anything that gives up makes, and no pause between two of them is longer. */
const LONG_OUTAGE = 12;
const LONGEST_PAUSE_MS = 6000;

/** Everything that a script of the page could read. */
const readable = (page: Page): Promise<string> =>
  page.evaluate(async () =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      await indexedDB.databases(),
      await caches.keys(),
      document.documentElement.outerHTML,
    ]),
  );

/** What must not go wrong: restarts, two tabs, secrets. */
export async function staysWhole({ browser, stack }: Scene): Promise<Suite> {
  const coach = await newCoach(stack);
  const shop = await furnish(coach);
  const visit = await ConsoleVisit.enter(browser, await coach.signInUrl());
  const { page } = visit;
  const at = (path: string): string => `${stack.info().api}/console${path}`;
  const killApi = (): boolean => process.kill(stack.info().pids.api ?? 0, 'SIGKILL');
  const namesIn = async (mode: 'test' | 'live'): Promise<string[]> =>
    (await coach.ui[mode].call('GET', '/v1/products')).body.data.map(({ name }: { name: string }) => name);

  return {
    inOrder: false,
    tests: [
      [
        'with the API restarting, the console says so and recovers by itself',
        async () => {
          await page.goto(at('/test/settings/products'));
          await page.getByText('Morning circle').waitFor();
          killApi();
          await page.getByRole('navigation').getByRole('link', { name: 'Members' }).click();
          await page.getByText('The server is not responding. Reconnecting').waitFor();
          await page.getByRole('link', { name: 'mia@example.com' }).waitFor({ timeout: 60_000 });
          await page.getByText('The server is not responding. Reconnecting').waitFor({ state: 'detached' });
        },
      ],
      [
        'after a long outage as well',
        async () => {
          const tab = await page.context().newPage();
          await tab.clock.install();
          await tab.goto(at('/test/settings/products'));
          await tab.getByText('Morning circle').waitFor();
          await tab.route('**/console/api/**', (route) => route.abort());
          const members = '**/console/api/test/v1/members**';
          let asked = tab.waitForRequest(members);
          await tab.getByRole('navigation').getByRole('link', { name: 'Members' }).click();
          await asked;
          await tab.getByText('The server is not responding. Reconnecting').waitFor();
          for (let tries = 0; tries < LONG_OUTAGE; tries++) {
            asked = tab.waitForRequest(members);
            await tab.clock.fastForward(LONGEST_PAUSE_MS);
            await asked;
          }
          await tab.unroute('**/console/api/**');
          await tab.clock.fastForward(LONGEST_PAUSE_MS);
          await tab.getByRole('link', { name: 'mia@example.com' }).waitFor();
          await tab.getByText('The server is not responding. Reconnecting').waitFor({ state: 'detached' });
          await tab.close();
        },
      ],
      [
        'what was typed and sent while the API restarts is done once',
        async () => {
          await page.goto(at('/test/settings/products/new'));
          await page.getByLabel('Name').fill('Noon circle');
          killApi();
          await visit.button('Create product').click();
          const created = visit.heading('Noon circle');
          const again = page.getByRole('alert');
          await created.or(again).first().waitFor({ timeout: 60_000 });
          // A person who was told that it did not work presses the button again.
          if (await again.isVisible()) {
            assert.equal(await page.getByLabel('Name').inputValue(), 'Noon circle');
            await page.getByText('The server is not responding. Reconnecting').waitFor({ state: 'detached' });
            await visit.button('Create product').click();
          }
          await created.waitFor();
          assert.equal((await namesIn('test')).filter((name) => name === 'Noon circle').length, 1);
        },
      ],
      [
        'two tabs in different modes mix nothing',
        async () => {
          const other = await page.context().newPage();
          const asked = { test: new Set<string>(), live: new Set<string>() };
          const note = (mode: 'test' | 'live') => (request: { url(): string }) => {
            const of = /\/console\/api\/(test|live)\//.exec(request.url())?.[1];
            if (of !== undefined) asked[mode].add(of);
          };
          await other.setViewportSize(DESKTOP);
          await page.goto(at('/test'));
          await other.goto(at('/live'));
          await other.getByText('Nothing has been sold yet.').waitFor();
          page.on('request', note('test'));
          other.on('request', note('live'));
          for (const [tab, name] of [
            [page, 'Of test mode'],
            [other, 'Of live mode'],
            [page, 'Of test mode again'],
          ] as const) {
            await tab.getByRole('navigation').getByRole('link', { name: 'Products' }).click();
            await tab.getByRole('link', { name: 'Create product' }).first().click();
            await tab.getByLabel('Name').fill(name);
            await tab.getByRole('button', { name: 'Create product' }).click();
            await tab.getByRole('heading', { level: 1, name }).waitFor();
          }
          await other.goto(at('/live/settings/products'));
          await other.getByText('Of live mode').waitFor();
          assert.deepEqual([[...asked.test], [...asked.live]], [['test'], ['live']]);
          assert.deepEqual(await namesIn('live'), ['Of live mode']);
          assert.ok(!(await namesIn('test')).includes('Of live mode'));
          // One thing of test mode is not there in live mode.
          await other.goto(at(`/live/settings/products/${shop.productId}`));
          await other.getByRole('alert').waitFor();
          await other.close();
        },
      ],
      [
        'no secret key in anything that the browser gets, keeps or lets a script read',
        async () => {
          const context = await openPerson(browser);
          const tab = await context.newPage();
          const leaks: string[] = [];
          const reading: Promise<void>[] = [];
          tab.on('response', (response) => {
            const read = response.text().then(
              (body) => {
                if (SECRET.test(body)) leaks.push(response.url());
              },
              () => {},
            );
            reading.push(read);
          });
          await tab.goto(at('/sign-in'));
          await tab.getByLabel('API key', { exact: true }).fill(coach.ui.test.key);
          await tab.getByRole('button', { name: 'Sign in' }).click();
          await tab.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
          for (const one of PAGES) {
            await tab.goto(at(`/test${pathOf(one, shop)}`));
            if (!isNever(one.full)) await tab.getByText(one.full).first().waitFor();
            assert.doesNotMatch(await readable(tab), SECRET, one.name);
          }
          await Promise.all(reading);
          assert.deepEqual(leaks, []);
          assert.ok(reading.length > 10);
          // The session itself is out of reach of scripts, and a test key opened test mode only.
          const [cookie] = (await context.cookies(at('/'))).filter(({ path }) => path.startsWith('/console'));
          assert.deepEqual([cookie?.httpOnly, cookie?.sameSite], [true, 'Lax']);
          await tab.goto(at('/live'));
          await tab.getByText('To open Live mode, also sign in with a key for that mode.').waitFor();
          await context.close();
        },
      ],
    ],
    describe: visit.describe,
    close: visit.close,
  };
}
