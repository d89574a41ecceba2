import type Stripe from 'stripe';
import { effect, read } from './lives';

type HttpClient = Stripe.HttpClient;

/** Ids and tokens are other ones in every run: long, with digits or capitals in them. */
const ID = /(?=[\w-]*[A-Z0-9])[\w-]{10,}/g;

/** A path without what differs from run to run. */
export const withoutIds = (path: string): string => (path.split('?')[0] ?? '').replaceAll(ID, '{id}');

/** Has every request of a client that may change something be an effect of whoever asks. */
export function watchStripe(stripe: Stripe): void {
  // Stripe's own client has no other way in once it is made.
  const inner = stripe as unknown as {
    getApiField(name: 'httpClient'): HttpClient;
    _setApiField(name: 'httpClient', value: HttpClient): void;
  };
  const client = inner.getApiField('httpClient');
  const watched = Object.create(client) as HttpClient;
  watched.makeRequest = (...args) => {
    const [, , path, method] = args;
    const perform = () => client.makeRequest(...args);
    return method === 'GET' ? read(perform) : effect(`stripe ${method} ${withoutIds(path)}`, perform);
  };
  inner._setApiField('httpClient', watched);
}
