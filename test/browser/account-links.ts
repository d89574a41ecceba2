import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { newStackPlace, startLocalStack } from '../harness/local-stack';
import { expectAccessible } from './axe';
import { ConsoleVisit } from './console-visit';
import type { Suite } from './runner';
import { atStripe, newCoach } from './stack';
import { AGREE } from './stripe-pages';

/** Connecting where the account is created here (`CONNECT_FLOW=account_links`): a system of its own, set up so. */
export async function throughAccountLinks(browser: Browser): Promise<Suite> {
  const stack = await startLocalStack(await newStackPlace({ CONNECT_FLOW: 'account_links' }));
  const coach = await newCoach(stack);
  const visit = await ConsoleVisit.enter(browser, await coach.signInUrl(), { reducedMotion: 'reduce' });
  const { page } = visit;
  const status = visit.section('Stripe account status');
  return {
    inOrder: true,
    tests: [
      [
        'Connect Stripe leads to the form of an account that was created for the coach',
        async () => {
          await visit.goTo('Payments');
          await visit.button('Connect Stripe').click();
          await page.getByRole('heading', { name: 'Set up the Stripe account of' }).waitFor();
          await expectAccessible(page);
          await page.getByRole('button', { name: AGREE }).click();
          await page.waitForURL(`${stack.info().stripeEmulator}/setup/**`);
          await page.getByText('Stripe still needs:').waitFor();
        },
      ],
      [
        'left for later: connected, cannot sell yet, and the way back into the form',
        async () => {
          await page.getByRole('button', { name: 'Later' }).click();
          await visit.heading('Payments').waitFor();
          await status.getByText('Connected, cannot sell yet').waitFor();
          await status.getByText('What Stripe still needs').waitFor();
          await expectAccessible(page);
          await visit.button('Complete verification at Stripe').click();
          await page.getByRole('button', { name: AGREE }).click();
          await page.waitForURL(`${stack.info().stripeEmulator}/setup/**`);
        },
      ],
      [
        'finished: back on Settings > Payments, and ready to sell',
        async () => {
          await page.getByRole('button', { name: 'Give everything and finish' }).click();
          await page.waitForURL('**/console/test/settings/payments');
          await status.getByText('Stripe accepts payments on this account.').waitFor();
          await expectAccessible(page);
        },
      ],
      [
        'tax is calculated where the settings say so: told in the preview, and asked of Stripe',
        async () => {
          await page.getByLabel('Calculate tax automatically').check();
          await visit.button('Save settings').click();
          await page.getByText('Settings saved.').waitFor();
          const account = await status.locator('.mono').innerText();
          // Stripe works out no tax without it. https://docs.stripe.com/tax/set-up
          await atStripe(stack, 'test', account, 'POST', '/v1/tax/settings', {
            'head_office[address][country]': 'DE',
          });
          await visit.goTo('Products');
          await page.getByRole('link', { name: 'Create product' }).first().click();
          await page.getByLabel('Name').fill('With tax');
          await visit.button('Create product').click();
          await visit.heading('With tax').waitFor();
          await page.getByRole('link', { name: 'Add Price' }).click();
          await page.getByLabel('Amount', { exact: true }).fill('49');
          await page.getByText('Tax is added where it applies').waitFor();
          await visit.button('Add Price').click();
          await visit.section('Details').getByText('On sale', { exact: true }).waitFor();
          const buyer = await page.context().newPage();
          await buyer.goto(await page.getByLabel('Purchase link', { exact: true }).inputValue());
          await buyer.getByRole('button', { name: 'Continue to payment' }).click();
          await buyer.getByLabel('Card number').waitFor();
          const { data } = await atStripe(stack, 'test', account, 'GET', '/v1/checkout/sessions');
          assert.deepEqual(
            data.map((session: { automatic_tax: { enabled: boolean } }) => session.automatic_tax.enabled),
            [true],
          );
          await buyer.close();
        },
      ],
      [
        'no page had an error, nor anything that its Content-Security-Policy refused',
        () => Promise.resolve(assert.deepEqual(visit.errors, [])),
      ],
    ],
    describe: visit.describe,
    close: async () => {
      await visit.close();
      await stack.stop();
    },
  };
}
