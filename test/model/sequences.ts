import fc from 'fast-check';
import { choose } from './choose';
import { type CommandName, commandOf, COMMANDS, WEIGHTS } from './commands';
import type { Accident } from './network';
import { randomOf } from './random';
import { CLEAR, type Sight, sightAfter } from './sight';
import { type Billing, type Policy, Reference } from './reference';

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

/** Steps of a sequence. */
const ENOUGH = 17;
/** Where the reference's clock begins when nobody else's does. */
const BEGINNING = 1_800_000_000;

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

/** The life of one shop, without what happens in it. */
const shop = fc.record({
  policy,
  billing,
  accidents: fc.array(accident, { minLength: ENOUGH, maxLength: ENOUGH }),
  seed: fc.nat(2 ** 31 - 1),
});

/**
 * Random lives of a coach's shop, always the same for a seed: each step is drawn from what can happen then, by the
 * weights, so that what is seldom possible comes up as well.
 */
function drawSequences(seed: number, count: number): Sequence[] {
  return fc.sample(shop, { seed, numRuns: count }).map(({ policy, billing, accidents, seed: life }) => {
    const random = randomOf(life);
    const whole = () => Math.floor(random() * 1_000_000);
    const model = new Reference(BEGINNING, policy, billing);
    const steps: Step[] = [];
    let sight: Sight = CLEAR;
    for (const accident of accidents) {
      const command = drawCommand(model, sight.blind, random());
      if (command === null) break;
      const step = { command, pick: whole(), accident, seed: whole() };
      const choice = choose(step, model, sight.blind);
      if (choice === null) throw new Error(`${command} was drawn and cannot happen.`);
      choice.apply(model);
      if (choice.until !== null) model.advanceTo(choice.until);
      // Who may lose events is taken for blind: what is drawn then can happen to those who see as well.
      const mayLose = accident.lost !== 'none' && !choice.isLossless;
      sight = sightAfter(sight, choice, mayLose, model);
      steps.push(step);
    }
    return { policy, billing, steps };
  });
}

/** One of the commands that have a target now. @param at from 0 to below 1. */
function drawCommand(model: Reference, blind: boolean, at: number): CommandName | null {
  const possible = (Object.keys(WEIGHTS) as CommandName[]).filter((command) => {
    const { needsSight, targets } = commandOf(command);
    return !(blind && needsSight === true) && targets(model).length > 0;
  });
  let left = at * possible.reduce((sum, command) => sum + WEIGHTS[command], 0);
  for (const command of possible) {
    left -= WEIGHTS[command];
    if (left < 0) return command;
  }
  return null;
}

/** The sequences of a seed, in order; always the same. */
export function* drawn(seed: number): Generator<{ index: number; sequence: Sequence }> {
  const size = 100;
  for (let from = 0; ; from += size)
    for (const [index, sequence] of drawSequences(seed * 1_000_003 + from, size).entries())
      yield { index: from + index, sequence };
}

export const noCounts = () =>
  Object.fromEntries(Object.keys(COMMANDS).map((name) => [name, 0])) as Record<CommandName, number>;

/** How often each command is drawn in so many sequences of a seed: in seconds, since nothing is played. */
export function countDrawn(seed: number, sequences: number): Record<CommandName, number> {
  const counts = noCounts();
  for (const { index, sequence } of drawn(seed)) {
    if (index >= sequences) break;
    for (const { command } of sequence.steps) counts[command] += 1;
  }
  return counts;
}
