import { parseArgs } from 'node:util';
import { withParts } from '../harness/with-parts';
import { fairness } from './fairness';

/** One figure beside its baseline, both measured in the same run. */
export interface Measured {
  ours: number;
  baseline: number;
  ratio: number;
  /** What is aimed at, in words. */
  aim: string;
  met: boolean;
  /** Further figures, by name. */
  more?: Record<string, number>;
}

const BENCHES: Record<string, () => Promise<Measured>> = { fairness };

const HELP = `Usage: npm run bench -- [${Object.keys(BENCHES).join(' | ')}] [--json]\n`;

/** The command line of the measurements. Answers whether every aim was met. */
export async function main(args: string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
  if (values.help || names.some((name) => !(name in BENCHES))) {
    process.stdout.write(HELP);
    return values.help;
  }
  return withParts(['postgres', 'temporal', 'workflowBundle'], async (tell) => {
    const report: Record<string, Measured> = {};
    for (const name of names) report[name] = await (BENCHES[name] as () => Promise<Measured>)();
    tell(values.json ? `${JSON.stringify(report)}\n` : describe(report));
    return Object.values(report).every(({ met }) => met);
  });
}

function describe(report: Record<string, Measured>): string {
  return Object.entries(report)
    .map(([name, { ours, baseline, ratio, aim, met, more = {} }]) => {
      const others = Object.entries(more).map(([what, value]) => `  ${what}: ${value}\n`);
      return `${name}: ${ours} (baseline ${baseline}, ratio ${ratio}); aim: ${aim}: ${met ? 'met' : 'not met'}\n${others.join('')}`;
    })
    .join('');
}
