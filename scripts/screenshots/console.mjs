import { button, goTo, goToMember, goToProduct, link } from './steps.mjs';

/** The console of a coach with sales: every page, and every question it asks. */
export async function lookAround({ coach, picture }) {
  /** What lies over the page. */
  const dialog = async (opener, name, before = async () => {}) => {
    await button(coach, opener).click();
    await coach.getByRole('dialog').waitFor();
    await before(coach.getByRole('dialog'));
    await picture(coach, name, { fullPage: false });
    await coach.keyboard.press('Escape');
    await coach.getByRole('dialog').waitFor({ state: 'detached' });
  };

  await goTo(coach, 'Home');
  await coach.getByText('You are all set').waitFor();
  await picture(coach, 'home');

  await goTo(coach, 'Products');
  await coach.getByText('every month').first().waitFor();
  await picture(coach, 'products');
  await goToProduct(coach, 'The monthly circle');
  await link(coach, /every month/).waitFor();
  await picture(coach, 'product');
  await dialog('Archive product', 'product-archive');
  await link(coach, /every month/).click();
  await coach.getByText('Fixed: it was sold').first().waitFor();
  await picture(coach, 'price-sold');
  await link(coach, 'Replace').click();
  await coach.getByText('How is it paid?').waitFor();
  await picture(coach, 'price-replace');

  await goTo(coach, 'Members');
  await link(coach, 'mia@example.com').waitFor();
  await picture(coach, 'members');
  await dialog('Add member', 'member-add');
  await coach.getByLabel('Search by e-mail address or id').fill('lena');
  await coach.getByText('1 member shown', { exact: true }).waitFor();
  await picture(coach, 'members-search');
  await goToMember(coach, 'mia@example.com');
  await picture(coach, 'member');
  await picture(coach, 'member-timeline', { part: coach.getByRole('region', { name: 'Timeline' }) });
  await dialog('Give access', 'member-gift');
  await dialog('Change price', 'member-change-price', (question) => question.getByText('Today').waitFor());
  await dialog('Pause', 'member-pause');
  await dialog('Cancel membership', 'member-cancel');
  await goToMember(coach, 'lena@example.com');
  await picture(coach, 'member-overdue');

  await goTo(coach, 'Signed links');
  await coach.getByText('In use').waitFor();
  await picture(coach, 'links');
  await dialog('Replace secret', 'links-replace');

  await goTo(coach, 'Payments');
  await coach.getByRole('switch', { name: 'Test mode' }).click();
  await coach.waitForURL('**/console/live/**');
  await coach.getByText('No Stripe account is connected').first().waitFor();
  await picture(coach, 'payments-live');
  await coach.getByRole('switch', { name: 'Test mode' }).click();
  await coach.waitForURL('**/console/test/**');
  await goTo(coach, 'Home');
  await coach.getByLabel('Language').selectOption('Deutsch');
  await coach.locator('html[lang=de]').waitFor();
  await picture(coach, 'home-german');
  await coach.getByLabel('Sprache').selectOption('English');
  await coach.locator('html[lang=en]').waitFor();
}
