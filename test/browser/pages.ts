import { waitFor } from '../../src/local/tools/wait';
import type { NewCoach } from './stack';

/** One page of the console, as a coach finds it. */
export interface ConsolePage {
  name: string;
  /** Below `/console/{mode}`. */
  path: string;
  /** What only shows once everything is there. */
  full: string | RegExp;
  /** What it says when nothing is there yet; null: it is a form, or the page of one thing. */
  empty: string | null;
  /** False: it shows nothing that has to be read first. */
  reads: boolean;
}

/** Ids of what a coach with sales has. */
export interface Shop {
  productId: string;
  priceId: string;
  memberId: string;
}

export const pagesOf = ({ productId, priceId, memberId }: Shop): ConsolePage[] => [
  { name: 'Home', path: '', full: 'Active members', empty: 'Nothing was sold yet.', reads: true },
  {
    name: 'Settings > Payments',
    path: '/settings/payments',
    full: 'Stripe account status',
    empty: 'Not connected',
    reads: true,
  },
  {
    name: 'Settings > Products',
    path: '/settings/products',
    full: 'Morning circle',
    empty: 'No products yet',
    reads: true,
  },
  {
    name: 'Create a product',
    path: '/settings/products/new',
    full: 'As members read it on the payment page.',
    empty: null,
    reads: false,
  },
  {
    name: 'a product',
    path: `/settings/products/${productId}`,
    full: /29\.00 every month/,
    empty: null,
    reads: true,
  },
  {
    name: 'Add Price',
    path: `/settings/products/${productId}/add-price`,
    full: 'How is it paid?',
    empty: null,
    reads: true,
  },
  {
    name: 'a price',
    path: `/settings/products/${productId}/prices/${priceId}`,
    full: 'Sell it on your site',
    empty: null,
    reads: true,
  },
  {
    name: 'Replace',
    path: `/settings/products/${productId}/prices/${priceId}/replace`,
    full: 'How is it paid?',
    empty: null,
    reads: true,
  },
  { name: 'Members', path: '/members', full: 'mia@example.com', empty: 'No members yet', reads: true },
  { name: 'a member', path: `/members/${memberId}`, full: 'Has access', empty: null, reads: true },
];

/** A coach who is connected, has a product with a price, and a member who was given it. */
export async function furnish({ ui }: NewCoach): Promise<Shop> {
  const { test } = ui;
  await test.connect({ account: 'new', country: 'DE' });
  const terms = { model: 'recurring', currency: 'eur', unitAmount: 2900, recurring: { interval: 'month' } };
  const price = await test.addPrice(terms, 'Morning circle');
  await whenOnSale(ui.test, price.id as string);
  const { body: member } = await test.call('POST', '/v1/members', { email: 'mia@example.com' });
  const gift = await test.call('POST', '/v1/grants', {
    member: { id: member.id },
    productId: price.productId,
  });
  if (gift.status !== 201) throw new Error(`The gift: ${JSON.stringify(gift.body)}`);
  return { productId: price.productId as string, priceId: price.id as string, memberId: member.id as string };
}

/** Waits until a price can be bought. */
export async function whenOnSale(ui: NewCoach['ui']['test'], priceId: string): Promise<void> {
  await waitFor(
    'a price on sale',
    async () => (await ui.call('GET', `/v1/prices/${priceId}`)).body.status === 'active',
    { deadlineMs: 30_000 },
  );
}
