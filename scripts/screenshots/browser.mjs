import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const PLACES = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const WIDTHS = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 780 } };
/** What is below is the rest of a long page. */
const HEIGHTS = { desktop: 1000, phone: 1300 };

/** A browser with one page, and a way to take pictures of it at both widths. */
export async function openBrowser(folder) {
  const executablePath = PLACES.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('No Chromium was found: install one, or name it with CHROMIUM.');
  const browser = await chromium.launch({ executablePath, args: QUIET });
  const context = await browser.newContext({
    colorScheme: 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    viewport: WIDTHS.desktop,
  });
  const page = await context.newPage();

  /** Keeps a picture at each width. `fullPage` may be switched off for pages that scroll inside. */
  async function picture(name, { widths = ['desktop', 'phone'], fullPage = true, settle = 0 } = {}) {
    for (const width of widths) {
      await page.setViewportSize(WIDTHS[width]);
      // The ring around a heading is for those who came there by keyboard.
      await page.evaluate(() => document.activeElement?.matches('h1') && document.activeElement.blur());
      await page.waitForTimeout(settle || 50);
      const { overflow, height } = await page.evaluate(() => {
        const { scrollWidth, clientWidth, scrollHeight } = document.documentElement;
        return { overflow: scrollWidth - clientWidth, height: scrollHeight };
      });
      if (overflow > 1) console.log(`  ${name} at ${width} width is ${overflow}px too wide`);
      const isLong = fullPage && height > HEIGHTS[width];
      await page.screenshot({
        path: join(folder, `${name}-${width}.png`),
        fullPage,
        ...(isLong ? { clip: { x: 0, y: 0, width: WIDTHS[width].width, height: HEIGHTS[width] } } : {}),
      });
    }
    await page.setViewportSize(WIDTHS.desktop);
    console.log(`  ${name}`);
  }
  return { page, picture, close: () => browser.close() };
}
