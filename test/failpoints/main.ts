import { parseArgs } from 'node:util';
import { progress, withParts } from '../harness/with-parts';
import { type Report, run } from './run';
import { startStage } from './stage';
import { STORIES } from './stories';

const HELP = `Usage: npm run failpoints -- [--story NAME]… [--sample n] [--seed 1] [--side-by-side 3] [--json]

  --story NAME      tells that story alone; may be repeated (${Object.keys(STORIES).join(', ')})
  --sample n        so many gaps of each story, drawn by the seed (default: all)
  --seed n          the same seed draws the same gaps
  --side-by-side n  stacks on which stories are told at once (default 3)
  --json            prints the figures as one JSON object
`;

/** Tries at a gap that nobody comes to: who of two does a work may differ from telling to telling. */
const TRIES = 2;

/** The command line. Answers whether every story ended as it does undisturbed. */
export async function main(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      story: { type: 'string', multiple: true },
      sample: { type: 'string' },
      seed: { type: 'string', default: '1' },
      'side-by-side': { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const names = values.story ?? Object.keys(STORIES);
  const stories = Object.fromEntries(Object.entries(STORIES).filter(([name]) => names.includes(name)));
  if (values.help || Object.keys(stories).length < names.length) {
    process.stdout.write(HELP);
    return values.help;
  }
  return withParts(['postgres', 'temporal', 'workflowBundle'], async (tell) => {
    const count = Math.min(Number(values['side-by-side']), Math.max(1, names.length * 4));
    const stages = await Promise.all(Array.from({ length: count }, startStage));
    const report = await run(
      {
        stories,
        seed: Number(values.seed),
        tries: TRIES,
        ...(values.sample === undefined ? {} : { sample: Number(values.sample) }),
      },
      stages,
      {
        progress,
        divergence: (text) => process.stderr.write(`\n${text}\n\n`),
      },
    );
    for (const stage of stages) await stage.close();
    tell(`${values.json ? JSON.stringify(report) : describe(report)}\n`);
    return report.diverged === 0 && report.gaps > 0;
  });
}

function describe({ stories, gaps, crashes, runs, deaths, missed, diverged, seed }: Report): string {
  return (
    `${stories} stories with ${gaps} gaps between side effects, ${crashes} crashes in ${runs} tellings with ${deaths} deaths, seed ${seed}: ` +
    `${diverged} diverged, to ${missed} nobody came`
  );
}
