const { existsSync } = require('node:fs');
const { chromium } = require('playwright-core');

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

/**
 * Starts the browser of this machine, without a window and quiet.
 * @param more arguments of this use alone
 * @throws with a sentence that says how to get a browser
 */
exports.launchChromium = async function launchChromium(more = []) {
  const executablePath = PLACES.find((path) => path && existsSync(path));
  if (!executablePath)
    throw new Error(
      'No Chromium was found. Install one (Debian and Ubuntu: apt-get install chromium; macOS: Google Chrome), ' +
        'or name its program with the environment variable CHROMIUM.',
    );
  return chromium.launch({ executablePath, args: [...QUIET, ...more] });
};
