import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { signMemberToken, type SigningSecret } from '@session/sdk';
import { launchChromium } from '../../scripts/chromium.cjs';
import { startLocalStack } from '../harness/local-stack';
import { currentRun, endRun } from '../harness/run';
import { tooWide } from './axe';
import { DESKTOP, openPerson, PHONE } from './browser';
import { ConsoleVisit } from './console-visit';
import { buy, furnish, type Shop } from './furnish';
import { PAGES, pathOf } from './pages';
import { newCoach, type NewCoach, type Stack } from './stack';
import { loaded } from './states';

const SCHEMES = ['light', 'dark'] as const;
const SIZES = { desktop: DESKTOP, phone: PHONE };
/** CSS pixels of a page that are shown; what is below is more of the same. */
const TALLEST = 2400;

/** One page that somebody sees, by a name that a file can have. */
interface Seen {
  name: string;
  url: string;
  /** Says that it is there. */
  loading: string;
}

/**
 * Takes a picture of every page of the console, full, and of the pages that members see: at both widths, in both schemes, the console in
 * both languages. For whoever looks at them; nothing is kept in the repository. @param folder where they go
 */
export async function takePictures(folder: string): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const browser = await launchChromium();
  await currentRun();
  let taken = 0;
  try {
    const stack = await startLocalStack();
    try {
      const coach = await newCoach(stack);
      const shop = await furnish(coach);
      for (const language of ['en', 'de'] as const)
        taken += await ofConsole({ browser, stack, folder }, coach, shop, language);
      taken += await ofMembers({ browser, stack, folder }, coach, shop);
    } finally {
      await stack.stop();
    }
  } finally {
    await browser.close();
    await endRun();
  }
  return taken;
}

interface Place {
  browser: Browser;
  stack: Stack;
  folder: string;
}

async function ofConsole(
  { browser, stack, folder }: Place,
  coach: NewCoach,
  shop: Shop,
  language: 'en' | 'de',
): Promise<number> {
  const locale = language === 'en' ? 'en-GB' : 'de-DE';
  const loading = language === 'en' ? 'Loading …' : 'Wird geladen …';
  const { api } = stack.info();
  const { page, close } = await ConsoleVisit.enter(browser, await coach.signInUrl(), {
    locale,
    reducedMotion: 'reduce',
  });
  let taken = 0;
  for (const one of PAGES) {
    const name = one.route === '' ? 'home' : one.route.replaceAll(/:?(\w+)\//g, '$1-').replace(':', '');
    const seen = { name: `${language}-${name}`, url: `${api}/console/test${pathOf(one, shop)}`, loading };
    taken += await take(page, folder, seen);
  }
  taken += await take(page, folder, {
    name: `${language}-components`,
    url: `${api}/console/components`,
    loading: 'never said',
  });
  await close();
  return taken;
}

async function ofMembers(
  { browser, stack, folder }: Place,
  { coachId, ui: { test } }: NewCoach,
  { priceId }: Shop,
): Promise<number> {
  const { api } = stack.info();
  await test.call('PATCH', '/v1/settings', { cancelOffer: 'pause', membersChangePrice: true });
  await buy(test, priceId, 'ada@example.com');
  await test.call('POST', '/v1/members', { externalId: 'ada', email: 'ada@example.com' });
  const { body: list } = await test.call('GET', '/v1/members?search=ada@example.com');
  const { body: held } = await test.call('GET', `/v1/memberships?member=${String(list.data[0].id)}`);
  const secret = (await test.call('POST', '/v1/signing-secrets', {})).body as SigningSecret;
  const token = await signMemberToken({ externalId: 'ada' }, secret, Math.floor(Date.now() / 1000) + 600);
  const account = `${api}/account/${coachId}/test`;
  const context = await openPerson(browser);
  const page = await context.newPage();
  await page.goto(`${account}?member=${token}`);
  let taken = 0;
  for (const [name, url] of [
    ['buy', `${api}/buy/${priceId}`],
    ['account', account],
    ['account-cancel', `${account}/memberships/${String(held.data[0].id)}/cancel`],
    ['mails', stack.info().mails ?? account],
  ] as const)
    taken += await take(page, folder, { name, url, loading: 'never said' });
  await context.close();
  return taken;
}

/** @throws Error where a page scrolls sideways */
async function take(page: Page, folder: string, { name, url, loading }: Seen): Promise<number> {
  let taken = 0;
  for (const scheme of SCHEMES) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const [width, size] of Object.entries(SIZES)) {
      await page.setViewportSize(size);
      await page.goto(url);
      await page.locator('h1, body').first().waitFor();
      await page.waitForLoadState('networkidle');
      await loaded(page, loading);
      if ((await tooWide(page)) > 0) console.log(`${name} at ${width} scrolls sideways`);
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.screenshot({
        path: join(folder, `${name}-${width}-${scheme}.png`),
        fullPage: true,
        clip: { x: 0, y: 0, width: size.width, height: Math.min(height, TALLEST) },
      });
      taken += 1;
    }
  }
  return taken;
}
