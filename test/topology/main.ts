import { parseArgs } from 'node:util';
import { progress, withParts } from '../harness/with-parts';
import { rehearse, type Report } from './run';

const HELP = `Usage: npm run topology -- [--json]

The system as production has it, without containers: Temporal's server on Postgres, two APIs behind a balancer, two
workers. Plays the story of the demo while one of each is killed and one of each is replaced by the next version.

  --json   the report as JSON, and nothing else
`;

/** The command line. Answers whether all went as promised. */
export async function main(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return true;
  }
  return withParts(['postgres'], async (tell) => {
    const report = await rehearse(progress);
    tell(values.json ? `${JSON.stringify(report)}\n` : describe(report));
    return report.violations.length === 0;
  });
}

function describe(report: Report): string {
  const { server, shards, steps, seconds, answered, passedOn, cutOff, runs, tasks, wentOn, violations } =
    report;
  const inWords = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ') || 'none';
  return [
    `Temporal ${server} on Postgres, ${shards} shards; ${steps} steps of the story in ${seconds} s`,
    `requests answered by API: ${inWords(answered)}; ${passedOn} passed on to another one`,
    `cut off: ${cutOff.byKill} by a kill, ${cutOff.byRollout} by the rollout`,
    `runs: ${inWords(runs)}; ${wentOn} went on with the next version`,
    `workflow tasks by build: ${inWords(tasks)}`,
    ...violations.map((what) => `NOT AS PROMISED: ${what}`),
    '',
  ].join('\n');
}
