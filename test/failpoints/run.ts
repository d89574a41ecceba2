import { randomOf, shuffled } from '../model/random';
import { Divergence, type Patience, tell } from './tell';
import type { Crash, Stage } from './stage';
import type { Gap } from './lives';
import { together } from './together';
import { describeDifferences, differences, type Snapshot } from './snapshot';
import type { Story } from './stories';

/** What `npm run failpoints -- --json` prints. */
export interface Report {
  stories: number;
  /** Places at which somebody can die. */
  gaps: number;
  /** Gaps, each side of them, once and twice. */
  crashes: number;
  /** Stories told with a death in one or more of their steps. */
  runs: number;
  /** Times that somebody died. */
  deaths: number;
  /** Crashes to which nobody came, as another one did that work: neither converged nor diverged. */
  missed: number;
  /** Crashes after which a story did not end as undisturbed. */
  diverged: number;
  seed: number;
}

export interface Plan {
  stories: Record<string, Story>;
  seed: number;
  /** So many gaps of each story, drawn by the seed; all of them unless told. */
  sample?: number | undefined;
  /** Leaves out the others. */
  only?: (gap: Gap) => boolean;
  /** Tries at a gap that nobody comes to. */
  tries: number;
  patience?: Patience;
}

export interface Sink {
  progress(line: string): void;
  divergence(text: string): void;
}

/** One telling, with all that is to happen in it. */
interface Job {
  title: string;
  story: Story;
  expected: Snapshot;
  crashes: Crash[];
}

const inOneLine = ({ step, who, effect }: Gap): string => `${step} › ${who} › ${effect}`;

export const inWords = ({ gap, side, times }: Crash): string =>
  `${inOneLine(gap)}: killed ${side} it${times > 1 ? `, ${times} times in a row` : ''}`;

/** Said of a telling that takes longer: something waits in it. */
const SLOW_MS = 20_000;

const DEATHS = (['before', 'after'] as const).flatMap((side) => [1, 2].map((times) => ({ side, times })));

/** Tells every story undisturbed, and then again for each gap, each side of it, once and twice. */
export async function run(plan: Plan, stages: Stage[], sink: Sink): Promise<Report> {
  const report: Report = {
    stories: 0,
    gaps: 0,
    crashes: 0,
    runs: 0,
    deaths: 0,
    missed: 0,
    diverged: 0,
    seed: plan.seed,
  };
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const diverged = (text: string) => {
    report.diverged += 1;
    sink.divergence(text);
  };
  const jobs: Job[] = [];

  await eachOn(
    stages,
    [...Object.entries(plan.stories).entries()],
    async (stage, [index, [title, story]]) => {
      report.stories += 1;
      try {
        const first = await tell(stage, story, [], null, plan.patience);
        const known = stage.gaps();
        const again = await tell(stage, story, [], null, plan.patience);
        const same = differences(first.snapshot, again.snapshot);
        if (same.missing.length + same.surplus.length > 0)
          throw new Divergence(`ends in two ways by itself:\n${describeDifferences(same).join('\n')}`);
        const gaps = allOf(known, stage.gaps()).filter(plan.only ?? (() => true));
        // Whichever story is told first: the same for the same seed.
        const drawn = () => shuffled(gaps, randomOf(plan.seed + index)).slice(0, plan.sample);
        const chosen = plan.sample === undefined ? gaps : drawn();
        report.gaps += chosen.length;
        const crashes = chosen.flatMap((gap) => DEATHS.map((death): Crash => ({ gap, ...death })));
        report.crashes += crashes.length;
        for (const group of together(crashes))
          jobs.push({ title, story, expected: again.snapshot, crashes: group });
        sink.progress(`${title}: ${gaps.length} gaps, ${seconds()} s`);
      } catch (error) {
        diverged(`${title}, undisturbed: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  );

  /** A telling; where it does not end as undisturbed, or nobody came to a place, what is left to know is told crash by crash. */
  const perform = async (stage: Stage, job: Job, tries: number): Promise<void> => {
    const { title, story, expected, crashes } = job;
    const alone = (some: readonly Crash[]) => some.map((crash): Job => ({ ...job, crashes: [crash] }));
    report.runs += 1;
    const from = Date.now();
    try {
      const { deaths } = await tell(stage, story, crashes, expected, plan.patience);
      if (Date.now() - from > SLOW_MS)
        sink.progress(
          `Took ${Math.round((Date.now() - from) / 1000)} s: ${title} › ${crashes.map(inWords).join(' and ')}`,
        );
      report.deaths += deaths.reduce((sum, each) => sum + each, 0);
      const missed = crashes.filter((_, index) => deaths[index] === 0);
      if (tries > 1) for (const one of alone(missed)) await perform(stage, one, tries - 1);
      else
        for (const crash of missed) {
          report.missed += 1;
          sink.progress(`Nobody came to ${title} › ${inWords(crash)}`);
        }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const before = report.diverged;
      if (crashes.length > 1) for (const one of alone(crashes)) await perform(stage, one, tries);
      if (report.diverged === before) diverged(`${title} › ${crashes.map(inWords).join('\n  and ')}\n${why}`);
    }
  };
  let told = 0;
  await eachOn(stages, jobs, async (stage, job) => {
    await perform(stage, job, plan.tries);
    told += 1;
    if (told % 20 === 0)
      sink.progress(
        `${told} of ${jobs.length} tellings, ${report.diverged} diverged, ${report.missed} missed, ${seconds()} s`,
      );
  });
  return report;
}

/** The gaps of two tellings, each once, in an order that does not depend on who was faster. */
function allOf(some: readonly Gap[], others: readonly Gap[]): Gap[] {
  const named = new Map([...some, ...others].map((gap) => [inOneLine(gap), gap]));
  return [...named].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, gap]) => gap);
}

/** One after the other on each stage, side by side on several. */
async function eachOn<T>(stages: Stage[], all: T[], work: (stage: Stage, one: T) => Promise<void>) {
  const left = [...all];
  await Promise.all(
    stages.map(async (stage) => {
      for (let one = left.shift(); one !== undefined; one = left.shift()) await work(stage, one);
    }),
  );
}
