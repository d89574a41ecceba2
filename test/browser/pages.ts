import type { Page } from 'playwright-core';
import type { Shop } from './furnish';

/** Words that only show in one state. */
type Words = string | RegExp;
/** This page has no such state, and why. */
export interface Never {
  never: string;
}
export const isNever = (state: unknown): state is Never =>
  typeof state === 'object' && state !== null && 'never' in state;
/** How the state of a form's sending is come to: what is typed, and what is pressed. */
export interface Sending {
  send: (page: Page) => Promise<void>;
}

/** What each state of a page says. A page without one of them has a reason, or the table is not complete. */
export interface States {
  /** With everything there. */
  full: Words | Never;
  /** With nothing there; `nowhere` is a coach who left Stripe again and has only begun. */
  empty: { who: 'beginner' | 'nowhere'; says: Words } | Never;
  /** `reads`: what it shows is read first. */
  loading: 'reads' | Sending | Never;
  error: 'reads' | Sending | Never;
}

/** One page of the console, as a coach finds it. */
export interface ConsolePage extends States {
  name: string;
  /** As the console has it below `/console/{mode}`: console/src/app/routes.tsx. */
  route: string;
  /** What the address carries besides. */
  query?: string;
}

const create: Sending = {
  send: async (page) => {
    await page.getByLabel('Name').fill('Kept');
    await page.getByRole('button', { name: 'Create product' }).click();
  },
};

export const PAGES: ConsolePage[] = [
  {
    name: 'Home',
    route: '',
    full: 'Active members',
    empty: { who: 'beginner', says: 'Nothing has been sold yet.' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Settings > Coupons',
    route: 'settings/coupons',
    full: 'SPRING',
    empty: { who: 'beginner', says: 'No coupons yet' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Settings > Payments',
    route: 'settings/payments',
    full: 'Stripe account status',
    empty: { who: 'beginner', says: 'Not connected' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Return to Session',
    route: 'settings/payments/return',
    query: '?connection_token=unknown',
    full: { never: 'it leads on to Settings > Payments: the help page is followed through it' },
    empty: { never: 'without a token it says that it has none: see below' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Settings > Products',
    route: 'settings/products',
    full: 'Morning circle',
    empty: { who: 'beginner', says: 'No products yet' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Create a product',
    route: 'settings/products/new',
    full: 'As members see it on the payment page.',
    empty: { never: 'it is a form' },
    loading: create,
    error: create,
  },
  {
    name: 'a product',
    route: 'settings/products/:productId',
    full: /29\.00 every month/,
    empty: { who: 'nowhere', says: 'No price yet' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Add Price',
    route: 'settings/products/:productId/add-price',
    full: 'How is it paid?',
    empty: {
      who: 'nowhere',
      says: 'Connect Stripe first: prices are created in your Stripe account.',
    },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'a price',
    route: 'settings/products/:productId/prices/:priceId',
    full: 'Sell it on your site',
    empty: { who: 'nowhere', says: /^No Stripe account is connected, so nobody can buy it\./ },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Replace',
    route: 'settings/products/:productId/prices/:priceId/replace',
    full: 'How is it paid?',
    empty: { never: 'it begins from what the price is' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Members',
    route: 'members',
    full: 'mia@example.com',
    empty: { who: 'beginner', says: 'No members yet' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'a member',
    route: 'members/:memberId',
    full: 'Has access',
    empty: { who: 'nowhere', says: /^This member has never had access to anything\./ },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'a membership',
    route: 'members/:memberId/memberships/:membershipId',
    full: 'Timeline',
    empty: { never: 'it is there because something was bought' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Settings > Signed links',
    route: 'settings/links',
    full: 'In use',
    empty: { who: 'beginner', says: 'No signing secret yet' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Sales',
    route: 'sales',
    full: 'lea@example.com',
    empty: { who: 'beginner', says: 'Nothing was paid yet' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'One sale',
    route: 'sales/:paymentId',
    full: 'Refunds',
    empty: { never: 'it is there because something was paid' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Figures',
    route: 'figures',
    full: 'Movements by month',
    empty: { who: 'beginner', says: 'No recurring revenue yet' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Withdrawals',
    route: 'withdrawals',
    full: 'Not confirmed',
    empty: { who: 'beginner', says: 'Nobody has withdrawn' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Settings > Webhooks',
    route: 'settings/webhooks',
    full: 'It was told nothing yet.',
    empty: { who: 'beginner', says: 'Nobody is told yet' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Settings > E-mails',
    route: 'settings/mails',
    full: 'Text and preview',
    empty: { who: 'beginner', says: 'Nothing was mailed yet.' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Settings > People and keys',
    route: 'settings/people',
    full: 'kim@example.com',
    empty: { who: 'beginner', says: 'Nobody is invited yet' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Settings > Audit log',
    route: 'settings/audit-log',
    full: 'Invite somebody',
    empty: { never: 'that the coach was made is in it' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Settings > Signed-in browsers',
    route: 'settings/browsers',
    full: 'This browser',
    empty: { never: 'whoever reads it is signed in' },
    loading: 'reads',
    error: 'reads',
  },
  {
    name: 'Settings > Go live',
    route: 'settings/go-live',
    full: { never: 'in test mode it leads on to live mode, where it is' },
    empty: { never: 'in test mode it leads on to live mode, where it is' },
    loading: { never: 'in test mode it leads on to live mode, where it is' },
    error: { never: 'in test mode it leads on to live mode, where it is' },
  },
];

/** Where a page of this shop is, below `/console/{mode}`. */
export function pathOf({ route, query = '' }: ConsolePage, shop: Shop): string {
  const path = route.replaceAll(/:(\w+)/g, (_, id: keyof Shop) => shop[id]);
  return (path === '' ? '' : `/${path}`) + query;
}
