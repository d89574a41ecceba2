import { readClock } from '../../src/local/time-travel';
import { productOverHttp } from '../../src/local/product-over-http';
import { DAY } from '../model/catalog';
import { patiently } from './patience';
import type { Shop } from './shop';

const placeOf = ({ business, accountId, mode }: Shop) => ({
  emulator: business.world.emulator,
  accountId,
  mode,
  api: business.world.api,
  platformKey: business.world.platformKey,
  coachId: business.coach.id,
});

/** The account's present time, in seconds. */
export async function nowOf(shop: Shop): Promise<number> {
  return (await patiently('the clock', () => readClock(placeOf(shop)))).now;
}

/**
 * Days pass in one leap for the account and the product: whatever was due on the way has happened at Stripe, and its
 * events come all at once. Answers the time then.
 */
export async function leap(shop: Shop, days: number): Promise<number> {
  const target = (await nowOf(shop)) + days * DAY;
  const product = productOverHttp(placeOf(shop));
  const offset = target - Math.floor(Date.now() / 1000);
  await patiently("the product's clock", () => product.setClock(offset, target));
  await patiently("Stripe's clock", () => advance(shop, target));
  await patiently('the runs to hear of it', () => product.tellRuns());
  return target;
}

async function advance({ accountId, mode, business }: Shop, advanceTo: number): Promise<void> {
  const response = await fetch(`${business.world.emulator}/_emulator/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: accountId, livemode: mode === 'live', advanceTo }),
  });
  if (!response.ok) throw new Error(`The emulator answered ${response.status}: ${await response.text()}`);
  await response.text();
}

/** Whether every deadline that has passed was looked at. */
export async function isOnTime(shop: Shop): Promise<boolean> {
  return productOverHttp(placeOf(shop)).isOnTime();
}
