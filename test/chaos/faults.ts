import type { LocalJson } from '../../src/local/local-json';
import { randomOf } from '../model/random';
import type { Moment } from './stretches';

export type Part = keyof LocalJson['pids'];
export const PARTS: readonly Part[] = ['api', 'worker', 'temporal', 'postgres', 'stripeEmulator'];

/** A process is killed (`-9`), or stopped for a while; at a step of the story, so that a list of faults can be played again. */
export interface ProcessFault {
  kind: 'kill' | 'freeze';
  part: Part;
  /** When so many steps of the story have begun. */
  step: number;
  /** Milliseconds after that. */
  afterMs: number;
  /** How long it is stopped. */
  forMs?: number;
}

/** What becomes of Stripe's deliveries, or of its answers, from the first purchase to the last step. */
export interface StripeFault {
  kind: 'deliveries' | 'answers';
  what:
    'drop' | 'repeat' | 'reorder' | 'before' | 'after' | 'cut_before' | 'cut_after' | 'rate_limit' | 'hang';
  probability: number;
}

export const OUTAGES = ['temporal', 'postgres', 'read_only', 'rate_limit', 'slow'] as const;
export type OutageName = (typeof OUTAGES)[number];

/**
 * One of those whom the product depends on is out of order for a while: Temporal or Postgres do not answer, Postgres refuses to write,
 * Stripe answers nearly everything with 429 or not at all.
 */
export interface Outage {
  kind: 'outage';
  what: OutageName;
  step: number;
  afterMs: number;
  forMs: number;
}

/** The clock of a process is so many seconds ahead; behind, where negative. */
export interface ClockFault {
  kind: 'clock';
  part: 'api' | 'worker';
  seconds: number;
}

export type Fault = ProcessFault | StripeFault | ClockFault | Outage;

export const isOfProcess = (fault: Fault): fault is ProcessFault =>
  fault.kind === 'kill' || fault.kind === 'freeze';
/** It happens at a step of the story. */
export const isAtStep = (fault: Fault): fault is ProcessFault | Outage =>
  isOfProcess(fault) || fault.kind === 'outage';
export const isOfStripe = (fault: Fault): fault is StripeFault =>
  fault.kind === 'deliveries' || fault.kind === 'answers';
export const isOfClock = (fault: Fault): fault is ClockFault => fault.kind === 'clock';

/** As asked for: 10 % of the events twice, 5 % never, many in another order; 10 % of the answers fail, half of them after the effect. */
const AT_STRIPE: readonly StripeFault[] = [
  { kind: 'deliveries', what: 'drop', probability: 0.05 },
  { kind: 'deliveries', what: 'repeat', probability: 0.1 },
  { kind: 'deliveries', what: 'reorder', probability: 0.2 },
  { kind: 'answers', what: 'before', probability: 0.025 },
  { kind: 'answers', what: 'after', probability: 0.025 },
  { kind: 'answers', what: 'cut_before', probability: 0.025 },
  { kind: 'answers', what: 'cut_after', probability: 0.025 },
];

/** Half a minute each way: the two differ by a minute. */
const CLOCKS: readonly ClockFault[] = [
  { kind: 'clock', part: 'api', seconds: 30 },
  { kind: 'clock', part: 'worker', seconds: -30 },
];

const LONGEST_FREEZE_MS = 8000;

/** Nothing but one outage, when a quarter of the purchases have begun. */
export function planOutage(what: OutageName, purchases: number, forMs: number): Fault[] {
  return [{ kind: 'outage', what, step: Math.floor(purchases / 4), afterMs: 0, forMs }];
}

/** How the answers of a Stripe fail that is out of order. */
export const AT_STRIPE_DURING: Partial<Record<OutageName, StripeFault>> = {
  rate_limit: { kind: 'answers', what: 'rate_limit', probability: 0.9 },
  slow: { kind: 'answers', what: 'hang', probability: 0.5 },
};

export interface FaultPlan {
  seed: number;
  kills: number;
  /** When processes may be killed. */
  moments: readonly Moment[];
  parts?: readonly Part[];
}

/** The same faults for the same seed; of `kills` a quarter are freezes. */
export function planFaults({ seed, kills, moments, parts = PARTS }: FaultPlan): Fault[] {
  const random = randomOf(seed ^ 0x5f3759df);
  const ofProcesses = Array.from({ length: kills }, (): ProcessFault => {
    const part = parts[Math.floor(random() * parts.length)] as Part;
    const { step, withinMs } = moments[Math.floor(random() * moments.length)] as Moment;
    const afterMs = Math.floor(random() * withinMs);
    return random() < 0.25
      ? { kind: 'freeze', part, step, afterMs, forMs: 1000 + Math.floor(random() * LONGEST_FREEZE_MS) }
      : { kind: 'kill', part, step, afterMs };
  });
  return [...AT_STRIPE, ...CLOCKS, ...ofProcesses.sort((one, other) => one.step - other.step)];
}
