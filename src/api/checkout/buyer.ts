/** Who buys: a member of the coach, or an anonymous browser by the hash of its cookie. */
export type Buyer = { kind: 'member'; memberId: string } | { kind: 'visitor'; hash: string };

/** How one who may have one open checkout per product is named. */
export const buyerKeyOf = (buyer: Buyer) =>
  buyer.kind === 'member' ? `member:${buyer.memberId}` : `visitor:${buyer.hash}`;

/** The memberships of a buyer, as a condition. */
export const buyerOf = (buyer: Buyer) =>
  buyer.kind === 'member' ? { memberId: buyer.memberId } : { checkout: { buyerKey: buyerKeyOf(buyer) } };
