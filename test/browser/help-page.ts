import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Mode } from '../../src/domain/mode';
import { eventually } from '../support/eventually';
import { openPerson, watchErrors, whereIs } from './browser';
import { CoachSite } from './coach-site';
import type { ConsoleVisit } from './console-visit';
import type { Suite } from './runner';
import { atStripe, type Scene } from './stack';
import { authorize, pay } from './stripe-pages';

/** The help page's table: the issue and its solution. */
const TABLE = {
  'Connection fails': 'Check you completed Stripe’s verification',
  'Payments not creating access': 'Verify webhook is configured in Stripe',
  'Wrong currency': 'Set default currency in your Stripe account',
} as const;
type Issue = keyof typeof TABLE;

interface Coach {
  visit: ConsoleVisit;
  /** What the coach's own server has. */
  key: string;
}

/**
 * The help page that coaches read, section by section and in its own words, as a coach and their members would go
 * through it. Everything is done in pages; only what the help page says happens "in Stripe" is asked of Stripe.
 */
export async function followHelpPage(
  { browser, stack }: Scene,
  mode: Mode,
  { visit, key }: Coach,
): Promise<Suite> {
  const { page } = visit;
  const site = await CoachSite.open(stack.info().api);
  const business = `Yoga with Ana (${mode})`;
  const buyers: Page[] = [];
  let account = '';
  let productId = '';
  let buyer = '';
  let purchaseLink = '';
  let siteErrors: string[] = [];

  const accessOf = async (member: string, wanted: boolean): Promise<void> => {
    await eventually(`access ${wanted}`, async () => (await site.access(member)).access === wanted);
  };
  const onMemberPage = async (email: string, text: string | RegExp): Promise<void> => {
    await visit.goTo('Members');
    const link = page.getByRole('link', { name: email });
    await visit.readAgainUntil(link);
    await link.click();
    await visit.heading(email).waitFor();
    await visit.readAgainUntil(visit.section('Memberships').getByText(text).first());
  };
  const subscriptionOf = async (email: string): Promise<string> => {
    const { data } = await atStripe(stack, mode, account, 'GET', `/v1/customers?email=${email}`);
    const { data: subscriptions } = await atStripe(
      stack,
      mode,
      account,
      'GET',
      `/v1/subscriptions?customer=${data[0].id}`,
    );
    return subscriptions[0].id as string;
  };
  /** Opens the coach's site as a new visitor. */
  const visitSite = async (): Promise<Page> => {
    const context = await openPerson(browser);
    const tab = await context.newPage();
    buyers.push(tab);
    siteErrors = watchErrors(tab);
    await tab.goto(site.url);
    return tab;
  };
  const pressButton = async (): Promise<Page> => {
    const tab = await visitSite();
    await tab.getByRole('link', { name: /Buy/ }).click();
    await tab.getByRole('heading', { name: 'Morning circle' }).waitFor();
    assert.deepEqual(siteErrors, []);
    return tab;
  };
  const webhookEndpoints = async (disabled: boolean): Promise<void> => {
    const { data } = await atStripe(stack, mode, null, 'GET', '/v1/webhook_endpoints');
    for (const { id } of data)
      await atStripe(stack, mode, null, 'POST', `/v1/webhook_endpoints/${id}`, {
        disabled: String(disabled),
      });
  };
  const checkAgain = async (issue: Issue, finding: string): Promise<void> => {
    await visit.goTo('Payments');
    const troubleshooting = visit.section('Troubleshooting');
    const check = troubleshooting.getByRole('button', { name: 'Check again' });
    const whole = troubleshooting.getByText('What was checked');
    const row = troubleshooting
      .locator('.finding-row')
      .filter({ hasText: issue })
      .filter({ hasText: TABLE[issue] });
    const found = row.getByText(finding, { exact: true }).first();
    await eventually(finding, async () => {
      // One line while all is in order: the rest is read on demand.
      if ((await whole.isVisible()) && !(await row.isVisible())) await whole.click();
      if (await found.isVisible()) return true;
      if (await check.isEnabled()) await check.click();
      return false;
    });
    // A coach has buttons, no routes.
    assert.doesNotMatch(await row.innerText(), /\/v1\//);
  };

  /** What the coach sets in their Stripe account; the console shows it once Stripe has told. */
  const defaultCurrency = async (code: string, inWords: string): Promise<void> => {
    await atStripe(stack, mode, null, 'POST', `/v1/accounts/${account}`, { default_currency: code });
    await visit.goTo('Payments');
    await visit.readAgainUntil(visit.section('Stripe account status').getByText(inWords));
  };

  const connecting: Suite['tests'] = [
    [
      'Connecting Stripe: "Go to Settings > Payments"',
      async () => {
        await visit.switchTo(mode);
        await visit.goTo('Payments');
        await visit.section('Before You Start').getByText('You’ll need:').waitFor();
        await page.getByText('Not connected', { exact: true }).waitFor();
      },
    ],
    [
      '"Click Connect Stripe", "You\'ll be redirected to Stripe to authorize the connection"',
      async () => {
        await visit.button('Connect Stripe').click();
        await page.waitForURL(`${stack.info().stripeEmulator}/oauth/authorize**`);
        await page.getByRole('heading', { name: /Connect your account/ }).waitFor();
      },
    ],
    [
      'Troubleshooting: "Connection fails: Check you completed Stripe\'s verification"',
      async () => {
        await authorize(page, business, 'due');
        await visit.heading('Payments').waitFor();
        await page.getByText('Connected, cannot sell yet').waitFor();
        await checkAgain('Connection fails', 'Stripe still wants something');
      },
    ],
    [
      '"Complete any verification steps Stripe requires"',
      async () => {
        const atStripesPage = page.waitForEvent('popup');
        await page.getByRole('link', { name: 'Complete verification at Stripe' }).click();
        const tab = await atStripesPage;
        await tab.getByRole('button', { name: 'Give everything and finish' }).click();
        await tab.getByText('Verification is complete').waitFor();
        await tab.close();
      },
    ],
    [
      '"Return to Session": "Once connected, you\'ll see your Stripe account status in Settings."',
      async () => {
        // By itself, without loading the page again.
        const status = visit.section('Stripe account status');
        await status.getByText('Stripe accepts payments on this account.').waitFor();
        account = await status.locator('.mono').innerText();
        assert.match(account, /^acct_/);
        await status.getByText('Euro').waitFor();
        await page.reload();
        await status.getByText('Stripe accepts payments on this account.').waitFor();
        await checkAgain('Connection fails', 'In order');
      },
    ],
  ];

  const selling: Suite['tests'] = [
    [
      'Creating Products and Prices: "Go to Settings > Products"',
      async () => {
        await visit.goTo('Products');
        await page.getByText('No products yet').waitFor();
      },
    ],
    [
      '"Create a product (or edit existing)"',
      async () => {
        await page.getByRole('link', { name: 'Create product' }).first().click();
        await page.getByLabel('Name').fill('Morning group');
        await visit.button('Create product').click();
        await visit.heading('Morning group').waitFor();
        await visit.button('Edit product').click();
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('Name').fill('Morning circle');
        await dialog.getByLabel(/Description/).fill('Every morning at seven.');
        await dialog.getByRole('button', { name: 'Save' }).click();
        await visit.heading('Morning circle').waitFor();
        productId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
      },
    ],
    [
      '"Click Add Price", "Configure the pricing"',
      async () => {
        await page.getByRole('link', { name: 'Add Price' }).click();
        await visit.heading(/Add Price/).waitFor();
        await page.getByLabel(/^Recurring/).check();
        await page.getByLabel('Amount', { exact: true }).fill('29.00');
        await page.getByLabel('Interval', { exact: true }).selectOption('month');
        const preview = visit.section('What the member will see and pay');
        await preview.getByText('€29.00').first().waitFor();
        await visit.button('Add Price').click();
      },
    ],
    [
      '"Session creates the price in your Stripe account automatically"',
      async () => {
        await visit.section('Details').getByText('On sale', { exact: true }).waitFor();
        const { data } = await atStripe(stack, mode, account, 'GET', '/v1/prices?limit=10');
        assert.deepEqual(
          data.map((price: Record<string, unknown>) => [
            price['unit_amount'],
            price['currency'],
            price['livemode'],
          ]),
          [[2900, 'eur', mode === 'live']],
        );
        purchaseLink = await page.getByLabel('Purchase link', { exact: true }).inputValue();
        site.sell({ buttonCode: await page.getByLabel('Button code').inputValue(), productId, key });
      },
    ],
    [
      'Settings > Payments: the coach registers the site that members come back to',
      async () => {
        await visit.goTo('Payments');
        const origins = page.getByLabel('Registered origins');
        await origins.fill(`${await origins.inputValue()}\n${site.url}`);
        await page.getByLabel('After paying').fill(`${site.url}/welcome`);
        await page.getByLabel('Without paying').fill(`${site.url}/`);
        await visit.button('Save settings').click();
        await page.getByText('Settings saved.').waitFor();
      },
    ],
  ];

  const buying: Suite['tests'] = [
    [
      'Checkout Flow: "They click a purchase button on your site"',
      async () => {
        const tab = await pressButton();
        await tab.getByText('€29.00 every month', { exact: true }).waitFor();
        assert.equal(await tab.getByText('Test mode').isVisible(), mode === 'test');
      },
    ],
    [
      '"Session creates a Stripe Checkout session", "They complete payment on Stripe\'s hosted page"',
      async () => {
        const tab = buyers.at(-1) as Page;
        await tab.getByRole('button', { name: 'Continue to payment' }).click();
        await pay(tab, mode, 'declined', 'mia@example.com');
        await tab.getByTestId('error').waitFor();
        await pay(tab, mode, 'authenticates', 'mia@example.com');
        await tab.getByRole('button', { name: 'Complete authentication' }).click();
      },
    ],
    [
      '"Stripe redirects them back to your site", "Session creates their access automatically"',
      async () => {
        const tab = buyers.at(-1) as Page;
        await tab.waitForURL(`${site.url}/welcome?**status=completed**`);
        await tab.getByText('Welcome, here are your lessons').waitFor();
        await visit.goTo('Members');
        await page.getByRole('link', { name: 'mia@example.com' }).click();
        await visit.section('Access').getByText('Has access').waitFor();
        buyer = new URL(page.url()).pathname.split('/').at(-1) ?? '';
        await accessOf(buyer, true);
        // What was sold is fixed from now on.
        await visit.goTo('Products');
        await page.getByRole('link', { name: 'Morning circle' }).click();
        await page.getByRole('link', { name: /€29.00/ }).click();
        await page.getByText('Fixed: it was sold').first().waitFor();
      },
    ],
  ];

  const webhooks: Suite['tests'] = [
    [
      'Webhooks: "Create access when payments complete", also when the member never comes back',
      async () => {
        const tab = await pressButton();
        await tab.getByRole('button', { name: 'Continue to payment' }).click();
        await tab.route('**/checkouts/*/return**', (route) => route.abort());
        await pay(tab, mode, 'succeeds', 'noah@example.com');
        await onMemberPage('noah@example.com', 'Active');
        await accessOf(new URL(page.url()).pathname.split('/').at(-1) ?? '', true);
      },
    ],
    [
      '"Update access when subscriptions change"',
      async () => {
        const subscription = await subscriptionOf('mia@example.com');
        const path = `/v1/subscriptions/${subscription}`;
        await atStripe(stack, mode, account, 'POST', path, { cancel_at_period_end: 'true' });
        await onMemberPage('mia@example.com', 'Ends soon');
        await visit
          .section('Access')
          .getByText('Cancelled for a date ahead; access lasts until then.')
          .waitFor();
        await accessOf(buyer, true);
        // The coach takes it back with a button.
        await visit.button('Resume').click();
        await visit.section('Memberships').getByText('Active', { exact: true }).waitFor();
      },
    ],
    [
      '"Handle cancellations and expirations"',
      async () => {
        const subscription = await subscriptionOf('mia@example.com');
        await atStripe(stack, mode, account, 'DELETE', `/v1/subscriptions/${subscription}`);
        await onMemberPage('mia@example.com', 'The subscription was cancelled.');
        await visit.section('Access').getByText('No access').waitFor();
        await accessOf(buyer, false);
        await visit.section('Timeline').getByText('The membership ended').first().waitFor();
      },
    ],
  ];

  const troubleshooting: Suite['tests'] = [
    [
      'Troubleshooting: "Payments not creating access: Verify webhook is configured in Stripe"',
      async () => {
        await webhookEndpoints(true);
        try {
          await checkAgain('Payments not creating access', 'The webhook is switched off');
        } finally {
          await webhookEndpoints(false);
        }
        await checkAgain('Payments not creating access', 'In order');
      },
    ],
    [
      'Troubleshooting: "Wrong currency: Set default currency in your Stripe account"',
      async () => {
        await visit.goTo('Products');
        await page.getByRole('link', { name: 'Morning circle' }).click();
        await page.getByRole('link', { name: 'Add Price' }).click();
        await page.getByLabel(/^Once/).check();
        await page.getByLabel('Amount', { exact: true }).fill('99');
        await page.getByLabel('Currency').selectOption('usd');
        await page.getByText('Your Stripe account’s default currency is EUR.').waitFor();
        await visit.button('Add Price').click();
        await visit.section('Details').getByText('On sale', { exact: true }).waitFor();
        await checkAgain('Wrong currency', 'Prices in another currency');
      },
    ],
    [
      '"Set default currency in your Stripe account": prices begin with it from then on',
      async () => {
        await defaultCurrency('usd', 'US Dollar');
        await visit.goTo('Products');
        await page.getByRole('link', { name: 'Morning circle' }).click();
        await page.getByRole('link', { name: 'Add Price' }).click();
        await page.getByLabel('Amount', { exact: true }).fill('99');
        assert.equal(await page.getByLabel('Currency').inputValue(), 'usd');
        await visit.section('What the member will see and pay').getByText('US$99.00').first().waitFor();
        assert.equal(await page.getByText(/default currency is/).count(), 0);
        await visit.leaveFor('Home');
        await defaultCurrency('eur', 'Euro');
      },
    ],
    [
      'or the price in the wrong currency is archived, and everything is in order',
      async () => {
        await visit.goTo('Products');
        await page.getByRole('link', { name: 'Morning circle' }).click();
        await page.getByRole('link', { name: /US\$99.00/ }).click();
        await visit.button('Archive price').click();
        await page.getByRole('dialog').getByRole('button', { name: 'Archive price' }).click();
        await page.getByText('Nobody can buy at this price any more.').waitFor();
        await checkAgain('Wrong currency', 'In order');
      },
    ],
  ];

  const disconnecting: Suite['tests'] = [
    [
      'Disconnecting Stripe: "Go to Settings > Payments", "Click Disconnect Stripe", with the active subscriptions named',
      async () => {
        await visit.goTo('Payments');
        await visit.button('Disconnect Stripe').click();
        const dialog = page.getByRole('dialog', { name: 'Disconnect Stripe?' });
        await dialog.getByText('Stripe will go on charging 1 subscription.').waitFor();
        await dialog.getByText('Disconnecting doesn’t cancel active subscriptions.').waitFor();
      },
    ],
    [
      '"Confirm"; the subscription goes on, and so does what was paid for',
      async () => {
        await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click();
        await page.getByText('Disconnected', { exact: true }).waitFor();
        await visit.button('Connect Stripe').waitFor();
        await onMemberPage('noah@example.com', /account is disconnected, .*What was paid for is honoured/);
        await visit.section('Access').getByText('Has access').waitFor();
        // The button says so by itself, and the link in a mail as well.
        const tab = await visitSite();
        await tab.locator('session-buy a[aria-disabled="true"]').waitFor();
        await tab.goto(purchaseLink);
        await tab.getByText('Payments are not set up here at the moment.').waitFor();
        const subscriptions = await fetch(
          `${stack.info().stripeEmulator}/_emulator/objects?type=subscription&account=${account}&livemode=${mode === 'live'}`,
        );
        const { objects } = (await subscriptions.json()) as { objects: { object: { status: string } }[] };
        assert.deepEqual(objects.map(({ object }) => object.status).sort(), ['active', 'canceled']);
      },
    ],
    [
      'no page had an error, nor anything that its Content-Security-Policy refused',
      () => Promise.resolve(assert.deepEqual(visit.errors, [])),
    ],
  ];

  return {
    inOrder: true,
    tests: [...connecting, ...selling, ...buying, ...webhooks, ...troubleshooting, ...disconnecting],
    describe: async () =>
      [await visit.describe(), ...(await Promise.all(buyers.slice(-1).map((tab) => whereIs(tab))))].join(
        '\n',
      ),
    close: async () => {
      site.close();
      await Promise.all(buyers.map((tab) => tab.context().close()));
      await visit.close();
    },
  };
}
