import assert from 'node:assert/strict';
import { tooWide } from './axe';
import { DESKTOP, PHONE } from './browser';
import type { ConsoleVisit } from './console-visit';
import type { Shop } from './furnish';
import { PAGES, pathOf } from './pages';
import type { Suite } from './runner';
import { loaded } from './states';

/** Words of the English pages. */
const ENGLISH = ['Settings', 'Add Price', 'Members', 'Active members', 'Loading', 'undefined'];

/** The second language on every page, at both widths. */
export function german(
  { page }: ConsoleVisit,
  at: (path: string) => string,
  shop: Shop,
): Suite['tests'][number] {
  return [
    'German on every page, kept for the next visit, with German amounts',
    async () => {
      await page.goto(at(''));
      await page.getByLabel('Language').selectOption('Deutsch');
      await page.locator('html[lang=de]').waitFor();
      const said: string[] = [];
      for (const one of PAGES) {
        await page.goto(at(pathOf(one, shop)));
        await page.locator('html[lang=de]').waitFor();
        await loaded(page, 'Wird geladen …');
        await page.setViewportSize(PHONE);
        assert.ok((await tooWide(page)) <= 0, `${one.name}: the page scrolls sideways`);
        await page.setViewportSize(DESKTOP);
        said.push(await page.locator('main').innerText());
      }
      assert.match(said.join('\n'), /29,00\s€/);
      for (const word of ENGLISH) assert.ok(!said.join('\n').includes(word), `“${word}” on a German page`);
      await page.getByLabel('Sprache').selectOption('English');
      await page.locator('html[lang=en]').waitFor();
    },
  ];
}
