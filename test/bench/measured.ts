import { cpus, totalmem } from 'node:os';

/** One figure beside its baseline, both measured in the same run. */
export interface Measured {
  ours: number;
  baseline: number;
  /** Ours to the baseline: the median of the rounds. */
  ratio: number;
  /** What is aimed at, in words. */
  aim: string;
  met: boolean;
  /** Lowest and highest of the rounds. */
  spread?: { ours: [number, number]; baseline: [number, number] };
  /** Further figures, by name. */
  more?: Record<string, number>;
}

/** A figure of one round, of either side. */
export interface Round {
  ours: number;
  baseline: number;
}

export const rounded = (value: number): number => Number(value.toPrecision(4));

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** The value that a share of them, 0 to 1, does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

const rangeOf = (values: readonly number[]): [number, number] => [
  rounded(Math.min(...values)),
  rounded(Math.max(...values)),
];

const toRatio = ({ ours, baseline }: Round): number => ours / baseline;

/** Ours to the baseline: the median of the rounds, rounded. */
export const ratioOf = (rounds: readonly Round[]): number => rounded(median(rounds.map(toRatio)));

/** Medians over rounds in which both sides took turns; the ratio is of each round, as machines have their moods. */
export function compare(
  rounds: readonly Round[],
  aim: string,
  isMet: (ratio: number) => boolean,
  more?: Record<string, number>,
): Measured {
  const ours = rounds.map((round) => round.ours);
  const baseline = rounds.map((round) => round.baseline);
  const ratio = median(rounds.map(toRatio));
  return {
    ours: rounded(median(ours)),
    baseline: rounded(median(baseline)),
    ratio: rounded(ratio),
    aim,
    met: isMet(ratio),
    spread: { ours: rangeOf(ours), baseline: rangeOf(baseline) },
    ...(more === undefined ? {} : { more }),
  };
}

/** A figure that is held against a fixed bound, which stands as its baseline. */
export function bound(
  values: readonly number[],
  most: number,
  unit: string,
  more?: Record<string, number>,
): Measured {
  return compare(
    values.map((ours) => ({ ours, baseline: most })),
    `at most ${most} ${unit}`,
    (ratio) => ratio <= 1,
    more,
  );
}

/** On what the figures were taken. */
export const machine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, ${process.platform}`;
