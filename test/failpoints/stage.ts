import { ApplicationFailure } from '@temporalio/common';
import type { Relay } from '../../src/worker/relay';
import { createLog } from '../../src/log';
import { logSdkTo } from '../harness/temporal';
import { type Rig, startRig } from '../support/rig';
import { watchDatabase } from './database-seam';
import { type Gap, Life, outside, type Side, watchIntervals, within } from './lives';
import { watchStripe, withoutIds } from './stripe-seam';
import { watchTemporal } from './temporal-seam';

/** Where somebody is to die. */
export interface Crash {
  gap: Gap;
  side: Side;
  /** So many times in a row: the next try dies there, too. */
  times: number;
}

/** Milliseconds between the emulator's tries to deliver: whoever listens is soon back. */
const DELIVERY_RETRY_MS = [100, 200, 400, 800, 1600, 3200, 6400, 12_800];

const sameGap = (one: Gap, other: Gap) =>
  one.step === other.step && one.who === other.who && one.effect === other.effect;

export type Stage = Awaited<ReturnType<typeof startStage>>;

let watching = 0;
let unwatch: (() => void)[] = [];

/** The product with somebody at every seam: what it does outside is noted, and it can be made to die there. */
export async function startStage() {
  if (watching++ === 0) {
    unwatch = [watchDatabase(), watchIntervals()];
    // Every death is a failure to the SDK, which would tell of it.
    logSdkTo(createLog('failpoints', process.env['RIG_LOG'] ?? 'silent'));
  }
  let step = '';
  let gaps: Gap[] = [];
  let crashes: (Crash & { done: number })[] = [];

  const watch = (who: string, effect: string, side: Side): boolean => {
    if (step === '') return false;
    const gap = { step, who, effect };
    if (side === 'before' && !gaps.some((known) => sameGap(known, gap))) gaps.push(gap);
    const due = crashes.find(
      (crash) => crash.side === side && crash.done < crash.times && sameGap(crash.gap, gap),
    );
    if (due === undefined) return false;
    due.done += 1;
    return true;
  };

  /** Does something that may be killed on the way; what it was about to do then, nobody does. */
  const attempt = <T>(who: string, perform: () => Promise<T>): Promise<{ result: T } | { killed: true }> => {
    const life = new Life(who, watch);
    const killed = new Promise<{ killed: true }>((resolve) => {
      life.onDeath(() => resolve({ killed: true }));
    });
    return Promise.race([within(life, async () => ({ result: await perform() })), killed]);
  };

  /** What a dead relay held is free once its leases have lapsed. Nobody waits for that here: the rest is the same. */
  const lapse = async (): Promise<void> => {
    await rig.db
      .$executeRaw`UPDATE inbox SET lease_until = now() WHERE status = 'waiting' AND lease_until > now()`;
  };
  let replacing: Promise<void> = Promise.resolve();
  const requests = new Set<Life>();
  /** One process answers all requests: it dies with them, and another one takes its place. */
  const killApi = () => {
    for (const request of [...requests]) {
      requests.delete(request);
      request.die();
    }
    replacing = outside(() => replacing.then(() => rig.replaceApi()));
  };

  const rig: Rig = await startRig({
    temporal: 'dev',
    relayPollSeconds: 2,
    deliveryRetryMs: DELIVERY_RETRY_MS,
    replays: false,
    seams: {
      client: watchTemporal,
      async attempt(activity, perform) {
        const outcome = await attempt(activity, perform);
        if (!('killed' in outcome)) return outcome.result;
        // Temporal hears of a killed worker when its heartbeats are missing; so long we do not wait.
        const message = 'The process was killed.';
        throw ApplicationFailure.create({ message, type: 'ProcessKilled', nextRetryDelay: 20 });
      },
      request(request, response, serve) {
        const life = new Life(`${request.method} ${withoutIds(request.url ?? '')}`, watch);
        requests.add(life);
        response.on('close', () => requests.delete(life));
        life.onDeath(() => {
          if (requests.delete(life)) killApi();
        });
        within(life, serve);
      },
      relay(start) {
        const begin = (): Relay => {
          const life = new Life('relay', watch);
          const begun = within(life, start);
          life.onDeath(() => {
            // What it was about to do nobody does, so it comes to no end; but it would connect again for ever.
            void outside(() => begun.stop());
            void outside(lapse).finally(() => {
              relay = outside(begin);
            });
          });
          return begun;
        };
        let relay = begin();
        return { stop: () => relay.stop() };
      },
    },
  });
  for (const mode of ['test', 'live'] as const) watchStripe(rig.stripe.of(mode));

  return {
    rig,
    attempt,
    /** Begins to note anew, once everybody is there again; somebody is to die at each of these places on the way. */
    async begin(next: readonly Crash[]) {
      await replacing;
      gaps = [];
      crashes = next.map((crash) => ({ ...crash, done: 0 }));
    },
    /** What is done from now on belongs to that step; to none, nothing is noted and nobody dies. */
    enter(name: string) {
      step = name;
    },
    gaps: () => gaps,
    /** How often somebody has died at each of the places where they were to. */
    deaths: () => crashes.map(({ done }) => done),
    async close() {
      await replacing;
      await rig.close();
      if (--watching === 0) for (const undo of unwatch) undo();
    },
  };
}
