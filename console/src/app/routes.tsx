import type { ComponentType } from 'react';
import { createBrowserRouter, Navigate, type RouteObject } from 'react-router';
import { setReachable, whenReachable } from '../api/connectivity';
import { useSession } from '../session/session';
import { Crash } from './Crash';
import { pathsOf } from './mode';
import { NotFound, NotFoundAlone } from './NotFound';
import { Shell, Starting } from './Shell';

/** A page that is loaded when somebody goes there. */
const page = (load: () => Promise<ComponentType>): Pick<RouteObject, 'lazy'> => ({
  lazy: async () => ({ Component: await load().catch(() => loadAgain(load)) }),
});

/** The API serves the pages as well: while it does not answer, the page before stays, and says so. */
async function loadAgain(load: () => Promise<ComponentType>): Promise<ComponentType> {
  setReachable(false);
  await whenReachable();
  return load();
}

const PAGES: RouteObject[] = [
  { index: true, ...page(() => import('../pages/home/HomePage').then((m) => m.HomePage)) },
  {
    path: 'settings/payments',
    ...page(() => import('../pages/payments/PaymentsPage').then((m) => m.PaymentsPage)),
  },
  {
    path: 'settings/payments/return',
    ...page(() => import('../pages/payments/ReturnPage').then((m) => m.ReturnPage)),
  },
  {
    path: 'settings/products',
    ...page(() => import('../pages/products/ProductsPage').then((m) => m.ProductsPage)),
  },
  {
    path: 'settings/products/new',
    ...page(() => import('../pages/products/NewProductPage').then((m) => m.NewProductPage)),
  },
  {
    path: 'settings/products/:productId',
    ...page(() => import('../pages/products/ProductPage').then((m) => m.ProductPage)),
  },
  {
    path: 'settings/products/:productId/add-price',
    ...page(() => import('../pages/products/AddPricePage').then((m) => m.AddPricePage)),
  },
  {
    path: 'settings/products/:productId/prices/:priceId',
    ...page(() => import('../pages/products/PricePage').then((m) => m.PricePage)),
  },
  {
    path: 'settings/products/:productId/prices/:priceId/replace',
    ...page(() => import('../pages/products/ReplacePricePage').then((m) => m.ReplacePricePage)),
  },
  {
    path: 'settings/go-live',
    ...page(() => import('../pages/go-live/GoLivePage').then((m) => m.GoLivePage)),
  },
  { path: 'members', ...page(() => import('../pages/members/MembersPage').then((m) => m.MembersPage)) },
  {
    path: 'members/:memberId',
    ...page(() => import('../pages/members/MemberPage').then((m) => m.MemberPage)),
  },
  {
    path: 'members/:memberId/memberships/:membershipId',
    ...page(() => import('../pages/members/MembershipPage').then((m) => m.MembershipPage)),
  },
  { path: 'sales', ...page(() => import('../pages/sales/SalesPage').then((m) => m.SalesPage)) },
  {
    path: 'sales/:paymentId',
    ...page(() => import('../pages/sales/SalePage').then((m) => m.SalePage)),
  },
  { path: 'figures', ...page(() => import('../pages/figures/FiguresPage').then((m) => m.FiguresPage)) },
  {
    path: 'withdrawals',
    ...page(() => import('../pages/withdrawals/WithdrawalsPage').then((m) => m.WithdrawalsPage)),
  },
  {
    path: 'settings/coupons',
    ...page(() => import('../pages/coupons/CouponsPage').then((m) => m.CouponsPage)),
  },
  { path: 'settings/links', ...page(() => import('../pages/links/LinksPage').then((m) => m.LinksPage)) },
  {
    path: 'settings/webhooks',
    ...page(() => import('../pages/webhooks/WebhooksPage').then((m) => m.WebhooksPage)),
  },
  { path: 'settings/mails', ...page(() => import('../pages/mails/MailsPage').then((m) => m.MailsPage)) },
  {
    path: 'settings/people',
    ...page(() => import('../pages/people/PeoplePage').then((m) => m.PeoplePage)),
  },
  {
    path: 'settings/audit-log',
    ...page(() => import('../pages/audit/AuditPage').then((m) => m.AuditPage)),
  },
  {
    path: 'settings/browsers',
    ...page(() => import('../pages/browsers/BrowsersPage').then((m) => m.BrowsersPage)),
  },
  { path: '*', Component: NotFound },
];

/** To the first mode that the session opens, or to the sign-in. */
function Start() {
  const { data: session } = useSession();
  if (session === undefined) return <Starting />;
  return (
    <Navigate to={session?.modes[0] === undefined ? '/sign-in' : pathsOf(session.modes[0]).home} replace />
  );
}

export function createRouter() {
  return createBrowserRouter(
    [
      {
        ErrorBoundary: Crash,
        HydrateFallback: Starting,
        children: [
          { index: true, Component: Start },
          {
            path: 'sign-in',
            ...page(() => import('../session/SignInPage').then((m) => m.SignInPage)),
          },
          {
            path: 'components',
            ...page(() => import('../pages/components/ComponentsPage').then((m) => m.ComponentsPage)),
          },
          { path: ':mode', Component: Shell, children: PAGES },
          { path: '*', Component: NotFoundAlone },
        ],
      },
    ],
    { basename: '/console' },
  );
}
