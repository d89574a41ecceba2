import { parseArgs } from 'node:util';
import { progress, withParts } from '../harness/with-parts';
import type { AttackOptions, Outcome } from './attack';
import { ATTACKS, type Attack } from './attacks';
import { startStack } from './stack';

const HELP = `Usage: npm run attack -- [--only ${ATTACKS.map(({ name }) => name).join(' | ')}] [--seed 1] [--short] [--json]

${ATTACKS.map(({ name, words }) => `  ${name.padEnd(11)} ${words}`).join('\n')}

  --only name  one kind alone; may be told several times
  --seed n     the same seed tries the same
  --short      as little as \`npm test\` tries
  --json       prints the figures as one JSON object
`;

/** The part of everything that \`--short\` tries. */
const SHORT = 0.02;

/** The command line of the attacks. Answers whether every door held. */
export async function main(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', multiple: true },
      seed: { type: 'string', default: '1' },
      short: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const chosen = ATTACKS.filter(({ name }) => values.only?.includes(name) ?? true);
  if (values.help || chosen.length < (values.only?.length ?? 1)) {
    process.stdout.write(HELP);
    return values.help;
  }
  return withParts(['postgres', 'temporal', 'workflowBundle'], async (tell) => {
    const report: Record<string, Outcome['figures']> = {};
    let held = true;
    for (const attack of chosen) {
      const options: AttackOptions = { seed: Number(values.seed), share: values.short ? SHORT : 1, progress };
      const { figures, opened } = await onOwnStack(attack, options);
      report[attack.name] = figures;
      for (const line of opened) progress(`${attack.name}: OPEN: ${line}`);
      held &&= opened.length === 0 && attack.forbidden.every((figure) => figures[figure] === 0);
    }
    tell(values.json ? `${JSON.stringify(report)}\n` : describe(report));
    return held;
  });
}

/** What one attack leaves behind is not in the way of the next. */
async function onOwnStack(attack: Attack, options: AttackOptions): Promise<Outcome> {
  options.progress(`${attack.name}: ${attack.words}`);
  const stack = await startStack();
  try {
    return await attack.run(stack, options);
  } finally {
    await stack.close();
  }
}

function describe(report: Record<string, Outcome['figures']>): string {
  return Object.entries(report)
    .map(([name, figures]) => {
      const all = Object.entries(figures).map(([figure, count]) => `${figure} ${count}`);
      return `${name}: ${all.join(', ')}\n`;
    })
    .join('');
}
