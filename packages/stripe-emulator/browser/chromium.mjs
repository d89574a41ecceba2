import { launchChromium } from '../../../scripts/chromium.cjs';

/** A page of a headless browser that gets no further than the loopback. */
export async function openPage() {
  const browser = await launchChromium();
  const page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  await page.route('**/*', (route) =>
    ['127.0.0.1', 'localhost'].includes(new URL(route.request().url()).hostname)
      ? route.continue()
      : route.abort(),
  );
  return { page, version: `Chromium ${browser.version()}`, close: () => browser.close() };
}
