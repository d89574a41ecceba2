import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

const PAGE_TIMEOUT_MS = 20_000;

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 780 };

/** A browser of one person: cookies of their own, English, and no way past this machine. */
export async function openPerson(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: DESKTOP, locale: 'en-GB', ...options });
  context.setDefaultTimeout(PAGE_TIMEOUT_MS);
  await context.route(
    ({ hostname }) => !['127.0.0.1', 'localhost'].includes(hostname),
    (route) => route.abort(),
  );
  return context;
}

/** Notes what must never happen on any page: an error that nobody caught, or something that its policy refused. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content.Security.Policy/i.test(message.text()))
      errors.push(message.text());
  });
  return errors;
}

/** Where a page is and what it says, for whoever reads a failure. */
export async function whereIs(page: Page): Promise<string> {
  const text = await page.locator('body').innerText({ timeout: 1000 });
  return `at ${page.url()}\n${text.replaceAll(/\s*\n\s*/g, ' | ').slice(0, 1200)}`;
}
