import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { tooWide, violationsOf } from './axe';
import { DESKTOP, PHONE } from './browser';
import { ConsoleVisit } from './console-visit';
import { furnish, pagesOf, type ConsolePage } from './pages';
import type { Suite } from './runner';
import { newCoach, type Stack } from './stack';

/** The API as the console calls it; the session is not part of it. */
const API = '**/console/api/test/v1/**';
const STILL = { reducedMotion: 'reduce', colorScheme: 'light' } as const;

/** Waits until nothing on the page says any more that it loads. */
async function loaded(page: Page, word: string): Promise<void> {
  await page.waitForFunction((text) => !document.body.innerText.includes(text), word);
}

/** Every page of the console empty, loading, failing and full; with axe-core, at both widths, and in German. */
export async function everyState({
  browser,
  stack,
}: {
  browser: Browser;
  stack: Stack;
}): Promise<Omit<Suite, 'title'>> {
  const coach = await newCoach(stack);
  const shop = await furnish(coach);
  const beginner = await newCoach(stack);
  const full = await ConsoleVisit.enter(browser, await coach.signInUrl(), STILL);
  const empty = await ConsoleVisit.enter(browser, await beginner.signInUrl(), STILL);
  const { page } = full;
  const at = (path: string): string => `${stack.info().api}/console/test${path}`;
  const pages = pagesOf(shop);

  const accessible = async (visit: ConsoleVisit): Promise<void> => {
    for (const size of [PHONE, DESKTOP]) {
      await visit.page.setViewportSize(size);
      assert.ok((await tooWide(visit.page)) <= 0, `${size.width} px: the page scrolls sideways`);
      assert.deepEqual(await violationsOf(visit.page), [], `${size.width} px`);
    }
  };

  const statesOf = ({ name, path, full: words, empty: none, reads }: ConsolePage): Suite['tests'] => [
    [
      `${name}: full, accessible, without scrolling sideways`,
      async () => {
        await page.goto(at(path));
        await page.getByText(words).first().waitFor();
        await loaded(page, 'Loading …');
        await accessible(full);
      },
    ],
    ...(none === null
      ? []
      : ([
          [
            `${name}: empty, and what to do then`,
            async () => {
              await empty.page.goto(at(path));
              await empty.page.getByText(none, { exact: true }).waitFor();
              await loaded(empty.page, 'Loading …');
              await accessible(empty);
            },
          ],
        ] satisfies Suite['tests'])),
    ...(reads
      ? ([
          [
            `${name}: says that it loads`,
            async () => {
              let goOn = (): void => {};
              const waits = new Promise<void>((resolve) => (goOn = resolve));
              await page.route(API, async (route) => {
                await waits;
                await route.continue();
              });
              try {
                await page.goto(at(path));
                await page.getByRole('heading', { level: 1 }).waitFor();
                await page.getByText('Loading …').first().waitFor();
                assert.deepEqual(await violationsOf(page), []);
              } finally {
                goOn();
              }
              await page.getByText(words).first().waitFor();
              await page.unroute(API);
            },
          ],
          [
            `${name}: says what went wrong, and goes on once it works`,
            async () => {
              await page.route(API, (route) =>
                route.fulfill({
                  status: 500,
                  contentType: 'application/problem+json',
                  body: JSON.stringify({
                    title: 'Internal',
                    status: 500,
                    code: 'internal',
                    detail: 'It broke.',
                  }),
                }),
              );
              const alert = page.getByRole('alert').first();
              try {
                await page.goto(at(path));
                await alert.getByText('It broke.').waitFor();
                await alert.getByText('Try again. If it stays so, tell your platform.').waitFor();
                assert.deepEqual(await violationsOf(page), []);
              } finally {
                await page.unroute(API);
              }
              await alert.getByRole('button', { name: 'Try again' }).click();
              await page.getByText(words).first().waitFor();
            },
          ],
        ] satisfies Suite['tests'])
      : []),
  ];

  const dialog = (name: string, path: string, button: string): Suite['tests'][number] => [
    `${name}: the question is accessible, and Escape leaves everything as it was`,
    async () => {
      await page.goto(at(path));
      await full.button(button).click();
      await page.getByRole('dialog').waitFor();
      await accessible(full);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await full.button(button).waitFor();
    },
  ];

  return {
    inOrder: false,
    tests: [
      ...pages.flatMap(statesOf),
      dialog('Disconnect Stripe', '/settings/payments', 'Disconnect Stripe'),
      dialog('Archive product', `/settings/products/${shop.productId}`, 'Archive product'),
      dialog('Add member', '/members', 'Add member'),
      dialog('Give access', `/members/${shop.memberId}`, 'Give access'),
      [
        'an address that is none: says so, and leads on',
        async () => {
          await page.goto(at('/nothing-here'));
          await page.getByText('There is no such page').waitFor();
          await accessible(full);
          await page.getByRole('link', { name: 'Go to Home' }).click();
          await full.heading('Home').waitFor();
        },
      ],
      [
        'German on every page, kept for the next visit, with German amounts',
        async () => {
          await page.goto(at(''));
          await page.getByLabel('Language').selectOption('Deutsch');
          await page.locator('html[lang=de]').waitFor();
          const english = new Map<string, string>();
          for (const { name, path } of pages) {
            await page.goto(at(path));
            await page.locator('html[lang=de]').waitFor();
            await loaded(page, 'Wird geladen …');
            await page.setViewportSize(PHONE);
            assert.ok((await tooWide(page)) <= 0, `${name}: the page scrolls sideways`);
            await page.setViewportSize(DESKTOP);
            english.set(name, await page.locator('main').innerText());
          }
          const said = [...english.values()].join('\n');
          assert.match(said, /29,00\s€/);
          for (const word of ['Settings', 'Add Price', 'Members', 'Active members', 'Loading', 'undefined'])
            assert.ok(!said.includes(word), `“${word}” on a German page`);
          await page.getByLabel('Sprache').selectOption('English');
          await page.locator('html[lang=en]').waitFor();
        },
      ],
      [
        'no page had an error, nor anything that its Content-Security-Policy refused',
        () => Promise.resolve(assert.deepEqual([...full.errors, ...empty.errors], [])),
      ],
    ],
    describe: full.describe,
    close: async () => {
      await full.close();
      await empty.close();
    },
  };
}
