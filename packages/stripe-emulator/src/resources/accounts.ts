import type Stripe from 'stripe';
import { completeVerification, rejectAccount } from '../connect/accounts';
import { createAccountLink } from '../connect/account-links';
import { createAccount, fillAccount, requestCapability } from '../connect/create-account';
import type { Emulator } from '../emulator';
import { endpoint, type Endpoint } from '../http/endpoint';
import { invalidRequest, resourceMissing, StripeError } from '../http/errors';
import { inRange, page } from '../http/pagination';
import { capabilityOf, type Account } from '../objects/account';
import type { Space } from '../space';

/** https://docs.stripe.com/api/accounts, /capabilities, /account_links */
export const accountEndpoints: Endpoint[] = [
  endpoint('get /v1/account', ({ space }) => space.account),
  endpoint<Stripe.AccountCreateParams>('post /v1/accounts', ({ emulator, space, params }) =>
    createAccount(emulator, space, params),
  ),
  endpoint('get /v1/accounts/{account}', ({ emulator, space, path }) =>
    visible(emulator, space, path.account ?? ''),
  ),
  endpoint<Stripe.AccountUpdateParams>('post /v1/accounts/{account}', ({ emulator, space, params, path }) => {
    const { id } = visible(emulator, space, path.account ?? '');
    return emulator.updateAccount(id, (draft) => fillAccount(draft, params));
  }),
  endpoint('delete /v1/accounts/{account}', ({ emulator, space, path }) => {
    const account = ownMaking(visible(emulator, space, path.account ?? ''), 'deleted');
    emulator.removeAccount(account.id);
    return { id: account.id, object: 'account', deleted: true };
  }),
  endpoint<Stripe.AccountRejectParams>(
    'post /v1/accounts/{account}/reject',
    ({ emulator, space, params, path }) => {
      const account = ownMaking(visible(emulator, space, path.account ?? ''), 'rejected');
      if (!['fraud', 'listed', 'terms_of_service', 'other'].includes(params.reason)) {
        throw invalidRequest(
          'Invalid reason: must be one of fraud, listed, terms_of_service, or other',
          'reason',
        );
      }
      return rejectAccount(emulator, account.id, params.reason);
    },
  ),
  endpoint('post /v1/accounts/{account}/unreject', ({ emulator, space, path }) => {
    const account = visible(emulator, space, path.account ?? '');
    if (!account.requirements.disabled_reason?.startsWith('rejected.')) {
      throw invalidRequest('This account has not been rejected.', 'account');
    }
    return completeVerification(emulator, account.id);
  }),
  endpoint('post /v1/accounts/{account}/login_links', ({ emulator, space, path }) => {
    const account = visible(emulator, space, path.account ?? '');
    if (account.controller.stripe_dashboard?.type !== 'express') {
      throw invalidRequest('Cannot create a login link for an account that has no Express Dashboard.');
    }
    return {
      object: 'login_link',
      created: space.now(),
      url: `${emulator.publicUrl}/onboarding/${account.id}`,
    };
  }),
  endpoint<Stripe.AccountListParams>('get /v1/accounts', ({ emulator, space, params, url }) => {
    const accounts = emulator
      .accounts()
      .filter(
        (account) =>
          space.isPlatform &&
          emulator.reaches(account.id, space.livemode) &&
          inRange(account.created, params.created),
      )
      .reverse();
    return page(accounts, params, url);
  }),
  endpoint('get /v1/accounts/{account}/capabilities', ({ emulator, space, params, path, url }) => {
    const account = visible(emulator, space, path.account ?? '');
    const all = Object.keys(account.capabilities).map((name) => capabilityOf(account, name));
    return page(all, params, url);
  }),
  endpoint('get /v1/accounts/{account}/capabilities/{capability}', ({ emulator, space, path }) => {
    const account = visible(emulator, space, path.account ?? '');
    const name = path.capability ?? '';
    if (account.capabilities[name] === undefined) throw resourceMissing('capability', name, 'capability');
    return capabilityOf(account, name);
  }),
  endpoint<Stripe.AccountUpdateCapabilityParams>(
    'post /v1/accounts/{account}/capabilities/{capability}',
    ({ emulator, space, params, path }) => {
      const { id } = visible(emulator, space, path.account ?? '');
      const name = path.capability ?? '';
      if (!/^[a-z0-9_]+$/.test(name)) throw resourceMissing('capability', name, 'capability');
      const before = capabilityOf(emulator.account(id)!, name);
      const { requested } = params;
      const account =
        requested === undefined
          ? emulator.account(id)!
          : emulator.updateAccount(id, (draft) => requestCapability(draft, name, requested));
      const after = capabilityOf(account, name);
      emulator.space(id, space.livemode).emitChange('capability.updated', before, after);
      return after;
    },
  ),
  endpoint<Stripe.AccountLinkCreateParams>('post /v1/account_links', ({ emulator, space, params }) => {
    const account = emulator.account(params.account);
    if (!account || !space.isPlatform || !emulator.reaches(account.id, space.livemode)) {
      throw resourceMissing('account', params.account, 'account');
    }
    return createAccountLink(emulator, space, params, account.id);
  }),
  endpoint('get /v1/balance', ({ space }) => balanceOf(space)),
];

/** The account if the caller may see it: itself, or for the platform one that is connected in this mode. */
function visible(emulator: Emulator, space: Space, id: string): Account {
  if (id === space.accountId) return space.account;
  const account = emulator.account(id);
  if (account && space.isPlatform && emulator.reaches(id, space.livemode)) return account;
  const message = `The provided key does not have access to account '${id}' (or that account does not exist). Application access may have been revoked.`;
  throw new StripeError(403, 'invalid_request_error', message, { code: 'account_invalid' });
}

/** The account if the platform has made it: it has no power over others. */
function ownMaking(account: Account, what: string): Account {
  if (account.controller.type === 'application') return account;
  throw invalidRequest(
    `This account cannot be ${what}: the platform does not control it. Accounts that connected by OAuth can only be deauthorized.`,
    'account',
  );
}

/** What an account has, by currency and by whether it can be paid out: https://docs.stripe.com/api/balance */
function balanceOf(space: Space): object {
  const now = space.now();
  const sums = { available: new Map<string, number>(), pending: new Map<string, number>() };
  for (const { net, currency, available_on: at } of space.list('balance_transaction')) {
    const sum = at <= now ? sums.available : sums.pending;
    sum.set(currency, (sum.get(currency) ?? 0) + net);
  }
  const currencies = new Set([
    space.account.default_currency,
    ...sums.available.keys(),
    ...sums.pending.keys(),
  ]);
  const amounts = (sum: Map<string, number>) =>
    [...currencies].map((currency) => {
      const amount = sum.get(currency) ?? 0;
      return { amount, currency, source_types: { card: amount } };
    });
  return {
    object: 'balance',
    available: amounts(sums.available),
    livemode: space.livemode,
    pending: amounts(sums.pending),
  };
}
