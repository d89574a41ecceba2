import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Browser, type Page, textOf } from '../../src/demo/browser';
import { cardFields } from '../../src/demo/cards';
import { eventually } from '../../src/demo/eventually';
import { PROJECT_ROOT } from '../../src/local/tools/project';
import { type LocalStack, newStackPlace, startLocalStack } from '../harness/local-stack';

/** Killed processes come back, and Temporal notices, in their own time. */
const STORY_TIMEOUT_MS = 300_000;

describe('the demo', () => {
  let stack: LocalStack;

  beforeAll(async () => {
    stack = await startLocalStack(await newStackPlace({ CHECKOUT_POLL_SECONDS: '5' }));
  });

  afterAll(async () => {
    await stack.stop();
  });

  /** Runs the demo as `npm run demo` does, without building. */
  function runDemo(args: string[]): Promise<{ code: number | null; output: string }> {
    const demo = spawn(process.execPath, [join(PROJECT_ROOT, 'dist', 'demo', 'main.js'), ...args], {
      env: { ...process.env, ...stack.place.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [demo.stdout, demo.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    return new Promise((resolve) => demo.once('close', (code) => resolve({ code, output })));
  }

  test(
    'everything on the help page is as promised in test mode, with API and worker killed in the middle of a checkout',
    async () => {
      const { code, output } = await runDemo(['--mode', 'test', '--kill']);
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('As promised') as string });
    },
    STORY_TIMEOUT_MS,
  );

  test(
    'and in live mode',
    async () => {
      const { code, output } = await runDemo(['--mode', 'live']);
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('As promised') as string });
    },
    STORY_TIMEOUT_MS,
  );

  test('it says what was expected and what was seen when something is not as promised', async () => {
    const { code, output } = await runDemo(['--mode', 'sideways']);
    expect(code).toBe(1);
    expect(output).toContain('There is no mode sideways');
  });

  test('the demo site takes a coach and a member through it by hand', async () => {
    const { api, stripeEmulator, demo } = stack.info();
    const site = demo?.siteUrl ?? '';
    const browser = new Browser([api, stripeEmulator ?? '', site]);
    const says = (page: Page, text: string) => expect(textOf(page)).toContain(text);

    says(await browser.get(site), 'connect Stripe first');
    let page = await browser.submit(await browser.get(`${site}/test/coach`), {}, '/connect');
    says(await browser.submit(page, { action: 'deny' }), 'nothing was connected');
    page = await browser.submit(await browser.get(`${site}/test/coach`), {}, '/connect');
    page = await browser.submit(page, { action: 'approve', country: 'DE', verification: 'complete' });
    says(page, 'Your Stripe account is connected');
    await eventually(
      'two offers to buy, one of them in two ways',
      async () => textOf(await browser.get(`${site}/test/coach/products`)),
      (text) => text.split('Active').length === 4,
    );

    await browser.submit(await browser.get(`${site}/test`), { person: 'mia' }, '/sign-in');
    says(await browser.get(`${site}/test/members`), 'never had access');
    page = await browser.submit(await browser.get(`${site}/test`), {}, '/buy');
    page = await browser.submit(page, cardFields('test', 'succeeds'));
    says(page, 'Thank you, you are in');
    says(await browser.get(`${site}/test/members`), 'Arriving: ten quiet breaths');

    says(await browser.get(`${site}/test/coach/sales`), 'mia');
    says(await browser.get(`${site}/test/coach?disconnect=1`), 'No subscription is active.');
    page = await browser.submit(await browser.get(`${site}/test/coach?disconnect=1`), {}, '/disconnect');
    says(page, 'Stripe is disconnected.');
    says(await browser.get(`${site}/test/members`), 'Arriving: ten quiet breaths');
    says(await browser.get(`${site}/live`), 'connect Stripe first');
  });
});
