import { parseArgs } from 'node:util';
import type { Part } from '../harness/parts';
import { progress, withParts } from '../harness/with-parts';
import { access } from './access';
import { checkouts } from './checkouts';
import { fairness } from './fairness';
import { machine, type Measured } from './measured';
import { purchases } from './purchases';
import { relay } from './relay';
import { scale } from './scale';
import { soak } from './soak';
import { start } from './start';
import { webhooks, webhooksBesideWorker } from './webhooks';

interface Bench {
  /** What it needs of the tests' own servers; what is measured starts its own. */
  parts: Part[];
  run: () => Promise<Record<string, Measured>>;
}

const BENCHES: Record<string, Bench> = {
  webhooks: { parts: [], run: webhooks },
  'webhooks-beside-worker': { parts: ['temporal'], run: webhooksBesideWorker },
  access: { parts: [], run: access },
  scale: { parts: [], run: scale },
  start: { parts: ['temporal'], run: start },
  checkouts: { parts: ['postgres', 'temporal', 'workflowBundle'], run: checkouts },
  purchases: { parts: ['postgres', 'temporal', 'workflowBundle'], run: purchases },
  relay: { parts: ['postgres', 'temporal', 'workflowBundle'], run: relay },
  soak: { parts: [], run: soak },
  fairness: { parts: ['postgres', 'temporal', 'workflowBundle'], run: fairness },
};

const HELP = `Usage: npm run bench -- [${Object.keys(BENCHES).join(' | ')}] [--json]\n`;

/** The command line of the measurements. Answers whether every aim was met. */
export async function main(args: string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
  const benches = names.map((name) => BENCHES[name]);
  if (values.help || benches.includes(undefined)) {
    process.stdout.write(HELP);
    return values.help;
  }
  const parts = [...new Set(benches.flatMap((bench) => bench?.parts ?? []))];
  return withParts(parts, async (tell) => {
    progress(machine());
    const report: Record<string, Measured> = {};
    for (const [index, bench] of benches.entries()) {
      progress(`${names[index]} …`);
      const found = (await bench?.run()) ?? {};
      progress(describe(found));
      Object.assign(report, found);
    }
    tell(values.json ? `${JSON.stringify(report, null, 2)}\n` : `${machine()}\n${describe(report)}`);
    return Object.values(report).every(({ met }) => met);
  });
}

function describe(report: Record<string, Measured>): string {
  return Object.entries(report)
    .map(([name, { ours, baseline, ratio, aim, met, spread, more = {} }]) => {
      const range = ([low, high]: [number, number]) => `${low} to ${high}`;
      const ranges = spread === undefined ? '' : ` [${range(spread.ours)}; ${range(spread.baseline)}]`;
      const others = Object.entries(more).map(([what, value]) => `  ${what}: ${value}\n`);
      return `${name}: ${ours} (baseline ${baseline}, ratio ${ratio})${ranges}; aim: ${aim}: ${met ? 'met' : 'not met'}\n${others.join('')}`;
    })
    .join('');
}
