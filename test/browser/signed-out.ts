import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { expectAccessibleInBothSchemes } from './axe';
import { ConsoleVisit, followSignInLink } from './console-visit';
import type { Suite } from './runner';
import { newCoach, type Scene } from './stack';

/** A session that ends while somebody is at work. */
export async function signedOut({ browser, stack }: Scene): Promise<Suite> {
  const coach = await newCoach(stack);
  const visit = await ConsoleVisit.enter(browser, await coach.signInUrl(), { reducedMotion: 'reduce' });
  const { page } = visit;
  const again = page.getByRole('dialog', { name: 'Sign in again' });
  const name = page.getByLabel('Name');
  const products = async (): Promise<string[]> =>
    (await coach.ui.test.call('GET', '/v1/products')).body.data.map((one: { name: string }) => one.name);

  /** Types a product, and loses the session before it is sent. */
  const loseSession = async (typed: string): Promise<void> => {
    await page.goto(`${stack.info().api}/console/test/settings/products/new`);
    await name.fill(typed);
    await page.context().clearCookies();
    await visit.button('Create product').click();
    await again.waitFor();
  };
  const signInHere = async (key: string): Promise<void> => {
    await again.getByLabel('API key', { exact: true }).fill(key);
    await again.getByRole('button', { name: 'Sign in' }).click();
  };
  const goOn = async (typed: string): Promise<void> => {
    await again.waitFor({ state: 'detached' });
    assert.equal(await name.inputValue(), typed);
    await visit.button('Create product').click();
    await visit.heading(typed).waitFor();
    assert.equal((await products()).filter((one) => one === typed).length, 1);
  };

  return {
    inOrder: false,
    tests: [
      [
        'the sign-in comes over the page, and what was typed stays',
        async () => {
          await loseSession('Typed before');
          await expectAccessibleInBothSchemes(page);
          // Nothing leads past it, and a wrong key changes nothing.
          await page.keyboard.press('Escape');
          await signInHere('ses_test_nobody');
          await again.getByText('This key is unknown or has been revoked.').waitFor();
          await signInHere(coach.ui.test.key);
          await goOn('Typed before');
        },
      ],
      [
        'a sign-in link in another tab is as good',
        async () => {
          await loseSession('Typed in one tab');
          const other: Page = await page.context().newPage();
          await followSignInLink(other, await coach.signInUrl());
          await other.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
          await other.close();
          await page.bringToFront();
          await goOn('Typed in one tab');
        },
      ],
      [
        'the key of the other mode opens that mode only',
        async () => {
          await loseSession('Typed in test mode');
          await signInHere(coach.ui.live.key);
          await again.getByText('To open Test mode, also sign in with a key for that mode.').waitFor();
          await signInHere(coach.ui.test.key);
          await goOn('Typed in test mode');
        },
      ],
      [
        'another coach sees nothing of the first one',
        async () => {
          const stranger = await newCoach(stack);
          await coach.ui.test.call('POST', '/v1/products', { name: 'Of the first one' });
          await page.goto(`${stack.info().api}/console/test/settings/products`);
          await page.getByText('Of the first one').waitFor();
          await page.context().clearCookies();
          await page.getByRole('switch', { name: 'Show archived products' }).click();
          await again.waitFor();
          await signInHere(stranger.ui.test.key);
          await page.getByText('No products yet').waitFor();
          assert.equal(await page.getByText('Of the first one').count(), 0);
        },
      ],
      [
        'who does not come back leaves nothing behind',
        async () => {
          await loseSession('Typed and left');
          await again.getByRole('button', { name: 'Sign out' }).click();
          await page.waitForURL('**/console/sign-in**');
          assert.equal(await again.count(), 0);
          await page.goBack();
          await page.waitForURL('**/console/sign-in**');
          await followSignInLink(page, await coach.signInUrl());
          await visit.heading('Home').waitFor();
        },
      ],
      [
        'Sign out leads to the sign-in page, and keeps nothing',
        async () => {
          await visit.button('Sign out').click();
          await page.waitForURL('**/console/sign-in**');
          await page.getByLabel('API key', { exact: true }).waitFor();
          assert.equal(await again.count(), 0);
        },
      ],
    ],
    describe: visit.describe,
    close: visit.close,
  };
}
