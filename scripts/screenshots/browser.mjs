import { join } from 'node:path';
import { launchChromium } from '../chromium.cjs';

const PAGE_TIMEOUT_MS = 30_000;
const WIDTHS = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 780 } };
const MARGIN = 16;
/** What is below is the rest of a long page. */
const HEIGHTS = { desktop: 1000, phone: 1300 };

/** Where a part of a page lies on it, with a margin. */
const placeOf = (part) =>
  part.evaluate((element, margin) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return {
      x: x - margin,
      y: y + window.scrollY - margin,
      width: width + 2 * margin,
      height: height + 2 * margin,
    };
  }, MARGIN);

/**
 * A browser that people open pages in, and a way to keep pictures of them at both widths.
 * @throws with a sentence that says how to get a browser
 */
export async function openBrowser(folder) {
  // How dates are typed.
  const browser = await launchChromium(['--lang=en-GB']);
  const taken = new Set();

  /** Where everybody is and what they see, for whoever reads a failure. */
  async function describe() {
    const pages = browser.contexts().flatMap((context) => context.pages());
    const seen = pages.map(async (page) => {
      const text = await page.locator('body').innerText({ timeout: 1000 });
      return `at ${page.url()}\n${text.replaceAll(/\s*\n\s*/g, ' | ').slice(0, 1200)}`;
    });
    return (await Promise.allSettled(seen)).map(({ value, reason }) => value ?? reason.message).join('\n\n');
  }

  /** A page of somebody with cookies of their own. */
  async function person() {
    const context = await browser.newContext({
      colorScheme: 'light',
      reducedMotion: 'reduce',
      locale: 'en-GB',
      viewport: WIDTHS.desktop,
    });
    context.setDefaultTimeout(PAGE_TIMEOUT_MS);
    return context.newPage();
  }

  /**
   * Keeps a picture of a page at each width, of all of it or of a part.
   * @param state 'load' for pages that keep asking
   * @param fullPage false for pages that scroll inside, and for what lies over the page
   */
  async function picture(
    page,
    name,
    { widths = Object.keys(WIDTHS), fullPage = true, part = null, state = 'networkidle' } = {},
  ) {
    for (const width of widths) {
      await page.setViewportSize(WIDTHS[width]);
      await page.mouse.move(0, 0);
      // The ring around a heading is for those who came there by keyboard.
      await page.evaluate(() => document.activeElement?.matches('h1, main') && document.activeElement.blur());
      await page.waitForLoadState(state);
      await page.locator('button[data-loading]').waitFor({ state: 'detached' });
      const size = await page.evaluate(() => {
        const { scrollWidth, clientWidth, scrollHeight } = document.documentElement;
        return { width: clientWidth, height: scrollHeight, overflow: scrollWidth - clientWidth };
      });
      if (size.overflow > 1) throw new Error(`${name} at ${width} width is ${size.overflow}px too wide.`);
      const { x, y, ...all } = part === null ? { x: 0, y: 0, ...size } : await placeOf(part);
      const clip = { x, y, width: all.width, height: Math.min(all.height, HEIGHTS[width]) };
      const file = `${name}-${width}.png`;
      const path = join(folder, file);
      await page.screenshot({ path, animations: 'disabled', fullPage, ...(fullPage ? { clip } : {}) });
      taken.add(file);
    }
    await page.setViewportSize(WIDTHS.desktop);
    console.log(`  ${name}`);
  }
  return { person, picture, describe, taken, close: () => browser.close() };
}
