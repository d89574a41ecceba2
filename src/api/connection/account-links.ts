import { createAccountLink } from '../../stripe/account-links';
import type { WayThroughStripe } from './way-through-stripe';
import type { ApiDeps } from '../deps';

/**
 * The coach fills in Stripe's form for the account that was created for them. That they are back says nothing about how
 * far they came: the account itself is asked after the confirmation. https://docs.stripe.com/connect/hosted-onboarding
 */
export function accountLinksWay({ config, stripe }: ApiDeps): WayThroughStripe {
  const ours = (path: string, state: string) => {
    const url = new URL(`${config.api.publicUrl}${path}`);
    url.searchParams.set('state', state);
    return url.href;
  };
  return {
    async addressAtStripe(row, state) {
      const accountId = row.accountId ?? row.createdAccountId;
      if (accountId === null) throw new Error('The account is not created yet.');
      const url = await createAccountLink(stripe.of(row.mode), {
        accountId,
        returnUrl: ours('/connect/callback', state),
        refreshUrl: ours('/connect/refresh', state),
        // Every step of the attempt raises the revision, and each wants a link of its own.
        rowId: row.id,
        step: `link:${row.revision}`,
      });
      return new URL(url);
    },

    readReturn: () => ({ kind: 'back', data: {} }),
  };
}
