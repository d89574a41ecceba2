import type Stripe from 'stripe';
import type { Emulator } from '../emulator';
import type { Checked } from '../http/checked';
import { invalidRequest } from '../http/errors';
import { randomToken } from '../ids';
import type { Space } from '../space';

/** A link is good for five minutes of the platform's clock, and for one visit: https://docs.stripe.com/api/account_links */
const LINK_SECONDS = 300;

/** A way into the onboarding page. */
export interface AccountLink {
  account: string;
  livemode: boolean;
  refreshUrl: string;
  returnUrl: string;
  /** Unix seconds of the platform's clock. */
  expiresAt: number;
  opened: boolean;
  finished: boolean;
}

/** Creates a link that the platform sends the account's owner to. */
export function createAccountLink(
  emulator: Emulator,
  space: Space,
  params: Checked<Stripe.AccountLinkCreateParams>,
  accountId: string,
) {
  for (const name of ['refresh_url', 'return_url'] as const) {
    const url = params[name];
    if (url === undefined)
      throw invalidRequest(`Missing required param: ${name}.`, name, 'parameter_missing');
    if (!URL.canParse(url) || !/^https?:/.test(url))
      throw invalidRequest('Not a valid URL', name, 'url_invalid');
    if (space.livemode && !url.startsWith('https:') && !isLoopback(url)) {
      throw invalidRequest('Livemode requests must always be redirected via HTTPS.', name, 'url_invalid');
    }
  }
  const account = emulator.account(accountId);
  if (params.type === 'account_update' && account?.controller.requirement_collection !== 'application') {
    throw invalidRequest(
      'You cannot create `account_update` type Account Links for this account: Stripe collects its requirements.',
      'type',
    );
  }
  const token = randomToken(12);
  const created = space.now();
  const link: AccountLink = {
    account: accountId,
    livemode: space.livemode,
    refreshUrl: params.refresh_url ?? '',
    returnUrl: params.return_url ?? '',
    expiresAt: created + LINK_SECONDS,
    opened: false,
    finished: false,
  };
  emulator.db.put('account-links', token, link);
  return {
    object: 'account_link' as const,
    created,
    expires_at: link.expiresAt,
    url: `${emulator.publicUrl}/setup/s/${accountId}/${token}`,
  };
}

/** Stripe knows no such exception: a laptop that plays both modes has no certificate. */
function isLoopback(url: string): boolean {
  return /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$)/.test(url);
}

/** The link if it exists and its account does too. */
export function findAccountLink(emulator: Emulator, account: string, token: string): AccountLink | undefined {
  const link = emulator.db.get<AccountLink>('account-links', token);
  return link?.account === account && emulator.account(account) ? link : undefined;
}

/** Whether the page may still be used: until it was finished or the link expired. */
export function isUsable(emulator: Emulator, link: AccountLink): boolean {
  return !link.finished && emulator.platform(link.livemode).now() < link.expiresAt;
}

/** Remembers that a link was opened or finished. */
export function markLink(
  emulator: Emulator,
  token: string,
  change: Partial<Pick<AccountLink, 'finished' | 'opened'>>,
): void {
  const link = emulator.db.get<AccountLink>('account-links', token);
  if (link) emulator.db.put('account-links', token, { ...link, ...change });
}
