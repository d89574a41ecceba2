import fc from 'fast-check';
import { type CommandName, WEIGHTS } from './commands';
import type { Accident } from './network';
import type { Billing, Policy } from './reference';

/** One thing that is to happen, if it can. */
export interface Step {
  command: CommandName;
  /** Which of its targets. */
  pick: number;
  accident: Accident;
  /** Of the shuffling and losing. */
  seed: number;
}

export interface Sequence {
  policy: Policy;
  billing: Billing;
  steps: Step[];
}

/** Most of them can not happen when they come up, and are skipped. */
const MOST_STEPS = 240;

const policy: fc.Arbitrary<Policy> = fc.record({
  graceDays: fc.constantFrom(7, 7, 0, 3, 30),
  leewayHours: fc.constantFrom(72, 72, 0, 168),
  honourPaidPeriod: fc.constantFrom(false, false, true),
  keepAfterRefund: fc.constantFrom(false, false, false, true),
  keepDuringDispute: fc.constantFrom(false, false, false, true),
});

const billing: fc.Arbitrary<Billing> = fc.record({
  retryDays: fc.constantFrom([3, 5, 7], [1, 2], [5]),
  inTheEnd: fc.constantFrom('cancel' as const, 'cancel' as const, 'unpaid' as const, 'past_due' as const),
});

const accident: fc.Arbitrary<Accident> = fc.record({
  order: fc.constantFrom('as_sent' as const, 'shuffled' as const),
  repeated: fc.constantFrom(false, false, true),
  lost: fc.oneof(
    { arbitrary: fc.constant('none' as const), weight: 8 },
    { arbitrary: fc.constant('some' as const), weight: 1 },
    { arbitrary: fc.constant('all' as const), weight: 1 },
  ),
});

const step: fc.Arbitrary<Step> = fc.record({
  command: fc.oneof(
    ...Object.entries(WEIGHTS).map(([name, weight]) => ({
      arbitrary: fc.constant(name as CommandName),
      weight,
    })),
  ),
  pick: fc.nat(1_000_000),
  accident,
  seed: fc.nat(1_000_000),
});

/** Random lives of a coach's shop. */
export const sequences: fc.Arbitrary<Sequence> = fc.record({
  policy,
  billing,
  steps: fc.array(step, { maxLength: MOST_STEPS, size: 'max' }),
});
