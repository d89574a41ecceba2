import { idempotencyKey } from '@session/sdk';
import { Business, type Offer } from '../../src/demo/business';
import { createCoach, type World } from '../../src/demo/world';
import type { Mode } from '../../src/domain/mode';
import type { Billing, Policy } from '../model/reference';
import type { EmulatorSide } from './emulator';
import { CHAOS_OFFER_NAMES, type ChaosOfferName, offerOf } from './offers';
import { patiently } from './patience';

/** What every coach has chosen; the account tries failed renewals again and then gives up. */
export const POLICY: Policy = {
  graceDays: 5,
  leewayHours: 48,
  honourPaidPeriod: false,
  keepAfterRefund: false,
  keepDuringDispute: false,
};
export const BILLING: Billing = { retryDays: [2, 3], inTheEnd: 'cancel' };

/** One coach in one mode, connected and with everything on sale. */
export interface Shop {
  coach: number;
  mode: Mode;
  business: Business;
  accountId: string;
  offers: Record<ChaosOfferName, Offer>;
  /** Prices that members were moved to, and from which. */
  replaced: Map<string, string>;
}

/** Coaches who sell in both modes, made over HTTP as the platform and the coaches do; before anything is at fault. */
export async function openShops(
  world: World,
  stripe: EmulatorSide,
  coaches: number,
  { modes = MODES, offers = CHAOS_OFFER_NAMES }: Partial<Range> = {},
): Promise<Shop[]> {
  const shops: Shop[] = [];
  for (let coach = 0; coach < coaches; coach++) {
    const made = await createCoach(world, `Coach ${coach}`);
    for (const mode of modes)
      shops.push(await openShop(new Business(world, made, mode), stripe, coach, offers));
  }
  return shops;
}

/** What is sold. */
export interface Range {
  modes: readonly Mode[];
  offers: readonly ChaosOfferName[];
}

const MODES: readonly Mode[] = ['test', 'live'];

async function openShop(
  business: Business,
  stripe: EmulatorSide,
  coach: number,
  offers: readonly ChaosOfferName[],
): Promise<Shop> {
  const { session, site, mode } = business;
  const { graceDays, leewayHours: renewalLeewayHours, ...choices } = POLICY;
  await patiently('the settings', () =>
    session.put('/v1/settings', {
      body: {
        ...choices,
        graceDays,
        renewalLeewayHours,
        origins: [site],
        defaultSuccessUrl: `${site}/welcome`,
        defaultCancelUrl: `${site}/offers`,
      },
    }),
  );
  const { accountId } = await business.connect();
  if (accountId === null) throw new Error('The account is not connected.');
  await stripe.control('PUT', `/accounts/${accountId}/retry-policy`, {
    days: BILLING.retryDays,
    finalAction: BILLING.inTheEnd,
  });
  const made = await Promise.all(
    offers.map(async (name) => [name, await makeOffer(business, name)] as const),
  );
  return {
    coach,
    mode,
    business,
    accountId,
    offers: Object.fromEntries(made) as Record<ChaosOfferName, Offer>,
    replaced: new Map(),
  };
}

async function makeOffer({ session }: Business, name: ChaosOfferName): Promise<Offer> {
  const once = (what: string) => idempotencyKey(`chaos-${name}-${what}`);
  const product = await patiently(`product ${name}`, () =>
    session.post('/v1/products', { params: once('product'), body: { name } }),
  );
  const made = await patiently(`price of ${name}`, () =>
    session.post('/v1/products/{id}/prices', {
      params: { path: { id: product.id }, ...once('price') },
      body: offerOf(name).terms,
    }),
  );
  const price = await patiently(`${name} to be on sale`, async () => {
    const found = await session.get('/v1/prices/{id}', { params: { path: { id: made.id } } });
    if (found.status !== 'active') throw new Error(`It is ${found.status}.`);
    return found;
  });
  return { product, price };
}
