/** What everybody does on pages. */
export const button = (page, name) => page.getByRole('button', { name, exact: true }).first();

export const link = (page, name) => page.getByRole('link', { name }).first();

/** By the console's navigation. */
export async function goTo(page, name) {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
}

/** Leaves a page with something typed, for the console's Home. */
export async function leaveUnsaved(page) {
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: 'Home', exact: true })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Leave without saving' }).click();
  await page.getByRole('heading', { level: 1, name: 'Home', exact: true }).waitFor();
}

/** Opens a product's page in the console. */
export async function goToProduct(page, name) {
  await goTo(page, 'Products');
  await link(page, name).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** Opens a member's page in the console. */
export async function goToMember(page, email) {
  await goTo(page, 'Members');
  await link(page, email).click();
  await page.getByRole('heading', { level: 1, name: email }).waitFor();
  await page.getByRole('region', { name: 'Timeline' }).getByRole('listitem').first().waitFor();
}

/** On Stripe's payment page: types a card. */
export async function typeCard(page, number) {
  await page.getByLabel('Card number').fill(number);
  await page.getByLabel('Expiry').fill('12 / 34');
  await page.getByLabel('Security code').fill('123');
}

/** On Stripe's payment page: pays, subscribes or starts the trial. */
export const pay = (page) => page.locator('button[name=action][value=pay]').click();

/** What one offer of the coach's site has. */
export const offer = (page, name) => page.getByRole('article').filter({ hasText: name });
