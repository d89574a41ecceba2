import { button, link, offer, pay, typeCard } from './steps.mjs';

/** The coach's site: the offers, a visitor who buys at the second attempt, and the pages for members. */
export async function visitSite({ local, person, picture }) {
  const site = `${local.demo.siteUrl}/test`;
  const visitor = await person();
  await visitor.goto(site);
  await button(visitor, 'Put two sample offers on sale').click();
  await link(offer(visitor, 'monthly circle'), 'Subscribe').waitFor();
  await picture(visitor, 'offers');

  await link(offer(visitor, 'Twelve weeks'), 'Buy').click();
  await button(visitor, 'Continue to payment').waitFor();
  await picture(visitor, 'buy');
  await button(visitor, 'Continue to payment').click();
  await visitor.getByLabel('E-mail').fill('visitor@example.com');
  await picture(visitor, 'checkout');
  await typeCard(visitor, '4000000000000002');
  await pay(visitor);
  await visitor.getByTestId('error').waitFor();
  await picture(visitor, 'checkout-declined');
  await typeCard(visitor, '4242424242424242');
  await pay(visitor);
  await visitor.getByText('Thank you, you are in').waitFor();
  await picture(visitor, 'welcome');

  const mia = await person();
  await mia.goto(site);
  await mia.getByLabel('Signed in as').selectOption('mia');
  await button(mia, 'Sign in').click();
  await link(offer(mia, 'monthly circle'), 'Subscribe').click();
  await button(mia, 'Continue to payment').click();
  await typeCard(mia, '4242424242424242');
  await pay(mia);
  await mia.getByText('Thank you, you are in').waitFor();
  await mia.goto(`${site}/members`);
  await picture(mia, 'lessons');
  await mia.goto(`${site}/time`);
  await picture(mia, 'time');
}
