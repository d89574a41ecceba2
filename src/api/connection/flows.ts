import type { ConnectFlow } from '../../domain/connection';
import { accountLinksWay } from './account-links';
import { oauthWay } from './oauth';
import type { ApiDeps } from '../deps';
import type { WayThroughStripe } from './way-through-stripe';

/** Both ways: a row remembers its own, however CONNECT_FLOW is set meanwhile. */
export function waysThroughStripe(deps: ApiDeps): Record<ConnectFlow, WayThroughStripe> {
  return { oauth: oauthWay(deps), account_links: accountLinksWay(deps) };
}
