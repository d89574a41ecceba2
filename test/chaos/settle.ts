import { setTimeout as delay } from 'node:timers/promises';
import type { ChaosStack } from './chaos-stack';
import type { EmulatorSide } from './emulator';
import type { Violation } from './judge';
import { patiently } from './patience';
import type { Shop } from './shop';
import { sweep } from './sweep';
import { isOnTime } from './time';

export interface Settling {
  stack: ChaosStack;
  stripe: EmulatorSide;
  shops: readonly Shop[];
}

const PAUSE_MS = 500;

/**
 * Waits until the judge finds nothing, and looks a second time whether it stays so. Stripe's next attempts are made
 * now, and the reconciliation looks once.
 * @returns when the first look without a violation began; null: there was none in time, and these were found in the last
 */
export async function settled(
  settling: Settling,
  look: () => Promise<Violation[]>,
  patienceMs: number,
): Promise<{ settledAt: number | null; violations: Violation[] }> {
  const { stack, stripe, shops } = settling;
  const giveUpAt = Date.now() + patienceMs;
  let violations = unseen('at all');
  await patiently('deliveries', () => stripe.deliverNow());
  const accounts = shops.map(({ accountId }) => accountId);
  await sweep(stack, accounts).catch(() => undefined);
  do {
    await stripe.deliverNow().catch(() => undefined);
    const onTime = await Promise.all(shops.map((shop) => isOnTime(shop).catch(() => false)));
    const at = Date.now();
    violations = await look().catch((error: unknown) => unseen((error as Error).message));
    if (!onTime.every(Boolean))
      violations.push({ kind: 'runs', what: 'a deadline has passed, and nobody has looked' });
    if (violations.length === 0) {
      const again = await look().catch(() => unseen('a second time'));
      if (again.length === 0) return { settledAt: at, violations: [] };
      violations = again;
    }
    await delay(PAUSE_MS);
  } while (Date.now() < giveUpAt);
  return { settledAt: null, violations };
}

const unseen = (why: string): Violation[] => [{ kind: 'broken_promise', what: `nobody could look: ${why}` }];
