import { encrypt } from '../../db/encryption';
import type { WayThroughStripe } from './way-through-stripe';
import type { ApiDeps } from '../deps';

/** Longer than any code of Stripe's. */
const MAX_CODE = 500;

/** The coach approves us for an account of theirs. https://docs.stripe.com/connect/oauth-standard-accounts */
export function oauthWay({ config, stripe }: ApiDeps): WayThroughStripe {
  return {
    /** `stripe.oauth.authorizeUrl` drops a port, so the address is made here. */
    addressAtStripe(row, state) {
      const url = new URL(`${config.stripe.connectBase.replace(/\/+$/, '')}/oauth/authorize`);
      url.searchParams.set('response_type', 'code');
      url.searchParams.set('client_id', stripe.clientId(row.mode));
      url.searchParams.set('scope', 'read_write');
      url.searchParams.set('state', state);
      url.searchParams.set('redirect_uri', `${config.api.publicUrl}/connect/callback`);
      return Promise.resolve(url);
    },

    readReturn(row, { code, error }) {
      if (typeof error === 'string') return { kind: 'denied', error };
      if (typeof code !== 'string' || code === '' || code.length > MAX_CODE) return { kind: 'unknown' };
      return { kind: 'back', data: { encryptedCode: encrypt(config.encryptionKey, code, row.id) } };
    },
  };
}
