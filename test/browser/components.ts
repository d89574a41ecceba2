import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { expectAccessible, expectAccessibleInBothSchemes } from './axe';
import { openPerson, watchErrors, whereIs } from './browser';
import type { Suite } from './runner';
import type { Scene } from './stack';

/** What the console's pages take from `ui`: its components, without the hooks and what is inside one of them. */
function componentsOfConsole(): string[] {
  const source = readFileSync(join(PROJECT_ROOT, 'console/src/ui/index.ts'), 'utf8');
  const exported = [...source.matchAll(/^export \{([^}]+)\}/gm)].flatMap(([, names]) =>
    (names ?? '').split(','),
  );
  return exported.map((name) => name.trim()).filter((name) => /^[A-Z][a-z]/.test(name));
}

/** A question of its own before a page is left: seen by the tests of the forms. */
const SEEN_ELSEWHERE = ['UnsavedChanges', 'NoticesProvider'];

/** The page of the console's components: each in every state, in both schemes and languages. */
export async function components({ browser, stack }: Scene): Promise<Suite> {
  const { api } = stack.info();
  const context = await openPerson(browser, { reducedMotion: 'reduce', colorScheme: 'light' });
  const page = await context.newPage();
  const errors = watchErrors(page);
  const open = () => page.goto(`${api}/console/components`);
  return {
    inOrder: false,
    tests: [
      [
        'has every component of the console',
        async () => {
          const source = readFileSync(
            join(PROJECT_ROOT, 'console/src/pages/components/ComponentsPage.tsx'),
            'utf8',
          );
          const missing = componentsOfConsole().filter(
            (name) => !SEEN_ELSEWHERE.includes(name) && !source.includes(`<${name}`),
          );
          assert.deepEqual(missing, []);
          await open();
          await page.getByRole('heading', { level: 1, name: 'Components' }).waitFor();
        },
      ],
      [
        'each state is accessible in both schemes at both widths',
        async () => {
          await open();
          await page.getByRole('heading', { level: 2, name: 'Notice' }).waitFor();
          await expectAccessibleInBothSchemes(page);
          await page.getByLabel('Language').selectOption('Deutsch');
          await page.getByRole('heading', { level: 1, name: 'Bausteine' }).waitFor();
          await expectAccessible(page);
          await page.getByLabel('Sprache').selectOption('English');
        },
      ],
      ...(['Asks', 'Asks before it takes away', 'Waits', 'Failed'] as const).map(
        (name): Suite['tests'][number] => [
          `a dialog: ${name}`,
          async () => {
            await open();
            await page.getByRole('button', { name, exact: true }).click();
            await page.getByRole('dialog').waitFor();
            await expectAccessibleInBothSchemes(page);
          },
        ],
      ),
      [
        'a notice with a way back',
        async () => {
          await open();
          await page.getByRole('button', { name: 'Says it, and can take it back' }).click();
          await page.getByText('It is done.', { exact: true }).waitFor();
          await expectAccessibleInBothSchemes(page);
          assert.deepEqual(errors, []);
        },
      ],
    ],
    describe: () => whereIs(page),
    close: () => context.close(),
  };
}
