/** The way of the help page, section by section: the coach in the console, the member on the coach's site. */
export async function walk({ page, picture }, local) {
  const { temporalUi, demo } = local;
  const site = demo.siteUrl;
  const click = (name, role = 'button') => page.getByRole(role, { name }).first().click();
  const goTo = async (name) => {
    await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  };

  const consoleUrl = `${local.api}/console`;
  await page.goto(`${consoleUrl}/sign-in`);
  await page.getByLabel('API key', { exact: true }).waitFor();
  await picture('sign-in');
  await page.goto(await signInLink(local));
  await page.getByText('Getting started').waitFor();
  await picture('home-start');

  await goTo('Payments');
  await page.getByText('No Stripe account is connected').first().waitFor();
  await picture('payments-before');
  await click('Connect Stripe');
  await page.getByLabel('Business name').fill('Yoga with Ana');
  await page.getByLabel('E-mail').fill('ana@example.com');
  await page.getByLabel('Country').selectOption('DE');
  await page.getByLabel('Verification still due').check();
  await picture('stripe-connect');
  await click('Connect my Stripe account');
  await page.getByText('Stripe still wants something').waitFor();
  await click('Dismiss');
  await picture('payments-due');
  const stripe = page.waitForEvent('popup');
  await click('Complete verification at Stripe', 'link');
  const tab = await stripe;
  await tab.getByRole('button', { name: 'Give everything and finish' }).click();
  await tab.getByText('Verification is complete').waitFor();
  await tab.close();
  await page.bringToFront();
  await page.getByText('Stripe accepts payments on this account.').first().waitFor();
  await page.getByText('Everything is in order.').waitFor();
  await picture('payments');

  await page.goto(`${site}/test`);
  await click('Put two sample offers on sale');
  await page.getByRole('article').filter({ hasText: 'monthly circle' }).waitFor();
  await page.getByLabel('Signed in as').selectOption('');
  await click('Sign in');
  await picture('offers');
  await page
    .getByRole('article')
    .filter({ hasText: 'Twelve weeks' })
    .getByRole('link', { name: 'Buy' })
    .first()
    .click();
  await picture('buy');
  await click('Continue to payment');
  await page.getByLabel('E-mail').fill('visitor@example.com');
  await payWith(page, '4000000000000002');
  await click(/^Pay/);
  await page.getByTestId('error').waitFor();
  await picture('checkout-declined');
  await payWith(page, '4242424242424242');
  await click(/^Pay/);
  await page.getByText('Thank you, you are in').waitFor();
  await picture('welcome');
  await page.goto(`${site}/test`);
  await page.getByLabel('Signed in as').selectOption('mia');
  await click('Sign in');
  const circle = page.getByRole('article').filter({ hasText: 'monthly circle' });
  await circle
    .getByRole('button')
    .or(circle.getByRole('link', { name: /Buy|Subscribe/ }))
    .first()
    .click();
  await page.getByLabel('Card number').waitFor();
  await payWith(page, '4242424242424242');
  await click('Start trial');
  await page.getByText('Thank you, you are in').waitFor();
  await page.goto(`${site}/test/members`);
  await picture('lessons');

  await page.goto(`${consoleUrl}/test`);
  await page.getByText('You are all set').waitFor();
  await picture('home');
  await goTo('Products');
  await page.getByText('every month').first().waitFor();
  await picture('products');
  await click(/monthly circle/, 'link');
  await page.getByRole('link', { name: /every month/ }).waitFor();
  await picture('product');
  await click('Add Price', 'link');
  await page.getByLabel('Amount', { exact: true }).fill('290.00');
  await picture('add-price');
  await goTo('Products');
  await click(/monthly circle/, 'link');
  await page.getByRole('link', { name: /every month/ }).click();
  await page.getByText('Sell it on your site').waitFor();
  await picture('price');
  await goTo('Members');
  await page.getByRole('link', { name: 'mia@example.com' }).waitFor();
  await picture('members');
  await click('mia@example.com', 'link');
  await page.getByText('Has access').waitFor();
  await picture('member');
  await click('Cancel membership');
  await page.getByRole('dialog').waitFor();
  await picture('cancel', { fullPage: false });
  await page.keyboard.press('Escape');
  await goTo('Payments');
  await click('Disconnect Stripe');
  await page.getByRole('dialog').waitFor();
  await picture('disconnect', { fullPage: false });
  await page.keyboard.press('Escape');

  if (temporalUi !== null) await runs({ page, picture }, temporalUi, demo.coachId);
}

/** A fresh link, because the printed one works once. */
async function signInLink({ api, platformKey, demo }) {
  const response = await fetch(`${api}/v1/coaches/${demo.coachId}/console-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${platformKey}`, 'content-type': 'application/json' },
    body: '{}',
  });
  return (await response.json()).url;
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
