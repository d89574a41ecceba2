import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { DESKTOP, PHONE } from './browser';

const source = readFileSync(
  createRequire(join(PROJECT_ROOT, 'package.json')).resolve('axe-core/axe.min.js'),
  'utf8',
);

interface Violation {
  id: string;
  help: string;
  nodes: { target: unknown[]; failureSummary?: string }[];
}

/** The rule that a colour scheme decides; every other sees the same page in both. */
const OF_COLOURS = ['color-contrast'];

/** What axe-core has to say against a page, one line each; all of its rules, or those. The page's own policy stays in force. */
export async function violationsOf(page: Page, only: string[] | null = null): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const violations = await page.evaluate(async (rules) => {
    const { axe } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: Violation[] }> };
    };
    return (await axe.run({ resultTypes: ['violations'], ...(rules === null ? {} : { runOnly: rules }) }))
      .violations;
  }, only);
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help} (${nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary ?? ''}`).join('; ')})`,
  );
}

/** The browser's scheme, once the page goes by it. */
async function showIn(page: Page, scheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme });
  await page.waitForFunction((wanted) => {
    const shown = document.documentElement.dataset.mantineColorScheme;
    return shown === undefined || shown === wanted;
  }, scheme);
}

/** At both widths, in the scheme that the browser has: nothing for axe-core to say, and no scrolling sideways. */
export async function expectAccessible(page: Page): Promise<void> {
  await atBothWidths(page, null);
}

/** The same in the light scheme, and what the dark one may change. */
export async function expectAccessibleInBothSchemes(page: Page): Promise<void> {
  await showIn(page, 'light');
  await atBothWidths(page, null);
  await showIn(page, 'dark');
  await atBothWidths(page, OF_COLOURS);
  await showIn(page, 'light');
}

async function atBothWidths(page: Page, rules: string[] | null): Promise<void> {
  for (const size of [PHONE, DESKTOP]) {
    await page.setViewportSize(size);
    assert.ok((await tooWide(page)) <= 0, `${size.width} px: the page scrolls sideways`);
    assert.deepEqual(await violationsOf(page, rules), [], `${size.width} px`);
  }
}

/** How many pixels a page is wider than its window. */
export const tooWide = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
