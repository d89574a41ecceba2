import { useParams } from 'react-router';
import type { Mode } from '../api/client';

export function isMode(value: string | null | undefined): value is Mode {
  return value === 'test' || value === 'live';
}

/** The mode of this page: the first part of its address, and nowhere else. */
export function useMode(): Mode {
  const { mode } = useParams();
  return isMode(mode) ? mode : 'test';
}

/** Addresses of pages in this page's mode: `/test/members`. */
export function usePaths() {
  const mode = useMode();
  return pathsOf(mode);
}

export function pathsOf(mode: Mode) {
  const products = `/${mode}/settings/products`;
  return {
    home: `/${mode}`,
    payments: `/${mode}/settings/payments`,
    products,
    newProduct: `${products}/new`,
    product: (id: string) => `${products}/${id}`,
    newPrice: (productId: string) => `${products}/${productId}/add-price`,
    price: (productId: string, id: string) => `${products}/${productId}/prices/${id}`,
    replacePrice: (productId: string, id: string) => `${products}/${productId}/prices/${id}/replace`,
    members: `/${mode}/members`,
    member: (id: string) => `/${mode}/members/${id}`,
    membership: (memberId: string, id: string) => `/${mode}/members/${memberId}/memberships/${id}`,
    sales: `/${mode}/sales`,
    sale: (id: string) => `/${mode}/sales/${id}`,
    figures: `/${mode}/figures`,
    withdrawals: `/${mode}/withdrawals`,
    coupons: `/${mode}/settings/coupons`,
    links: `/${mode}/settings/links`,
    webhooks: `/${mode}/settings/webhooks`,
    mails: `/${mode}/settings/mails`,
    people: `/${mode}/settings/people`,
    audit: `/${mode}/settings/audit-log`,
    browsers: `/${mode}/settings/browsers`,
    goLive: `/${mode}/settings/go-live`,
  };
}
