import { parseArgs } from 'node:util';
import { progress, withParts } from '../harness/with-parts';
import { type Report, run } from './run';
import { countDrawn } from './sequences';
import { startStage } from './stage';

const HELP = `Usage: npm run model -- [--sequences 1000] [--through-temporal 50] [--seed 1] [--skip n | --only n] [--minutes 90] [--json] [--count]

  --sequences n         random sequences to play (default 1000)
  --through-temporal n  how many of them through Temporal as well (default 50, at most all)
  --seed n              the same seed draws the same sequences
  --skip n              leaves out the first n of the seed, so that a long run can be done in parts
  --only n              plays one sequence of the seed alone
  --minutes n           begins no further sequence after so many minutes; one that was left out is a failure
  --json                prints the figures as one JSON object
  --count               plays nothing: prints how often each command is drawn, the rarest first
`;

/** Sequences side by side: each waits for servers most of its time. */
const CONCURRENCY = 6;

/** The command line of the model. Answers whether product and reference agreed. */
export async function main(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      sequences: { type: 'string', default: '1000' },
      'through-temporal': { type: 'string', default: '50' },
      seed: { type: 'string', default: '1' },
      skip: { type: 'string', default: '0' },
      only: { type: 'string' },
      minutes: { type: 'string', default: '90' },
      json: { type: 'boolean', default: false },
      count: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return true;
  }
  const sequences = Number(values.sequences);
  if (values.count) {
    const counts = Object.entries(countDrawn(Number(values.seed), sequences)).sort(([, a], [, b]) => a - b);
    process.stdout.write(`${values.json ? JSON.stringify(Object.fromEntries(counts)) : lines(counts)}\n`);
    return true;
  }
  const throughTemporal = Math.min(sequences, Number(values['through-temporal']));
  const servers = throughTemporal > 0 ? (['temporal', 'workflowBundle'] as const) : [];
  return withParts(['postgres', ...servers], async (tell) => {
    const direct = await startStage('direct');
    const temporal = throughTemporal > 0 ? await startStage('temporal') : null;
    const report = await run(
      {
        sequences,
        throughTemporal,
        seed: Number(values.seed),
        skip: Number(values.skip),
        sideBySide: CONCURRENCY,
        limitMs: Number(values.minutes) * 60_000,
        ...(values.only === undefined ? {} : { only: Number(values.only) }),
      },
      { direct, temporal },
      {
        progress,
        mismatch: (text) => process.stderr.write(`\n${text}\n`),
      },
    );
    await temporal?.close();
    await direct.close();
    tell(`${values.json ? JSON.stringify(report) : describe(report)}\n`);
    return report.mismatches === 0 && report.sequences >= (values.only === undefined ? sequences : 1);
  });
}

const lines = (counts: [string, number][]) => counts.map(([name, count]) => `  ${name}: ${count}`).join('\n');

function describe(report: Report): string {
  return [
    `${report.sequences} sequences (${report.throughTemporal} through Temporal), ${report.steps} steps, seed ${report.seed}`,
    lines(Object.entries(report.commands)),
    `events repeated in ${report.events.repeated} steps, shuffled in ${report.events.shuffled}, lost in ${report.events.lost}`,
    `${report.mismatches} mismatches`,
  ].join('\n');
}
