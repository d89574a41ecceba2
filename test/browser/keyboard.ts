import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { ConsoleVisit } from './console-visit';
import { buy, monthly, whenOnSale } from './furnish';
import type { Suite } from './runner';
import { newCoach, type Scene } from './stack';

/** More than any page has to tab through. */
const MOST_TABS = 80;

/** What a screen reader would call what has the focus, and whether its focus can be seen. */
const focused = (page: Page): Promise<{ name: string; isVisible: boolean }> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement;
    if (element === document.body) return { name: '', isVisible: false };
    const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText ?? element.innerText;
    return { name: label.replaceAll(/\s+/g, ' ').trim(), isVisible: element.matches(':focus-visible') };
  });

/** Presses Tab until what is called so has the focus. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (at.name === name || at.name.startsWith(`${name} `)) {
      assert.ok(at.isVisible, `nobody sees that ${name} has the focus`);
      return;
    }
    passed.push(at.name);
  }
  throw new Error(`Tab never came to “${name}”, only to: ${passed.join(' | ')}`);
}

/** A coach's main job by Tab, Enter, Space and typing alone: connect, create a product, add a price, copy the link. */
export async function keyboardOnly({ browser, stack }: Scene): Promise<Suite> {
  const coach = await newCoach(stack);
  const visit = await ConsoleVisit.enter(browser, await coach.signInUrl(), {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const { page } = visit;
  const press = async (name: string, key = 'Enter'): Promise<void> => {
    await tabTo(page, name);
    await page.keyboard.press(key);
  };
  const type = async (name: string, text: string): Promise<void> => {
    await tabTo(page, name);
    await page.keyboard.type(text);
  };
  /** What was worked with is gone: the focus is where reading goes on, not at the top of the document. */
  const focusIsAt = async (name: RegExp): Promise<void> => {
    await page.waitForFunction(
      (pattern) => new RegExp(pattern).test((document.activeElement as HTMLElement).innerText),
      name.source,
    );
    assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), 'BODY');
  };
  return {
    inOrder: true,
    tests: [
      [
        'the first Tab leads past the navigation',
        async () => {
          await press('Skip to content');
          assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
        },
      ],
      [
        'connect',
        async () => {
          await press('Payments');
          await visit.heading('Payments').waitFor();
          await visit.button('Connect Stripe').waitFor();
          await press('Connect Stripe', 'Space');
          await page.waitForURL('**/oauth/authorize**');
          await press('Connect my Stripe account');
          await page.waitForURL('**/connect/approval/**');
          await press('Yes, connect my account to');
          await page.getByText('Stripe accepts payments on this account.').first().waitFor();
        },
      ],
      [
        'create a product',
        async () => {
          await press('Products');
          await visit.heading('Products').waitFor();
          await press('Create product');
          await visit.heading('Create a product').waitFor();
          await type('Name', 'Evening circle');
          await page.keyboard.press('Enter');
          await visit.heading('Evening circle').waitFor();
        },
      ],
      [
        'add a price; what is missing gets the focus',
        async () => {
          await press('Add Price');
          await visit.heading(/Add Price/).waitFor();
          await page.getByLabel('Amount', { exact: true }).waitFor();
          await press('Add Price', 'Space');
          await page.getByText('Enter an amount greater than zero.').waitFor();
          assert.equal((await focused(page)).name, 'Amount');
          await page.keyboard.type('49.00');
          await page.keyboard.press('Enter');
          await visit.section('Details').getByText('On sale', { exact: true }).waitFor();
        },
      ],
      [
        'copy the purchase link',
        async () => {
          await press('Copy for Purchase link');
          await page.getByText('Copied').first().waitFor();
          const link = await page.getByLabel('Purchase link', { exact: true }).inputValue();
          assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
        },
      ],
      [
        'cancel a membership for a date ahead, and take it back',
        async () => {
          const productId = new URL(page.url()).pathname.split('/').at(-3) ?? '';
          const { id } = await coach.ui.test.addPriceTo(productId, monthly(2900));
          await whenOnSale(coach.ui.test, id as string);
          await buy(coach.ui.test, id as string, 'mia@example.com');
          await press('Members');
          await visit.heading('Members').waitFor();
          await page.getByRole('link', { name: 'mia@example.com' }).waitFor();
          await press('mia@example.com');
          await visit.heading('mia@example.com').waitFor();
          await visit.button('Cancel membership').waitFor();
          await press('Cancel membership');
          await page.getByRole('dialog', { name: 'Cancel this membership?' }).waitFor();
          await press('Confirm');
          const memberships = visit.section('Memberships');
          await memberships.getByText('Ends soon').waitFor();
          // The button is still there, and has the focus again.
          await focusIsAt(/^Cancel membership$/);
          await visit.button('Resume').waitFor();
          await page.keyboard.press('Shift+Tab');
          assert.equal((await focused(page)).name, 'Resume');
          await page.keyboard.press('Enter');
          await memberships.getByText('Active', { exact: true }).waitFor();
          // This button is gone by then.
          await focusIsAt(/^The membership goes on\.|^mia@example\.com/);
        },
      ],
      [
        'cancel a membership at once',
        async () => {
          await press('Cancel membership');
          const dialog = page.getByRole('dialog', { name: 'Cancel this membership?' });
          await dialog.waitFor();
          await tabTo(page, 'At the end of the paid period,');
          await page.keyboard.press('ArrowDown');
          assert.ok(await dialog.getByRole('radio', { name: 'Now' }).isChecked());
          await press('Confirm');
          await visit.section('Memberships').getByText('Ended', { exact: true }).first().waitFor();
          await focusIsAt(/^The membership is cancelled\.|^mia@example\.com/);
          // When the notice goes, the focus goes on to the heading.
          await page.locator('.notice').waitFor({ state: 'detached' });
          await focusIsAt(/^mia@example\.com/);
        },
      ],
      [
        'a button that works keeps the focus',
        async () => {
          await press('Payments');
          await visit.heading('Payments').waitFor();
          await visit.button('Save settings').waitFor();
          await press('Save settings');
          await page.getByText('Settings saved.').waitFor();
          await focusIsAt(/^Save settings$/);
        },
      ],
      [
        'switch to live mode',
        async () => {
          await press('Test mode', 'Space');
          await page.waitForURL('**/console/live/**');
        },
      ],
    ],
    describe: visit.describe,
    close: visit.close,
  };
}
