import { parseArgs } from 'node:util';
import { progress, withParts } from '../harness/with-parts';
import { startStage } from '../model/stage';
import { playYear } from './year';

const HELP = `Usage: npm run figures -- [--members 500] [--seed 1] [--json]

  --members n  who come in the course of the year (default 500)
  --seed n     the same seed plays the same year
  --json       prints the report as one JSON object
`;

/** The command line: a year of a coach, and every figure of it compared with Stripe's own. Answers whether all are equal. */
export async function main(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      members: { type: 'string', default: '500' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return true;
  }
  return withParts(['postgres'], async (tell) => {
    const stage = await startStage('direct');
    const report = await playYear(stage, {
      members: Number(values.members),
      seed: Number(values.seed),
      tell: progress,
    }).finally(() => stage.close());
    const { members, months, movements, differences, done, refused } = report;
    tell(
      values.json
        ? `${JSON.stringify(report)}\n`
        : [
            `${members} members, ${months} months, ${movements} movements: ${differences.length} differences`,
            ...differences.map((line) => `  ${line}`),
            `Done: ${Object.entries(done)
              .map(([name, count]) => `${name} ${count}`)
              .join(', ')}; refused ${refused}`,
            '',
          ].join('\n'),
    );
    return differences.length === 0;
  });
}
