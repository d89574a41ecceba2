import { existsSync } from 'node:fs';
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

/** A page of a headless browser that gets no further than the loopback. */
export async function openPage() {
  const executablePath = PLACES.find((path) => path && existsSync(path));
  if (!executablePath)
    throw new Error(
      'No Chromium was found. Install one (Debian and Ubuntu: apt-get install chromium; macOS: Google Chrome), ' +
        'or name its program with the environment variable CHROMIUM.',
    );
  const browser = await chromium.launch({ executablePath, args: QUIET });
  const page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  await page.route('**/*', (route) =>
    ['127.0.0.1', 'localhost'].includes(new URL(route.request().url()).hostname)
      ? route.continue()
      : route.abort(),
  );
  return { page, version: `Chromium ${browser.version()}`, close: () => browser.close() };
}
