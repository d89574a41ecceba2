import { randomOf, shuffled } from '../model/random';
import { Divergence, type Patience, tell } from './tell';
import type { Crash, Stage } from './stage';
import type { Gap } from './lives';
import { describeDifferences, differences, type Snapshot } from './snapshot';
import type { Story } from './stories';

/** What `npm run failpoints -- --json` prints. */
export interface Report {
  stories: number;
  /** Places at which somebody can die. */
  gaps: number;
  /** Stories told with a death. */
  runs: number;
  /** Times that somebody died. */
  deaths: number;
  /** Stories in which nobody came to the place, as another one did that work: neither converged nor diverged. */
  missed: number;
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

interface Job extends Crash {
  title: string;
  story: Story;
  expected: Snapshot;
}

export const inWords = ({ gap, side, times }: Crash): string =>
  `${gap.step} › ${gap.who} › ${gap.effect}: killed ${side} it${times > 1 ? `, ${times} times in a row` : ''}`;

const DEATHS = (['before', 'after'] as const).flatMap((side) => [1, 2].map((times) => ({ side, times })));

/** Tells every story undisturbed, and then again for each gap, each side of it, once and twice. */
export async function run(plan: Plan, stages: Stage[], sink: Sink): Promise<Report> {
  const report: Report = {
    stories: 0,
    gaps: 0,
    runs: 0,
    deaths: 0,
    missed: 0,
    diverged: 0,
    seed: plan.seed,
  };
  const random = randomOf(plan.seed);
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const diverged = (text: string) => {
    report.diverged += 1;
    sink.divergence(text);
  };
  const jobs: Job[] = [];

  await eachOn(stages, Object.entries(plan.stories), async (stage, [title, story]) => {
    report.stories += 1;
    try {
      const first = await tell(stage, story, null, null, plan.patience);
      const again = await tell(stage, story, null, null, plan.patience);
      const same = differences(first.snapshot, again.snapshot);
      if (same.missing.length + same.surplus.length > 0)
        throw new Divergence(`ends in two ways by itself:\n${describeDifferences(same).join('\n')}`);
      const gaps: Gap[] = stage.gaps().filter(plan.only ?? (() => true));
      const chosen = plan.sample === undefined ? gaps : shuffled(gaps, random).slice(0, plan.sample);
      report.gaps += chosen.length;
      for (const gap of chosen)
        for (const death of DEATHS) jobs.push({ title, story, expected: again.snapshot, gap, ...death });
      sink.progress(`${title}: ${gaps.length} gaps, ${seconds()} s`);
    } catch (error) {
      diverged(`${title}, undisturbed: ${error instanceof Error ? error.message : String(error)}`);
    }
  });

  await eachOn(stages, jobs, async (stage, { title, story, expected, ...crash }) => {
    report.runs += 1;
    try {
      let deaths = 0;
      for (let tries = 0; tries < plan.tries && deaths === 0; tries++)
        ({ deaths } = await tell(stage, story, crash, expected, plan.patience));
      report.deaths += deaths;
      if (deaths === 0) {
        report.missed += 1;
        sink.progress(`Nobody came to ${title} › ${inWords(crash)}`);
      }
    } catch (error) {
      diverged(`${title} › ${inWords(crash)}\n${error instanceof Error ? error.message : String(error)}`);
    }
    if (report.runs % 20 === 0)
      sink.progress(
        `${report.runs} of ${jobs.length} runs, ${report.diverged} diverged, ${report.missed} missed, ${seconds()} s`,
      );
  });
  return report;
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
