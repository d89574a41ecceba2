import { setTimeout as delay } from 'node:timers/promises';
import { Business, type Offer } from '../../src/demo/business';
import { createCoach, createWorld } from '../../src/demo/world';
import { ChaosStack } from '../chaos/chaos-stack';
import { progress } from '../harness/with-parts';
import { Load, memoryOf } from './load/load';
import { compare, type Measured, median } from './measured';

/** Minutes of load; what is measured in the first fifth, while everything warms up, does not count. */
const MINUTES = Number(process.env['BENCH_SOAK_MINUTES'] ?? 10);
/** How much more than at the beginning is flat. */
const FLAT = 1.2;
/** Milliseconds between two purchases; every third is cancelled at once. */
const PURCHASE_EVERY_MS = 1000;
/** Seconds between two looks at memory and latency, and checks of access that are asked one by one for a look. */
const LOOK_EVERY_SECONDS = 5;
const CHECKS = 300;

type Figure = 'api' | 'worker' | 'p99' | 'purchase';
type Look = Record<Figure, number>;

/**
 * Whether anything grows while a coach sells for minutes: members buy and cancel on a whole stack, access is checked, sweeps
 * run; memory and latency at the end beside those of the beginning.
 */
export async function soak(): Promise<Record<string, Measured>> {
  const stack = await ChaosStack.start([], {
    // So wide that they are counted and never met.
    RATE_LIMITS: 'key=100000000/60,coach=100000000/60',
    // As a worker's container has it (deploy/kubernetes): how many runs the SDK keeps in memory follows from it.
    NODE_OPTIONS: '--max-old-space-size=512',
  });
  const load = Load.start();
  try {
    const info = stack.info();
    const world = createWorld(info, info.stripeEmulator ?? '');
    const business = new Business(world, await createCoach(world, 'Soak'), 'test');
    const { site, session } = business;
    await session.patch('/v1/settings', { body: { origins: [site] } });
    await business.connect();
    const offer = await business.offer('Morning yoga', 4900, 'month');
    await business.sell('first', offer, 'succeeds');

    const seconds: number[] = [];
    const over = new AbortController();
    const selling = sell(business, offer, seconds, over.signal);
    // What fails ends the selling; it is told at the end, with what was seen.
    selling.catch(() => undefined);
    const looks: Look[] = [];
    const began = performance.now();
    while (performance.now() - began < MINUTES * 60_000) {
      await delay(LOOK_EVERY_SECONDS * 1000);
      const { p99 } = await load.run({
        port: Number(new URL(info.api).port),
        connections: 1,
        count: CHECKS,
        seconds: 60,
        work: {
          kind: 'get',
          paths: [`/v1/access?member=first&product=${offer.product.id}`],
          headers: { Authorization: `Bearer ${business.coach.keys.test}` },
        },
      });
      const purchase = median(seconds.splice(0));
      looks.push({ p99, purchase, api: memoryIn(stack, 'api'), worker: memoryIn(stack, 'worker') });
      if (looks.length % 12 === 0) progress(`${Math.round((performance.now() - began) / 60_000)} minutes`);
    }
    over.abort();
    const purchases = await selling;
    return reportOf(looks, purchases);
  } finally {
    await load.stop();
    await stack.stop();
  }
}

/** One purchase a second, until it is over. Answers how many there were; `seconds` has how long each took. */
async function sell(business: Business, offer: Offer, seconds: number[], over: AbortSignal): Promise<number> {
  let count = 0;
  for (; !over.aborted; count++) {
    const began = performance.now();
    const { id } = await business.sell(`member-${count}`, offer, 'succeeds');
    const took = performance.now() - began;
    seconds.push(took / 1000);
    if (count % 3 === 0)
      await business.session.post('/v1/memberships/{id}/cancel', {
        params: { path: { id } },
        body: { at: 'now' },
      });
    await delay(Math.max(0, PURCHASE_EVERY_MS - took));
  }
  return count;
}

function memoryIn(stack: ChaosStack, part: 'api' | 'worker'): number {
  const found = stack.process(part);
  return (found === undefined ? null : memoryOf(found.pid)) ?? NaN;
}

const TOLD: Record<Figure, string> = {
  api: 'memory of the API, MB',
  worker: 'memory of the worker, MB',
  p99: 'p99 of an access check, ms',
  purchase: 'a purchase, seconds',
};

/** The last fifth beside the second one: in the first everything warms up. */
function reportOf(looks: readonly Look[], purchases: number): Record<string, Measured> {
  const fifth = Math.floor(looks.length / 5);
  const [begin, end] = [looks.slice(fifth, 2 * fifth), looks.slice(-fifth)];
  return Object.fromEntries(
    Object.entries(TOLD).map(([figure, told]) => [
      `soak: ${told}`,
      compare(
        end.map((look, index) => ({
          ours: look[figure as Figure],
          baseline: begin[index]?.[figure as Figure] ?? NaN,
        })),
        `at most ${FLAT} × the beginning`,
        (ratio) => ratio <= FLAT,
        { purchases, minutes: MINUTES },
      ),
    ]),
  );
}
