import type Stripe from 'stripe';
import { endpoint, type Endpoint } from '../http/endpoint';
import { StripeError } from '../http/errors';
import { inRange, page } from '../http/pagination';
import type { Emulator } from '../emulator';
import type { Account } from '../objects/account';
import type { Space } from '../space';

/** https://docs.stripe.com/api/accounts */
export const accountEndpoints: Endpoint[] = [
  endpoint('get /v1/account', ({ space }) => space.account),
  endpoint('get /v1/accounts/{account}', ({ emulator, space, path }) =>
    visible(emulator, space, path.account ?? ''),
  ),
  endpoint<Stripe.AccountListParams>('get /v1/accounts', ({ emulator, space, params, url }) => {
    const accounts = emulator
      .accounts()
      .filter(
        (account) =>
          space.isPlatform &&
          emulator.connection(account.id, space.livemode) !== undefined &&
          inRange(account.created, params.created),
      )
      .reverse();
    return page(accounts, params, url);
  }),
];

/** The account if the caller may see it: itself, or for the platform one that is connected in this mode. */
function visible(emulator: Emulator, space: Space, id: string): Account {
  if (id === space.accountId) return space.account;
  const account = emulator.account(id);
  if (account && space.isPlatform && emulator.connection(id, space.livemode)) return account;
  const message = `The provided key does not have access to account '${id}' (or that account does not exist). Application access may have been revoked.`;
  throw new StripeError(403, 'invalid_request_error', message, { code: 'account_invalid' });
}
