import assert from 'node:assert/strict';
import { eventually } from '../support/eventually';
import { expectAccessibleInBothSchemes } from './axe';
import { openPerson, watchErrors } from './browser';
import { CoachSite } from './coach-site';
import { furnish, whenOnSale } from './furnish';
import type { Suite } from './runner';
import { newCoach, type Scene } from './stack';
import { pay } from './stripe-pages';

const MONTH = { interval: 'month' };

/** A price of each pricing option. */
const OPTIONS: [name: string, terms: object][] = [
  ['once', { currency: 'eur', unitAmount: 900 }],
  ['once for a term', { currency: 'eur', unitAmount: 900, accessDays: 30 }],
  ['each month', { currency: 'eur', unitAmount: 900, recurring: MONTH }],
  ['with a trial', { currency: 'eur', unitAmount: 900, recurring: MONTH, trialDays: 14 }],
  ['with a setup fee', { currency: 'eur', unitAmount: 900, recurring: MONTH, setupFee: 500 }],
  [
    'in installments',
    { model: 'installments', currency: 'eur', unitAmount: 900, recurring: MONTH, installments: 3 },
  ],
  [
    'pay what you want',
    { model: 'pay_what_you_want', currency: 'eur', minAmount: 500, suggestedAmount: 900 },
  ],
  ['free', { model: 'free' }],
];

/** The purchase page, as members and strangers meet it. */
export async function purchasePage({ browser, stack }: Scene): Promise<Suite> {
  const coach = await newCoach(stack);
  const { productId, priceId } = await furnish(coach);
  const { test } = coach.ui;
  const buyUrl = (await test.call('GET', `/v1/prices/${priceId}`)).body.buyUrl as string;
  const hasAccess = async (email: string): Promise<boolean> => {
    const { body } = await test.call('GET', `/v1/members?search=${encodeURIComponent(email)}`);
    const memberId = body.data[0]?.id as string | undefined;
    if (memberId === undefined) return false;
    return (
      (await test.call('GET', `/v1/access?member=${memberId}&product=${productId}`)).body.access === true
    );
  };
  const site = await CoachSite.open(stack.info().api);
  return {
    inOrder: false,
    close: () => Promise.resolve(site.close()),
    tests: [
      ...OPTIONS.map(([name, terms]): Suite['tests'][number] => [
        `A21: ${name}: bought from a site on another origin, and back there`,
        async () => {
          // Another name for this machine, and plain http: what a coach tries it out with.
          const origin = site.url.replace('127.0.0.1', 'localhost');
          await test.call('PUT', '/v1/settings', { origins: [origin] });
          const price = await test.addPrice(terms, name);
          await whenOnSale(test, price.id as string);
          const back = new URLSearchParams({ successUrl: `${origin}/done`, cancelUrl: `${origin}/back` });
          const context = await openPerson(browser);
          const page = await context.newPage();
          const errors = watchErrors(page);
          await page.goto(`${buyUrl.replace(priceId, price.id as string)}?${back}`);
          const isFree = name === 'free';
          if (isFree) await page.getByLabel('Your e-mail address').fill('free@example.com');
          await page
            .getByRole('button', { name: isFree ? 'Get it for free' : 'Continue to payment' })
            .click();
          if (!isFree) await pay(page, 'test', 'succeeds', `${name.replaceAll(' ', '-')}@example.com`);
          await page.waitForURL(`${origin}/done?**status=completed**`);
          assert.deepEqual(errors, []);
          await context.close();
        },
      ]),
      [
        'is accessible at both widths',
        async () => {
          const context = await openPerson(browser, { colorScheme: 'light' });
          const page = await context.newPage();
          await page.goto(buyUrl);
          await expectAccessibleInBothSchemes(page);
          await context.close();
        },
      ],
      [
        'with JavaScript off, the purchase link still sells',
        async () => {
          const context = await openPerson(browser, { javaScriptEnabled: false });
          const page = await context.newPage();
          await page.goto(buyUrl);
          await page.getByRole('button', { name: 'Continue to payment' }).click();
          await pay(page, 'test', 'succeeds', 'plain@example.com');
          await page.waitForURL('**/thanks?**status=completed**');
          assert.ok(await hasAccess('plain@example.com'));
          await context.close();
        },
      ],
      [
        'a double click gives one checkout',
        async () => {
          const price = await test.addPriceTo(productId, { currency: 'eur', unitAmount: 900 });
          await whenOnSale(test, price.id as string);
          const context = await openPerson(browser);
          const page = await context.newPage();
          await page.goto(buyUrl.replace(priceId, price.id as string));
          await page.getByRole('button', { name: 'Continue to payment' }).dblclick();
          await pay(page, 'test', 'succeeds', 'twice@example.com');
          await page.waitForURL('**/thanks?**status=completed**');
          await eventually('access', () => hasAccess('twice@example.com'));
          const { body } = await test.call('GET', '/v1/checkouts?limit=100');
          const own = body.data.filter((checkout: { priceId: string }) => checkout.priceId === price.id);
          assert.deepEqual(
            own.map((checkout: { status: string }) => checkout.status),
            ['completed'],
          );
          await context.close();
        },
      ],
    ],
  };
}
