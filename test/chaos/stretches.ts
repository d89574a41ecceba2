/** Coaches that sell, in both modes each. On the accounts of the last one Stripe behaves, so that latency can be measured there. */
export const COACHES = 3;
/** Days that pass after the purchases, leap by leap: a renewal and what follows it; the failed ones are tried again, then the grace ends. */
export const LEAPS: readonly number[] = [10, 10, 11, 12];

/** Purchases from one number to the one before another; in calm ones nothing is killed, so that their latency says something. */
export interface Stretch {
  from: number;
  to: number;
  isCalm: boolean;
}

/** A step of the story at which faults may happen. */
export interface Moment {
  step: number;
  /** Milliseconds after its beginning at which they may still do. */
  withinMs: number;
}

/** Fewer are all stormy. */
const ENOUGH_FOR_CALM = 400;
/** Long stretches: who buys soon after or soon before a kill says nothing either. */
const ROUNDS = 2;
const STORMY_SHARE = 0.55;
const WITHIN_MS = 1500;
/** A leap takes longer, and many events follow it. */
const WITHIN_LEAP_MS = 12_000;
/** A step of a leap counts as so many purchases. */
const WEIGHT_OF_LEAP = 4;

/** Storm and calm in turn; all the purchases in order. */
export function stretchesOf(purchases: number): Stretch[] {
  if (purchases < ENOUGH_FOR_CALM) return [{ from: 0, to: purchases, isCalm: false }];
  return Array.from({ length: ROUNDS }, (_, round): Stretch[] => {
    const [from, to] = [round, round + 1].map((at) => Math.round((purchases * at) / ROUNDS));
    const turn = Math.round(from! + (to! - from!) * STORMY_SHARE);
    return [
      { from: from!, to: turn, isCalm: false },
      { from: turn, to: to!, isCalm: true },
    ];
  }).flat();
}

/** When faults may happen: at every purchase of a storm, and at every leap through time. */
export function momentsOf(purchases: number, leaps = LEAPS, coaches = COACHES): Moment[] {
  const stormy = stretchesOf(purchases).filter(({ isCalm }) => !isCalm);
  const leapSteps = leaps.length * coaches * 2;
  return [
    ...stormy.flatMap(({ from, to }) =>
      Array.from({ length: to - from }, (_, index) => ({ step: from + index, withinMs: WITHIN_MS })),
    ),
    ...Array.from({ length: leapSteps * WEIGHT_OF_LEAP }, (_, index) => ({
      step: purchases + Math.floor(index / WEIGHT_OF_LEAP),
      withinMs: WITHIN_LEAP_MS,
    })),
  ];
}
