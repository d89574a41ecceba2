import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { currentRun, endRun } from '../harness/run';
import { type Fault, OUTAGES, planFaults, planOutage } from './faults';
import { shrink } from './shrink';
import { playStory, type StoryReport } from './story';
import { momentsOf } from './stretches';

const USAGE = `npm run chaos -- --purchases N --kills K --seed S [--json]

  --purchases N   members who buy (50)
  --kills K       processes that are killed or stopped meanwhile (5)
  --seed S        what every choice follows from (1)
  --faults FILE   the faults of this list (JSON) instead of those of the seed
  --outage WHAT   instead of kills and a faulty Stripe one outage (${OUTAGES.join(', ')})
  --minutes M     how long it lasts (2)
  --list          only prints the faults of the seed, as --faults takes them
  --shrink        where something is violated, looks for the shortest list of faults that still does it
  --json          the report as JSON, and nothing else
`;

/** The command line. Answers whether nothing was violated. */
export async function main(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      purchases: { type: 'string', default: '50' },
      kills: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
      faults: { type: 'string' },
      outage: { type: 'string' },
      minutes: { type: 'string', default: '2' },
      list: { type: 'boolean', default: false },
      shrink: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [purchases, kills, seed] = [Number(values.purchases), Number(values.kills), Number(values.seed)];
  if (values.help || ![purchases, kills, seed].every(Number.isInteger)) {
    process.stdout.write(USAGE);
    return values.help;
  }
  const outage = OUTAGES.find((name) => name === values.outage);
  if (values.outage !== undefined && outage === undefined) {
    process.stdout.write(USAGE);
    return false;
  }
  const planned = () =>
    outage === undefined
      ? planFaults({ seed, kills, moments: momentsOf(purchases) })
      : planOutage(outage, purchases, Number(values.minutes) * 60_000);
  const faults =
    values.faults === undefined ? planned() : (JSON.parse(readFileSync(values.faults, 'utf8')) as Fault[]);
  if (values.list) {
    process.stdout.write(`${JSON.stringify(faults, null, 2)}\n`);
    return true;
  }
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  await currentRun();
  try {
    const report = await playStory({ seed, purchases, faults, say });
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : describe(report));
    if (report.violations > 0 && values.shrink) {
      const shortest = await shrink(faults, async (some) => {
        const { violations } = await playStory({ seed, purchases, faults: some, say });
        say(`${some.length} faults: ${violations} violations`);
        return violations > 0;
      });
      process.stdout.write(`${JSON.stringify(shortest, null, 2)}\n`);
    }
    return report.violations === 0;
  } finally {
    await endRun();
  }
}

function describe(report: StoryReport): string {
  const { found, outcomes, before, seconds, accessLatencyMs: latency, ...figures } = report;
  return [
    ...Object.entries(figures).map(([name, value]) => `${name}: ${String(value)}`),
    `seconds: ${inWords(seconds)}`,
    `outcomes: ${inWords(outcomes)}`,
    `before anything had settled: ${inWords(before)}`,
    `access after ${latency.p50} ms (median), ${latency.p99} ms (99 %), of ${latency.of} purchases`,
    ...found.map(({ kind, what }) => `VIOLATION ${kind}: ${what}`),
    '',
  ].join('\n');
}

const inWords = (counts: Partial<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ') || 'nothing';
