import type { SessionClient } from '../../session-client/client';
import type { Checkout, Member, Membership, Page, Product } from '../../session-client/types';

/** The newest sales with the names that belong to them. */
export async function readSales(session: SessionClient) {
  const [memberships, checkouts, members, products] = await Promise.all([
    session.get<Page<Membership>>('/v1/memberships?limit=50'),
    session.get<Page<Checkout>>('/v1/checkouts?limit=20'),
    session.get<Page<Member>>('/v1/members?limit=100'),
    session.get<Page<Product>>('/v1/products?limit=100'),
  ]);
  return {
    memberships: memberships.data,
    checkouts: checkouts.data,
    members: new Map(members.data.map((member) => [member.id, member])),
    products: new Map(products.data.map((product) => [product.id, product])),
  };
}
