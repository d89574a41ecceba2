import { button, goTo, leaveUnsaved, link } from './steps.mjs';

/** From the sign-in to a connected account, with every step between. */
export async function getStarted({ coach, local, picture }) {
  await coach.goto(`${local.api}/console/sign-in`);
  await coach.getByLabel('API key', { exact: true }).waitFor();
  await picture(coach, 'sign-in');
  await coach.goto(local.demo.signInUrl);
  await coach.getByRole('button', { name: /^Yes, sign in as/ }).click();
  await coach.getByText('Getting started').waitFor();
  await picture(coach, 'home-start');
  await goTo(coach, 'Members');
  await coach.getByText('No members yet').waitFor();
  await picture(coach, 'members-empty');

  await goTo(coach, 'Payments');
  await coach.getByText('No Stripe account is connected').first().waitFor();
  await picture(coach, 'payments-before');
  await connect({ coach, picture });

  await goTo(coach, 'Products');
  await coach.getByText('No products yet').waitFor();
  await picture(coach, 'products-empty');
  await link(coach, 'Create product').click();
  await coach.getByLabel('Name').fill('Twelve weeks of morning yoga');
  await picture(coach, 'product-new');
  await leaveUnsaved(coach);
}

async function connect({ coach, picture }) {
  await button(coach, 'Connect Stripe').click();
  await coach.getByLabel('Business name').fill('Yoga with Ana');
  await coach.getByLabel('E-mail').fill('ana@example.com');
  await coach.getByLabel('Country').selectOption('DE');
  await coach.getByLabel('Verification still due').check();
  await picture(coach, 'stripe-connect');
  await button(coach, 'Connect my Stripe account').click();
  await button(coach, /^Yes, connect my account/).click();
  await coach.getByText('Stripe still wants something').waitFor();
  await button(coach, 'Dismiss').click();
  await picture(coach, 'payments-due');
  await picture(coach, 'payments-diagnosis', {
    part: coach.getByRole('region', { name: 'Troubleshooting' }),
  });
  const popup = coach.waitForEvent('popup');
  await link(coach, 'Complete verification at Stripe').click();
  const stripe = await popup;
  await button(stripe, 'Give everything and finish').click();
  await stripe.getByText('Verification is complete').waitFor();
  await stripe.close();
  await coach.bringToFront();
  await coach.getByText('Stripe accepts payments on this account.').first().waitFor();
  await coach.getByText('Everything is in order.').waitFor();
  await picture(coach, 'payments');
  await picture(coach, 'payments-settings', {
    part: coach.locator('form', { hasText: 'Registered origins' }),
  });
}
