import Stripe from 'stripe';
import type { AccountAnswer, AccountFacts } from '../domain/connection';
import { ProblemError } from '../domain/problem';
import { modeOf, type Mode } from '../domain/mode';
import { expectObject, isAccountInvalid, meaningOf, stripeErrorDetails } from './errors';

/**
 * Reads an account. `gone` when Stripe answers 403 `account_invalid`: the link was removed from either side.
 * https://docs.stripe.com/api/accounts/object
 */
export async function fetchAccount(stripe: Stripe, accountId: string): Promise<AccountAnswer> {
  const answer = await lookAtAccount(stripe, accountId);
  return answer === 'gone' ? answer : answer.facts;
}

/** An account as it is at this moment. */
export interface AccountLook {
  facts: AccountFacts;
  /** https://docs.stripe.com/connect/oauth-changes-for-standard-platforms */
  platformControlled: boolean;
}

/** The same, with what only a diagnosis asks for. */
export async function lookAtAccount(
  stripe: Stripe,
  accountId: string,
  options: Stripe.RequestOptions = {},
): Promise<AccountLook | 'gone'> {
  try {
    const account = await stripe.accounts.retrieve(accountId, undefined, {
      ...options,
      stripeAccount: accountId,
    });
    return {
      facts: accountFacts(expectObject(account, 'account')),
      platformControlled: account.controller?.type === 'application',
    };
  } catch (error) {
    if (isAccountInvalid(error)) return 'gone';
    throw error;
  }
}

/**
 * What Stripe Tax still wants before it works out any tax on the account; nothing when it is set up. Until then every
 * session with automatic tax is refused. https://docs.stripe.com/tax/settings-api
 */
export async function missingForTax(
  stripe: Stripe,
  accountId: string,
  options: Stripe.RequestOptions = {},
): Promise<string[]> {
  const settings = await stripe.tax.settings.retrieve({}, { ...options, stripeAccount: accountId });
  if (settings.status === 'active') return [];
  return settings.status_details.pending?.missing_fields ?? ['head_office'];
}

/** By which its owner knows it. https://docs.stripe.com/api/accounts/object */
function businessName(account: Stripe.Account): string | null {
  return account.business_profile?.name || account.settings?.dashboard.display_name || null;
}

/** Stripe's account as the rules of src/domain/connection.ts take it. */
export function accountFacts(account: Stripe.Account): AccountFacts {
  const due = account.requirements;
  return {
    accountId: account.id,
    accountName: businessName(account),
    chargesEnabled: account.charges_enabled,
    payoutsEnabled: account.payouts_enabled,
    detailsSubmitted: account.details_submitted,
    defaultCurrency: account.default_currency ?? null,
    country: account.country ?? null,
    requirements: {
      currentlyDue: due?.currently_due ?? [],
      eventuallyDue: due?.eventually_due ?? [],
      pastDue: due?.past_due ?? [],
      pendingVerification: due?.pending_verification ?? [],
      disabledReason: due?.disabled_reason ?? null,
      currentDeadline: due?.current_deadline ?? null,
    },
  };
}

/**
 * Exchanges an OAuth code. Never call it twice with one code.
 * @throws ProblemError `connection_refused` when Stripe did not take it, `connection_unclear` when its answer is lost
 */
export async function redeemCode(stripe: Stripe, mode: Mode, code: string): Promise<{ accountId: string }> {
  let answer: Stripe.OAuthToken;
  try {
    answer = await stripe.oauth.token({ grant_type: 'authorization_code', code });
  } catch (error) {
    throw exchangeRefusal(error);
  }
  const accountId: unknown = answer.stripe_user_id;
  if (typeof accountId !== 'string' || !accountId.startsWith('acct_'))
    throw new ProblemError('connection_unclear', 'Stripe’s answer to the authorization was not complete.');
  if (answer.livemode !== undefined && modeOf(answer.livemode) !== mode)
    throw new ProblemError('connection_refused', `Stripe authorized the other mode, not ${mode} mode.`);
  return { accountId };
}

/** A clear no from Stripe is a refusal; anything else may have taken effect there. */
function exchangeRefusal(error: unknown): ProblemError {
  if (!(error instanceof Stripe.errors.StripeError))
    return new ProblemError('connection_unclear', 'Stripe’s answer to the authorization was lost.');
  const details = { stripe: stripeErrorDetails(error) };
  const { statusCode } = details.stripe;
  if (error instanceof Stripe.errors.StripeInvalidClientError || meaningOf(error) === 'needs_person')
    return new ProblemError(
      'connection_refused',
      'Stripe does not take this installation’s client id or key; an operator has to correct them.',
      details,
    );
  const clear = statusCode !== null && statusCode >= 400 && statusCode < 500 && meaningOf(error) !== 'retry';
  return clear
    ? new ProblemError(
        'connection_refused',
        'Stripe did not accept the authorization; it may have been too old.',
        details,
      )
    : new ProblemError('connection_unclear', 'Stripe’s answer to the authorization was lost.', details);
}

/**
 * Ends the link from our side. That somebody did it before is success. Stripe's `invalid_client` may say that, or that
 * the client id is not the platform's (https://docs.stripe.com/connect/oauth-reference#post-deauthorize-errors): only
 * the account itself tells which.
 * @throws the error of Stripe's when the account is still linked
 */
export async function deauthorize(stripe: Stripe, clientId: string, accountId: string): Promise<void> {
  try {
    await stripe.oauth.deauthorize({ client_id: clientId, stripe_user_id: accountId });
  } catch (error) {
    if (isAccountInvalid(error)) return;
    const unclear = error instanceof Stripe.errors.StripeInvalidClientError;
    if (unclear && (await fetchAccount(stripe, accountId)) === 'gone') return;
    throw error;
  }
}
