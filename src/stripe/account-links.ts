import type Stripe from 'stripe';
import { HOUR, type Seconds } from '../domain/time';
import { createOnce } from './create-once';
import { expectObject } from './errors';

/** Who an account is created for, and by which attempts to connect. */
export interface AccountToCreate {
  /** The attempt, whose id the idempotency keys carry. */
  connectionId: string;
  coachId: string;
  /** Attempts that may have created the account before, and when the first of them began (seconds, UTC). */
  earlier: { connectionIds: string[]; since: Seconds };
}

/**
 * The coach's own account: Stripe bills the coach, bears losses and asks for what the law wants, and the coach has the
 * whole Dashboard. In words of old: Standard. https://docs.stripe.com/connect/migrate-to-controller-properties
 */
const OWNED_BY_THE_COACH: Stripe.AccountCreateParams.Controller = {
  fees: { payer: 'account' },
  losses: { payments: 'stripe' },
  requirement_collection: 'stripe',
  stripe_dashboard: { type: 'full' },
};

/** Creates the account once, however often this is tried, and answers its id. https://docs.stripe.com/api/accounts/create */
export async function createAccount(stripe: Stripe, wanted: AccountToCreate): Promise<string> {
  const { connectionId, coachId, earlier } = wanted;
  const lookUp = () => findAccount(stripe, earlier);
  const left = earlier.connectionIds.length > 1 ? await lookUp() : null;
  if (left !== null) return left;
  return createOnce({
    rowId: connectionId,
    step: 'account',
    create: async (idempotencyKey) => {
      const account = await stripe.accounts.create(
        { controller: OWNED_BY_THE_COACH, metadata: { coachId, connectionId } },
        { idempotencyKey },
      );
      return expectObject(account, 'account').id;
    },
    lookUp,
  });
}

/** The account that one of the attempts has created. The list cannot be filtered by metadata, so it is paged. */
async function findAccount(
  stripe: Stripe,
  { connectionIds, since }: AccountToCreate['earlier'],
): Promise<string | null> {
  for await (const account of stripe.accounts.list({ created: { gte: since - HOUR }, limit: 100 }))
    if (connectionIds.includes(account.metadata?.['connectionId'] ?? '')) return account.id;
  return null;
}

/**
 * A way into Stripe's onboarding, good once and for a few minutes, so it is made when the browser is at the door. An
 * expired or used one leads to `refreshUrl`. https://docs.stripe.com/api/account_links/create
 */
export async function createAccountLink(
  stripe: Stripe,
  link: { accountId: string; returnUrl: string; refreshUrl: string; rowId: string; step: string },
): Promise<string> {
  const answer = await createOnce({
    rowId: link.rowId,
    step: link.step,
    create: (idempotencyKey) =>
      stripe.accountLinks.create(
        {
          account: link.accountId,
          type: 'account_onboarding',
          return_url: link.returnUrl,
          refresh_url: link.refreshUrl,
        },
        { idempotencyKey },
      ),
    // There is no list of them, and one too many does no harm.
    lookUp: () => Promise.resolve(null),
  });
  if (typeof answer.url !== 'string' || !URL.canParse(answer.url))
    throw new Error('Stripe’s answer is not an account link.');
  return answer.url;
}
