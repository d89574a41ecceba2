/** The way of the help page, section by section, in the words that a coach and a member see. */
export async function walk({ page, picture }, { api, temporalUi, demo: { siteUrl: site, coachId } }) {
  const at = (path) => page.goto(`${site}/test${path}`);
  const click = (name, role = 'button') => page.getByRole(role, { name }).first().click();

  await at('/coach');
  if (await page.getByRole('link', { name: 'Disconnect Stripe' }).isVisible()) {
    await click('Disconnect Stripe', 'link');
    await click('Confirm');
  }
  await picture('payments-before');

  await click(/Connect Stripe/);
  await page.getByLabel('Business name').fill('Yoga with Ana');
  await page.getByLabel('E-mail').fill('ana@example.com');
  await page.getByLabel('Country').selectOption('DE');
  await page.getByLabel('Verification still due').check();
  await picture('stripe-connect');
  await click('Connect my Stripe account');
  await page.getByText('Cannot sell yet').waitFor();
  await picture('payments-due');

  await click('Complete the verification at Stripe', 'link');
  await picture('stripe-verification', { widths: ['desktop'] });
  await click('Give everything and finish');
  await page.getByText('Can sell').waitFor();
  await picture('payments-connected');

  await at('/coach/products');
  await page.getByText('Active').nth(1).waitFor();
  await page.getByText('Add Price', { exact: true }).first().click();
  await picture('products');

  await at('');
  await page.getByLabel('Signed in as').selectOption('');
  await click('Sign in');
  await picture('offers');
  await page
    .getByRole('article')
    .filter({ hasText: 'Twelve weeks' })
    .getByRole('link', { name: 'Buy' })
    .click();
  await picture('buy');
  await click('Continue to payment');
  await page.getByLabel('E-mail').fill(`visitor-${Date.now()}@example.com`);
  await payWith(page, '4000000000000002');
  await click(/^Pay/);
  await picture('checkout-declined');
  await payWith(page, '4000002500003155');
  await click(/^Pay/);
  await picture('checkout-3ds', { widths: ['desktop'] });
  await click('Complete authentication');
  await page.getByText('Thank you, you are in').waitFor();
  await picture('welcome');

  const circle = page.getByRole('article').filter({ hasText: 'monthly circle' });
  for (const person of ['mia', 'noah', 'lena']) {
    await at('');
    await page.getByLabel('Signed in as').selectOption(person);
    await click('Sign in');
    // Whoever subscribed on an earlier walk has access still.
    if (!(await circle.getByRole('button').isVisible())) continue;
    await circle.getByRole('button').click();
    await picture('checkout');
    await payWith(page, '4242424242424242');
    await click('Start trial');
    await page.getByText('Thank you, you are in').waitFor();
    break;
  }
  await at('/members');
  await picture('members');

  await at('/coach/sales');
  await picture('sales');
  await click('Cancel at period end');
  await page.getByText('Cancelled for the end').waitFor();
  await picture('sales-canceling');
  await click('Resume');
  await page.getByText('taken back').waitFor();

  await at('/coach?disconnect=1');
  await picture('disconnect');

  await page.goto(`${api}/docs`);
  await page.getByText('/v1/checkouts').first().waitFor();
  await picture('api-docs', { widths: ['desktop'], fullPage: false, settle: 500 });

  if (temporalUi !== null) await runs({ page, picture }, temporalUi, coachId);
}

async function payWith(page, number) {
  await page.getByLabel('Card number').fill(number);
  await page.getByLabel('Expiry').fill('12 / 34');
  await page.getByLabel('Security code').fill('123');
}

/** What an operator sees: the coach's runs, and one membership's. */
async function runs({ page, picture }, temporalUi, coachId) {
  const query = encodeURIComponent(`CoachId="${coachId}"`);
  await page.goto(`${temporalUi}/namespaces/default/workflows?query=${query}`);
  await page.getByText('membership/').first().waitFor();
  await picture('runs', { widths: ['desktop'], fullPage: false, settle: 1500 });
  await page
    .getByRole('link', { name: /^membership\// })
    .first()
    .click();
  await page.getByText('User Metadata').first().click();
  await picture('run-membership', { widths: ['desktop'], fullPage: false, settle: 2000 });
}
