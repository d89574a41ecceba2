import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { expectAccessibleInBothSchemes } from './axe';
import { DESKTOP, PHONE } from './browser';
import { ConsoleVisit } from './console-visit';
import { furnish } from './furnish';
import { PAGES, pathOf } from './pages';
import type { Suite } from './runner';
import { newCoach, type Scene } from './stack';

/** CSS pixels that a fingertip needs: https://www.w3.org/TR/WCAG22/#target-size-enhanced */
const FINGERTIP = 44;

/** What can be pressed on a page and is smaller than a fingertip. Links within a sentence are exempt, as in WCAG. */
const tooSmall = (page: Page): Promise<string[]> =>
  page.evaluate((least) => {
    const heightOf = (element: Element): number => {
      // A box answers on the whole of its line.
      const line = element.closest('.mantine-Checkbox-body, .mantine-Radio-body, .mantine-Switch-body');
      return (line ?? element).getBoundingClientRect().height;
    };
    const isInSentence = (element: Element): boolean =>
      element.tagName === 'A' &&
      getComputedStyle(element).display === 'inline' &&
      (element.parentElement?.innerText ?? '').trim() !== (element as HTMLElement).innerText.trim();
    return [...document.querySelectorAll<HTMLElement>('a, button, input, select, textarea, summary')]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().width > 1)
      .filter((element) => !isInSentence(element) && !element.matches('.skip, [aria-hidden=true]'))
      .filter((element) => heightOf(element) < least - 0.5)
      .map(
        (element) => `${element.tagName} ${element.innerText || (element.getAttribute('aria-label') ?? '')}`,
      );
  }, FINGERTIP);

/** The scheme that is chosen, the search for anything, and the console on a phone. */
export async function look({ browser, stack }: Scene): Promise<Suite> {
  const coach = await newCoach(stack);
  const shop = await furnish(coach);
  const visit = await ConsoleVisit.enter(browser, await coach.signInUrl(), { reducedMotion: 'reduce' });
  const { page } = visit;
  const scheme = (): Promise<string | undefined> =>
    page.evaluate(() => document.documentElement.dataset.mantineColorScheme);
  const open = (path: string) => page.goto(`${stack.info().api}/console/test${path}`);
  const field = page.getByRole('combobox', { name: 'Search pages, members and products' });
  /** Who types before the field is there types into the page. */
  const openSearch = async () => {
    await page.keyboard.press('Control+k');
    await field.and(page.locator(':focus')).waitFor();
  };
  const navigation = page.getByRole('navigation', { name: 'Main' });
  return {
    inOrder: false,
    tests: [
      [
        'dark is chosen, kept, and there before the console is; then it goes by the system again',
        async () => {
          assert.equal(await scheme(), 'light');
          await page.getByLabel('Appearance').selectOption('Dark');
          assert.equal(await scheme(), 'dark');
          await page.route('**/console/assets/*.js', (route) => route.abort());
          await page.reload();
          assert.equal(await scheme(), 'dark');
          await page.unroute('**/console/assets/*.js');
          await page.reload();
          await page.getByLabel('Appearance').selectOption('As the system');
          assert.equal(await scheme(), 'light');
        },
      ],
      [
        'Ctrl+K finds pages, members and products, by keyboard alone',
        async () => {
          await openSearch();
          await expectAccessibleInBothSchemes(page);
          await page.keyboard.type('webh');
          await page.getByRole('option', { name: 'Webhooks', selected: true }).waitFor();
          await page.keyboard.press('Enter');
          await visit.heading('Webhooks').waitFor();
          await openSearch();
          await page.keyboard.type('circle');
          await page.getByRole('option', { name: 'Morning circle' }).waitFor();
          await page.keyboard.press('ArrowDown');
          await page.getByRole('option', { name: 'Morning circle', selected: true }).waitFor();
          await page.keyboard.press('Enter');
          await visit.heading('Morning circle').waitFor();
          await visit.button('Search').click();
          await field.fill('mia@');
          await page.getByRole('option', { name: 'mia@example.com' }).click();
          await visit.heading('mia@example.com').waitFor();
          await page.keyboard.press('Control+k');
          await field.fill('zzzz');
          await page.getByText('Nothing found.').waitFor();
          await page.keyboard.press('Escape');
          await field.waitFor({ state: 'detached' });
          await visit.heading('mia@example.com').waitFor();
        },
      ],
      [
        'on a phone the settings are found by their name, and close where one has gone',
        async () => {
          await page.setViewportSize(PHONE);
          await open('/members');
          const products = navigation.getByRole('link', { name: 'Products' });
          assert.equal(await products.isVisible(), false);
          await navigation.getByRole('button', { name: 'Settings' }).click();
          await expectAccessibleInBothSchemes(page);
          await page.setViewportSize(PHONE);
          await products.click();
          await visit.heading('Products').waitFor();
          assert.equal(await products.isVisible(), false);
          await navigation.getByRole('button', { name: 'Settings' }).click();
          await page.keyboard.press('Escape');
          assert.equal(await products.isVisible(), false);
        },
      ],
      [
        'on a phone a list begins with its rows: what narrows it down is behind a button that says how much of it is in use',
        async () => {
          await page.setViewportSize(PHONE);
          await open('/sales');
          const status = page.getByLabel('Status', { exact: true });
          await page.getByText('lea@example.com').first().waitFor();
          assert.equal(await status.isVisible(), false);
          await visit.button('Filters').click();
          await status.selectOption('Failed');
          await page.getByRole('button', { name: 'Filters (1)', expanded: true }).click();
          assert.equal(await status.isVisible(), false);
          await page.setViewportSize(DESKTOP);
          assert.equal(await status.isVisible(), true);
        },
      ],
      [
        'on a phone everything that is pressed has the size of a fingertip, and nothing ends under the bar',
        async () => {
          await page.setViewportSize(PHONE);
          for (const one of PAGES) {
            await open(pathOf(one, shop));
            await visit.heading(/./).waitFor();
            await page.waitForFunction(() => !document.body.innerText.includes('Loading …'));
            assert.deepEqual(await tooSmall(page), [], one.name);
            const hidden = await page.evaluate(() => {
              window.scrollTo(0, document.documentElement.scrollHeight);
              const bottom = document.querySelector('footer')?.getBoundingClientRect().bottom ?? Infinity;
              return bottom - (document.querySelector('nav.frame-nav')?.getBoundingClientRect().top ?? 0);
            });
            assert.ok(hidden <= 1, `${one.name}: ${hidden} px of its end lie under the bar`);
          }
        },
      ],
      [
        'no page had an error, nor anything that its Content-Security-Policy refused',
        () => Promise.resolve(assert.deepEqual(visit.errors, [])),
      ],
    ],
    describe: visit.describe,
    close: visit.close,
  };
}
