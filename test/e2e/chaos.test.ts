import type { Fault } from '../chaos/faults';
import { planPurchases } from '../chaos/plan';
import { playStory } from '../chaos/story';

/** Milliseconds; a quarter of a minute where nothing else runs. */
const STORY_TIMEOUT_MS = 200_000;
const COUNT = 3;

test(
  'whose payment nobody tells, and whose processes die, is found lost; and is not, once everything has settled',
  async () => {
    const faults: Fault[] = [
      { kind: 'deliveries', what: 'drop', probability: 1 },
      { kind: 'clock', part: 'api', seconds: 30 },
      { kind: 'kill', part: 'worker', step: 0, afterMs: 0 },
      { kind: 'kill', part: 'api', step: 1, afterMs: 100 },
    ];
    const plans = planPurchases(1, COUNT, 1).map((plan) => ({
      ...plan,
      mode: 'test' as const,
      offer: 'monthly' as const,
      way: 'server' as const,
      paidBy: 'succeeds' as const,
      deed: 'nothing' as const,
      returns: false,
    }));
    const report = await playStory({
      seed: 1,
      purchases: COUNT,
      plans,
      coaches: 1,
      range: { modes: ['test'], offers: ['monthly'] },
      leaps: [],
      faults,
      env: { CHECKOUT_POLL_SECONDS: '3600', RECONCILE_MINUTES: '525600' },
      say: () => undefined,
    });
    expect(report).toMatchObject({ kills: 2, purchases: COUNT, outcomes: { paid: COUNT }, found: [] });
    // Without access, without a membership, and its checkout is open.
    expect(report.before.lost).toBe(3 * COUNT);
  },
  STORY_TIMEOUT_MS,
);
