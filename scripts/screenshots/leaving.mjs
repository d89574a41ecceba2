import { button, goTo } from './steps.mjs';

/** The end of the help page: the coach disconnects, and the site has nothing to sell. */
export async function leave({ coach, local, person, picture }) {
  await coach.goto(`${local.api}/console/test`);
  await goTo(coach, 'Payments');
  await button(coach, 'Disconnect Stripe').click();
  const dialog = coach.getByRole('dialog');
  await dialog.getByText('Stripe will go on charging').waitFor();
  await picture(coach, 'disconnect', { fullPage: false });
  await button(dialog, 'Confirm').click();
  await coach.getByText('Disconnected', { exact: true }).waitFor();
  await button(coach, 'Dismiss').click();
  await picture(coach, 'payments-disconnected');

  const visitor = await person();
  await visitor.goto(`${local.demo.siteUrl}/test`);
  await visitor.getByText('Nothing can be bought at the moment').waitFor();
  await picture(visitor, 'offers-disconnected');
}
