import type { CommandName } from './commands';
import { SMOOTH } from './network';
import { play, type Played } from './play';
import { drawn, noCounts, type Sequence } from './sequences';
import type { Stage } from './stage';

/** What `npm run model -- --json` prints. */
export interface Report {
  sequences: number;
  throughTemporal: number;
  steps: number;
  commands: Record<CommandName, number>;
  events: { repeated: number; shuffled: number; lost: number };
  mismatches: number;
  seed: number;
}

export interface Plan {
  sequences: number;
  throughTemporal: number;
  seed: number;
  /** Sequences side by side. */
  sideBySide: number;
  /** So many of the seed's sequences are left out first: a long run can be done in parts. */
  skip?: number;
  /** A failing one is played alone so. */
  only?: number;
  /** Milliseconds, after which no further sequence is begun. */
  limitMs: number;
}

export interface Sink {
  /** How far it is. */
  progress(line: string): void;
  /** A shrunk sequence on which product and reference do not agree. */
  mismatch(text: string): void;
}

/** Sequences that are not shrunk any more: they are most likely the same mistake. */
const MOST_SHRUNK = 2;
/** Milliseconds for the shrinking of one. */
const QUIET_TIMEOUT_MS = 60_000;
/** The policy and the retries that a shrunk sequence has if it fails with them, too. */
const PLAIN: Pick<Sequence, 'policy' | 'billing'> = {
  policy: {
    graceDays: 7,
    leewayHours: 72,
    honourPaidPeriod: false,
    keepAfterRefund: false,
    keepDuringDispute: false,
  },
  billing: { retryDays: [3, 5, 7], inTheEnd: 'cancel' },
};

/** Plays the sequences of a seed, the first of them through Temporal, and counts. */
export async function run(
  plan: Plan,
  stages: { direct: Stage; temporal: Stage | null },
  sink: Sink,
): Promise<Report> {
  const report: Report = {
    sequences: 0,
    throughTemporal: 0,
    steps: 0,
    commands: noCounts(),
    events: { repeated: 0, shuffled: 0, lost: 0 },
    mismatches: 0,
    seed: plan.seed,
  };
  const began = Date.now();
  const source = drawn(plan.seed);
  const failing: { index: number; stage: Stage; sequence: Sequence; played: Played }[] = [];
  let begun = 0;
  for (let skipped = 0; skipped < (plan.skip ?? 0); skipped++) source.next();
  const next = () => {
    if (begun >= plan.sequences || Date.now() - began > plan.limitMs) return null;
    for (;;) {
      const { value } = source.next() as { value: { index: number; sequence: Sequence } };
      begun += 1;
      if (plan.only === undefined) return value;
      if (plan.only === value.index) {
        begun = plan.sequences;
        return value;
      }
    }
  };

  const player = async (): Promise<void> => {
    for (let drawnOne = next(); drawnOne !== null; drawnOne = next()) {
      const { index, sequence } = drawnOne;
      const throughTemporal = stages.temporal !== null && begun <= plan.throughTemporal;
      const stage = throughTemporal && stages.temporal !== null ? stages.temporal : stages.direct;
      const played = await play(stage, sequence);
      report.sequences += 1;
      if (throughTemporal) report.throughTemporal += 1;
      report.steps += played.steps.length;
      for (const { command } of played.steps) report.commands[command] += 1;
      for (const kind of ['repeated', 'shuffled', 'lost'] as const)
        report.events[kind] += played.events[kind];
      if (played.mismatch !== null) {
        report.mismatches += 1;
        failing.push({ index, stage, sequence, played });
        sink.progress(`Sequence ${index} does not agree: ${firstLine(played)}`);
      }
      if (report.sequences % 20 === 0)
        sink.progress(
          `${report.sequences} of ${plan.sequences} sequences, ${report.steps} steps, ` +
            `${report.mismatches} mismatches, ${Math.round((Date.now() - began) / 1000)} s`,
        );
    }
  };
  await Promise.all(Array.from({ length: plan.sideBySide }, player));
  for (const { index, stage, sequence, played } of failing.slice(0, MOST_SHRUNK))
    sink.mismatch(await shrink(index, plan.seed, stage, sequence, played));
  return report;
}

/** What differed, and after which step. */
function firstLine({ mismatch, steps }: Played): string {
  return `${mismatch?.split('\n')[0] ?? ''}, after "${steps.at(-1)?.words ?? ''}"`;
}

/** Plays a failing sequence with less and less of it, as long as it goes on failing, and tells the shortest. */
async function shrink(
  index: number,
  seed: number,
  stage: Stage,
  sequence: Sequence,
  played: Played,
): Promise<string> {
  const giveUpAt = Date.now() + QUIET_TIMEOUT_MS;
  let shortest = { sequence: { ...sequence, steps: played.steps.map(({ step }) => step) }, played };
  const stillFails = async (candidate: Sequence): Promise<boolean> => {
    if (Date.now() > giveUpAt) return false;
    const again = await play(stage, candidate);
    if (again.mismatch === null) return false;
    shortest = { sequence: { ...candidate, steps: again.steps.map(({ step }) => step) }, played: again };
    return true;
  };
  for (let before = 0; before !== shortest.sequence.steps.length;) {
    before = shortest.sequence.steps.length;
    for (let at = before - 1; at >= 0; at--) {
      const { steps } = shortest.sequence;
      await stillFails({ ...shortest.sequence, steps: steps.filter((_step, place) => place !== at) });
    }
  }
  await stillFails({ ...shortest.sequence, ...PLAIN });
  for (let at = 0; at < shortest.sequence.steps.length; at++) {
    const { steps } = shortest.sequence;
    const smooth = steps.map((step, place) => (place === at ? { ...step, accident: SMOOTH } : step));
    if (JSON.stringify(smooth) !== JSON.stringify(steps))
      await stillFails({ ...shortest.sequence, steps: smooth });
  }
  const { policy, billing } = shortest.sequence;
  return [
    `Sequence ${index} of seed ${seed}, shrunk to ${shortest.played.steps.length} steps:`,
    `  policy ${JSON.stringify(policy)}, billing ${JSON.stringify(billing)}`,
    ...shortest.played.steps.map(({ words }, step) => `  ${step + 1}. ${words}`),
    shortest.played.mismatch,
  ].join('\n');
}
