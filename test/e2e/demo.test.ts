import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Browser, type Page, textOf } from '../../src/demo/browser';
import { Business } from '../../src/demo/business';
import { cardFields } from '../../src/demo/cards';
import { eventually } from '../../src/demo/eventually';
import { createWorld } from '../../src/demo/world';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { startCollector, treeOf } from '../support/collector';
import { type LocalStack, newStackPlace, startLocalStack } from '../harness/local-stack';

/** Killed processes come back, and Temporal notices, in their own time. */
const STORY_TIMEOUT_MS = 300_000;

describe('the demo', () => {
  let stack: LocalStack;
  let collector: Awaited<ReturnType<typeof startCollector>>;

  beforeAll(async () => {
    collector = await startCollector();
    stack = await startLocalStack(
      await newStackPlace({
        CHECKOUT_POLL_SECONDS: '5',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_BSP_SCHEDULE_DELAY: '500',
      }),
    );
  });

  afterAll(async () => {
    await stack.stop();
    await collector.close();
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

  test('a trace leads from the request for a checkout through its run to Stripe, and names nobody', async () => {
    // Those of processes that were killed are not whole. What became of the purchase follows below.
    const whole = [
      'POST /v1/checkouts',
      '  UpdateWithStartWorkflow:openCheckout',
      '    RunWorkflow:checkout',
      '    HandleUpdate:openCheckout',
      '    RunActivity:openSession',
      '      Stripe POST /v1/checkout/sessions',
    ];
    await eventually(
      `a trace that begins with ${whole.join('\n')}`,
      () => {
        const spans = collector.spans();
        const opened = spans.filter(({ name }) => name === 'POST /v1/checkouts');
        return Promise.resolve(opened.map(({ traceId }) => treeOf(spans, traceId)));
      },
      (trees) => trees.some((tree) => whole.every((line, index) => tree[index] === line)),
    );
    const told = JSON.stringify(collector.spans());
    expect(
      told.match(/[\w.+-]+@[\w-]+\.[a-z]{2,}|\b(sk|rk|whsec|ac|ses)_\w+|exception\.message|Yoga/g),
    ).toBeNull();
  });

  test('it says what was expected and what was seen when something is not as promised', async () => {
    const { code, output } = await runDemo(['--mode', 'sideways']);
    expect(code).toBe(1);
    expect(output).toContain('There is no mode sideways');
  });

  test('the demo site takes a coach and a member through it by hand', async () => {
    const local = stack.info();
    const { api, stripeEmulator, demo } = local;
    if (demo === null || stripeEmulator === null)
      throw new Error('There is no demo coach, or no local Stripe.');
    const site = demo.siteUrl;
    const coach = {
      id: demo.coachId,
      name: 'Yoga with Ana',
      keys: { test: demo.secretKey, live: demo.liveSecretKey },
    };
    // What the coach does in the console, on the API beneath it, with Stripe's pages in between.
    const business = new Business(createWorld(local, stripeEmulator), coach, 'test');
    const settings = await business.session.get('/v1/settings');
    await business.session.put('/v1/settings', {
      body: { ...settings, origins: [...(settings.origins ?? []), business.site] },
    });
    const browser = new Browser([api, stripeEmulator, site]);
    const says = (page: Page, text: string) => expect(textOf(page)).toContain(text);

    let page = await browser.get(site);
    says(page, 'connect Stripe first');
    expect(page.html).toContain(`href="${api}/console/test/settings/payments"`);
    expect((await business.goToStripe({ action: 'deny' })).searchParams.get('connection_error')).toBe(
      'access_denied',
    );
    says(await browser.get(site), 'connect Stripe first');
    await business.connect();
    await browser.submit(await browser.get(`${site}/test`), {}, '/samples');
    await eventually(
      'two offers to buy, one of them in two ways',
      async () => buyLinksOf(await browser.get(`${site}/test`)),
      (links) => links.length === 3,
    );

    says(await browser.get(`${site}/test/members`), 'Sign in, or have a look at the offers');
    await browser.submit(await browser.get(`${site}/test`), { person: 'mia' }, '/sign-in');
    const members = await browser.get(`${site}/test/members`);
    says(members, 'never had access');
    says(members, 'Pay in installments as Mia');
    const [link = ''] = buyLinksOf(members);
    page = await browser.submit(await browser.get(link), {});
    page = await browser.submit(page, cardFields('test', 'succeeds'));
    says(page, 'Thank you, you are in');
    says(await browser.get(`${site}/test/members`), 'Arriving: ten quiet breaths');

    const isPassing = (shown: Page) => textOf(shown).includes('Time is passing');
    let time = await browser.submit(await browser.get(`${site}/test/time`), {}, '/time');
    // What takes long is shown on its way.
    const lookAgain = () => browser.get(`${site}/test/time`);
    if (isPassing(time))
      time = await eventually('the end of a day', lookAgain, (shown) => !isPassing(shown), 120_000);
    says(time, 'A day has passed.');

    await business.session.post('/v1/connection/disconnect', { body: { confirm: true } });
    says(await browser.get(`${site}/test/members`), 'Arriving: ten quiet breaths');
    says(await browser.get(`${site}/test`), 'Nothing can be bought at the moment');
    says(await browser.get(`${site}/live`), 'connect Stripe first');
  });

  test('the console waits at the one address that is printed, signed in as the demo coach', async () => {
    const { api, demo } = stack.info();
    expect(stack.output()).toContain(`this link signs you in, once:\n\n  ${demo?.signInUrl}\n`);
    const browser = new Browser([api]);
    const page = await browser.submit(await browser.get(demo?.signInUrl ?? ''), {});
    expect(page).toMatchObject({ status: 200, html: expect.stringContaining('<div id="root">') as string });
  });
});

/** The purchase links of a page, as a browser without scripts sees them. */
function buyLinksOf({ html }: Page): string[] {
  return [...html.matchAll(/href="([^"]*\/buy\/amt_[^"]*)"/g)].map(([, link = '']) => link);
}
