import type { Page } from 'playwright-core';
import { cardFields, type Card } from '../../src/demo/cards';
import type { Mode } from '../../src/domain/mode';
import { expectAccessible } from './axe';

/** The button of Session's own page that names the coach and asks, after Stripe's approval or before Stripe's form. */
export const AGREE = /^Yes, /;

/** On Stripe's page, and on Session's after it: connects a new account in Germany. */
export async function authorize(
  page: Page,
  businessName: string,
  verification: 'complete' | 'due',
): Promise<void> {
  await page.waitForURL('**/oauth/authorize**');
  await page.getByLabel('Business name').fill(businessName);
  await page.getByLabel('Country').selectOption('DE');
  if (verification === 'due') await page.getByLabel('Verification still due').check();
  await page.getByRole('button', { name: 'Connect my Stripe account' }).click();
  await page.waitForURL('**/connect/approval/**');
  await expectAccessible(page);
  await page.getByRole('button', { name: AGREE }).click();
}

/** On Stripe's payment page: types a card and pays. */
export async function pay(page: Page, mode: Mode, card: Card, email: string): Promise<void> {
  // Not the address: a second click has the browser give up the first way there for another one.
  await page.getByLabel('Card number').waitFor();
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Card number').fill(cardFields(mode, card)['card_number'] ?? '');
  await page.getByLabel('Expiry').fill('12 / 34');
  await page.getByLabel('Security code').fill('123');
  await page.locator('button[name=action][value=pay]').click();
}
