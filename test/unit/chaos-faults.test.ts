import { type Fault, isAtStep, isOfProcess, OUTAGES, planFaults, planOutage } from '../chaos/faults';
import { planPurchases } from '../chaos/plan';
import { CHAOS_OFFER_NAMES } from '../chaos/offers';
import { shrink } from '../chaos/shrink';
import { momentsOf, stretchesOf } from '../chaos/stretches';

describe('what the chaos does', () => {
  test('follows from its seed alone', () => {
    const plan = { seed: 7, kills: 20, moments: momentsOf(300) };
    expect(planFaults(plan)).toEqual(planFaults(plan));
    expect(planFaults(plan)).not.toEqual(planFaults({ ...plan, seed: 8 }));
    expect(planPurchases(7, 50)).toEqual(planPurchases(7, 50));
    expect(planPurchases(7, 50)).not.toEqual(planPurchases(8, 50));
  });

  test('hits every part as often as was asked for, in the order of the story, and leaves calm in between', () => {
    const faults = planFaults({ seed: 1, kills: 200, moments: momentsOf(2000) }).filter(isOfProcess);
    const steps = faults.map(({ step }) => step);
    expect(faults).toHaveLength(200);
    expect(new Set(faults.map(({ part }) => part)).size).toBe(5);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    const calm = stretchesOf(2000).filter(({ isCalm }) => isCalm);
    expect(steps.filter((step) => calm.some(({ from, to }) => step >= from && step < to))).toEqual([]);
    expect(steps.filter((step) => step >= 2000).length).toBeGreaterThan(5);
  });

  test.each([50, 399, 400, 2000, 2001])(
    '%d purchases are in storm or calm, each once and in order',
    (count) => {
      const stretches = stretchesOf(count);
      expect(
        stretches.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, at) => from + at)),
      ).toEqual(Array.from({ length: count }, (_, number) => number));
    },
  );

  test('of two thousand purchases more than three hundred are in calm, where Stripe behaves', () => {
    const plans = planPurchases(1, 2000);
    const calm = stretchesOf(2000).filter(({ isCalm }) => isCalm);
    const measured = calm.flatMap(({ from, to }) => plans.slice(from, to)).filter(({ coach }) => coach === 2);
    expect(measured.length).toBeGreaterThan(300);
  });

  test('sells every option, in both modes, of every coach', () => {
    const plans = planPurchases(1, 100);
    expect(new Set(plans.map(({ offer }) => offer)).size).toBe(CHAOS_OFFER_NAMES.length);
    expect(new Set(plans.map(({ coach, mode }) => `${coach} ${mode}`)).size).toBe(6);
  });

  test.each(OUTAGES)('an outage (%s) is all that happens, and begins amid the purchases', (what) => {
    const faults = planOutage(what, 100, 60_000);
    expect(faults).toEqual([{ kind: 'outage', what, step: 25, afterMs: 0, forMs: 60_000 }]);
    expect(faults.filter(isAtStep)).toHaveLength(1);
  });

  test('a list of faults is shrunk to those that it takes', async () => {
    const faults = planFaults({ seed: 3, kills: 30, moments: momentsOf(100) });
    const culprits: Fault[] = [faults[9]!, faults[21]!];
    const fails = (some: readonly Fault[]) => Promise.resolve(culprits.every((one) => some.includes(one)));
    expect(await shrink(faults, fails)).toEqual(culprits);
  });

  test('where it fails without any fault, nothing is left of the list', async () => {
    expect(await shrink([1, 2, 3], () => Promise.resolve(true))).toEqual([]);
  });
});
