import { forgetCustomer } from '../../store/customers';
import { ProblemError } from '../../domain/problem';
import { isCustomerGone } from '../../stripe/customer';
import type { AccountClient } from '../../stripe/account-client';
import { createPortalSession, ensurePortalConfiguration } from '../../stripe/portal';
import type { Connected } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { atStripe } from '../http/stripe-call';

/** How many customers of one member are led to: one for each currency. */
const MOST = 5;

/** A member as one customer of the account, and what is charged to it. */
interface Billed {
  customerId: string;
  currency: string | null;
  membershipIds: string[];
}

/** A way into the portal. Stripe's portal shows one customer, so a member who pays in two currencies has two. */
export interface PortalLink {
  url: string;
  currency: string | null;
  /** The subscriptions that are managed there. */
  membershipIds: string[];
}

/** What is wanted of the portal. */
export interface PortalRequest {
  memberId: string;
  /** Only the customer of this membership. */
  membershipId?: string | undefined;
  returnUrl: string;
  /** Part of Stripe's idempotency key. */
  requestId: string;
}

/**
 * Links into the portal, for each customer that the member is: who owes something first, then who is charged, the newest
 * first. A customer that the coach deleted at Stripe is forgotten.
 * @throws ProblemError `no_stripe_customer`, or what Stripe refused
 */
export async function openPortals(
  deps: ApiDeps,
  connection: Connected,
  request: PortalRequest,
): Promise<[PortalLink, ...PortalLink[]]> {
  const client = { stripe: deps.stripe.of(connection.mode), accountId: connection.accountId };
  const links: PortalLink[] = [];
  const billed = await billedOf(deps, connection, request);
  for (const { customerId, ...what } of billed.slice(0, MOST)) {
    const url = await atStripe(() => openPortal(deps, client, connection, customerId, request));
    if (url !== null) links.push({ url, ...what });
  }
  const [first, ...others] = links;
  if (first === undefined)
    throw new ProblemError(
      'no_stripe_customer',
      billed.length === 0
        ? 'The member has bought nothing through the Stripe account that is connected now.'
        : 'The member’s customer was deleted in Stripe.',
    );
  return [first, ...others];
}

/** Null: the customer is gone. */
async function openPortal(
  deps: ApiDeps,
  client: AccountClient,
  connection: Connected,
  customer: string,
  { memberId, returnUrl, requestId }: PortalRequest,
): Promise<string | null> {
  const configuration = await configurationOf(deps, client, connection);
  try {
    return await createPortalSession(client, {
      customer,
      configuration,
      returnUrl,
      rowId: memberId,
      step: `portal:${requestId}:${customer}`,
    });
  } catch (error) {
    if (!isCustomerGone(error)) throw error;
    await forgetCustomer(deps.db, connection, customer);
    return null;
  }
}

async function billedOf(
  { db }: ApiDeps,
  { coachId, mode, accountId }: Connected,
  { memberId, membershipId }: PortalRequest,
): Promise<Billed[]> {
  const own = { coachId, mode, memberId, accountId };
  const charged = await db.membership.findMany({
    where: {
      ...own,
      kind: 'subscription',
      stripeCustomerId: { not: null },
      ...(membershipId === undefined ? { endedAt: null } : { id: membershipId }),
    },
    include: { checkout: { select: { currency: true } } },
    orderBy: { createdAt: 'desc' },
  });
  const owes = (status: string) => status === 'past_due' || status === 'suspended';
  const owing = [
    ...charged.filter(({ status }) => owes(status)),
    ...charged.filter(({ status }) => !owes(status)),
  ];
  const known =
    membershipId === undefined
      ? await db.stripeCustomer.findMany({ where: own, orderBy: { stripeCustomerId: 'asc' } })
      : [];
  const billed = new Map<string, Billed>();
  for (const { id, stripeCustomerId, checkout } of owing) {
    if (stripeCustomerId === null) continue;
    const { currency } = checkout;
    const present = billed.get(stripeCustomerId) ?? {
      customerId: stripeCustomerId,
      currency,
      membershipIds: [],
    };
    present.membershipIds.push(id);
    billed.set(stripeCustomerId, present);
  }
  for (const { stripeCustomerId: customerId, currency } of known)
    if (!billed.has(customerId)) billed.set(customerId, { customerId, currency, membershipIds: [] });
  return [...billed.values()];
}

async function configurationOf(
  { db }: ApiDeps,
  client: AccountClient,
  connection: Connected,
): Promise<string> {
  const key = { mode: connection.mode, accountId: connection.accountId };
  const known = await db.portalConfiguration.findUnique({ where: { mode_accountId: key } });
  if (known !== null) return known.stripeConfigurationId;
  const stripeConfigurationId = await ensurePortalConfiguration(client, connection.id);
  await db.portalConfiguration.createMany({
    data: [{ ...key, stripeConfigurationId }],
    skipDuplicates: true,
  });
  return stripeConfigurationId;
}
