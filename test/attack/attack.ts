/** What is known of one kind of attack when it is over. */
export interface Outcome {
  /** What the report prints; those that {@link Attack} names as forbidden have to be 0. */
  figures: Record<string, number>;
  /** Each door that did open, in words, so that a person finds it again. */
  opened: string[];
}

export interface AttackOptions {
  /** The same seed tries the same. */
  seed: number;
  /** How much is tried, as a part of everything: 1 by name, less in `npm test`. */
  share: number;
  progress(line: string): void;
}

/** How many of so many, at least one. */
export const shareOf = (all: number, { share }: Pick<AttackOptions, 'share'>): number =>
  Math.max(1, Math.round(all * share));

/** Does something with each, a few at a time. */
export async function sideBySide<T>(
  things: readonly T[],
  atOnce: number,
  work: (thing: T) => Promise<void>,
): Promise<void> {
  const left = [...things];
  const worker = async () => {
    for (let thing = left.shift(); thing !== undefined; thing = left.shift()) await work(thing);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
