import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { expectAccessibleInBothSchemes } from './axe';
import { openPerson, whereIs } from './browser';
import { ConsoleVisit, followSignInLink } from './console-visit';
import type { Suite } from './runner';
import { newCoach, type Scene } from './stack';

const SESSION = '**/console/api/session';

/** The ways in: the sign-in page, the one-time link, and where Stripe's page leads back to. */
export async function everyDoor({ browser, stack }: Scene): Promise<Suite> {
  const coach = await newCoach(stack);
  const at = (path: string): string => `${stack.info().api}/console${path}`;
  const context = await openPerson(browser, { reducedMotion: 'reduce' });
  const page = await context.newPage();
  const key = page.getByLabel('API key', { exact: true });
  const submit = page.getByRole('button', { name: 'Sign in' });
  const alert = page.getByRole('alert');
  const visit = await ConsoleVisit.enter(browser, await coach.signInUrl());

  const signIn = async (to: string): Promise<void> => {
    await context.clearCookies();
    await page.goto(at(to));
    await key.waitFor();
  };
  const home = (tab: Page) => tab.getByRole('heading', { level: 1, name: 'Home' });

  const signingIn: Suite['tests'] = [
    [
      'Sign in: empty, nothing can be sent yet',
      async () => {
        await signIn('/test/members');
        assert.ok(await submit.isDisabled());
        assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'INPUT');
        await expectAccessibleInBothSchemes(page);
      },
    ],
    [
      'Sign in: a key that is none, and what to do',
      async () => {
        await signIn('/test');
        await key.fill('ses_test_nobody');
        await submit.click();
        await alert.getByText('This key is unknown or has been revoked.').waitFor();
        await alert.getByText(/^Copy the whole key again, without spaces/).waitFor();
        assert.equal(await key.inputValue(), 'ses_test_nobody');
        await expectAccessibleInBothSchemes(page);
      },
    ],
    [
      'Sign in: says that it is at work',
      async () => {
        await signIn('/test');
        let goOn = (): void => {};
        const waits = new Promise<void>((resolve) => (goOn = resolve));
        await page.route(SESSION, async (route) => {
          if (route.request().method() === 'POST') await waits;
          await route.continue();
        });
        try {
          await key.fill(coach.ui.test.key);
          await submit.click();
          await page.locator('button[type=submit][data-loading]').waitFor();
          await expectAccessibleInBothSchemes(page);
        } finally {
          goOn();
        }
        await home(page).waitFor();
        await page.unroute(SESSION);
      },
    ],
    [
      'Sign in: while the API is down it says so, and goes on by itself',
      async () => {
        await signIn('/test');
        await page.route(SESSION, (route) => route.abort());
        await key.fill(coach.ui.test.key);
        await submit.click();
        await page.getByText('The server is not responding. Reconnecting').waitFor();
        await expectAccessibleInBothSchemes(page);
        await page.unroute(SESSION);
        // Nothing is pressed again, and the key is not typed again.
        await home(page).waitFor();
      },
    ],
    [
      'Sign in: leads to the page that was asked for',
      async () => {
        await signIn('/test/members?search=mia');
        await key.fill(coach.ui.test.key);
        await submit.click();
        await page.waitForURL('**/console/test/members?search=mia');
        await page.getByText('Nobody found').waitFor();
      },
    ],
  ];

  const links: Suite['tests'] = [
    [
      'the one-time link: signs in once, and says so the second time',
      async () => {
        await context.clearCookies();
        const link = await coach.signInUrl();
        await page.goto(link);
        await page.getByRole('heading', { name: 'Sign in as Ada?' }).waitFor();
        await expectAccessibleInBothSchemes(page);
        await followSignInLink(page, link);
        await home(page).waitFor();
        await page.goto(link);
        await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
        await page.getByText('You are signed in already, as Ada.').waitFor();
        await expectAccessibleInBothSchemes(page);
        await page.getByRole('link', { name: 'Open the console' }).click();
        await home(page).waitFor();
      },
    ],
    [
      'the one-time link, used by somebody else: leads to the sign-in',
      async () => {
        const link = await coach.signInUrl();
        await followSignInLink(page, link);
        await home(page).waitFor();
        await context.clearCookies();
        await page.goto(link);
        await page.getByText('It can be used once, and only for a short time.').waitFor();
        await expectAccessibleInBothSchemes(page);
        await page.getByRole('link', { name: 'Sign in with an API key' }).click();
        await key.waitFor();
      },
    ],
  ];

  /** Where Stripe leads back to, with what it says there. */
  const returning = (says: string, query: string, words: string): Suite['tests'][number] => [
    `Return to Session: ${says}`,
    async () => {
      await visit.page.goto(at(`/test/settings/payments/return${query}`));
      await visit.page.getByRole('alert').getByText(words).first().waitFor();
      // No dead end: the way to try again is on the page.
      await visit.button('Connect Stripe').waitFor();
      await expectAccessibleInBothSchemes(visit.page);
    },
  ];

  return {
    inOrder: false,
    tests: [
      ...signingIn,
      ...links,
      returning(
        'refused at Stripe',
        '?connection_error=access_denied',
        'You declined the connection on Stripe’s page.',
      ),
      returning(
        'not accepted by Stripe',
        '?connection_error=connection_refused',
        'Stripe did not accept the authorization.',
      ),
      returning('without an approval', '', 'This address contains no approval from Stripe.'),
      returning(
        'with a token that is none',
        '?connection_token=unknown',
        'Click Connect Stripe to start again.',
      ),
      [
        'Return to Session: back from what was due, on to Settings > Payments',
        async () => {
          await visit.page.goto(at('/test/settings/payments/return?connection_onboarding=returned'));
          await visit.page.waitForURL('**/console/test/settings/payments');
          await visit.heading('Payments').waitFor();
        },
      ],
    ],
    describe: async () => `${await whereIs(page)}\n${await visit.describe()}`,
    close: async () => {
      await context.close();
      await visit.close();
    },
  };
}
