import type Stripe from 'stripe';
import type { Db } from '../db/client';
import type { Checkout } from '../db/generated/client';

/**
 * What is sent to Stripe for a checkout's session, as it is stored on the row before the first try: under one idempotency
 * key Stripe takes one request only, however the member's address, our own or a price's words change between two tries.
 * https://docs.stripe.com/api/idempotent_requests
 */
export interface SessionRequest {
  /** Rises when another request has to be made of it, which then has keys of its own. */
  attempt: number;
  /** Customers that Stripe would not take for this sale. */
  avoided: string[];
  params: Stripe.Checkout.SessionCreateParams & { expires_at: number };
}

/** The request that was stored; null: none was yet. */
export function requestOf({ sessionRequest }: Pick<Checkout, 'sessionRequest'>): SessionRequest | null {
  return sessionRequest === null ? null : (JSON.parse(sessionRequest) as SessionRequest);
}

/** The step of the request's idempotency keys. */
export const stepOf = ({ attempt }: SessionRequest) => (attempt === 0 ? 'session' : `session-${attempt}`);

/** Stores a request in place of another (null: as the first), unless somebody else did; the answer is what is stored. */
export async function storeRequest(
  db: Db,
  checkoutId: string,
  before: SessionRequest | null,
  next: SessionRequest,
): Promise<SessionRequest> {
  await db.checkout.updateMany({
    where: { id: checkoutId, sessionRequest: before === null ? null : JSON.stringify(before) },
    data: { sessionRequest: JSON.stringify(next) },
  });
  const row = await db.checkout.findUniqueOrThrow({
    where: { id: checkoutId },
    select: { sessionRequest: true },
  });
  return requestOf(row) ?? next;
}
