import { type AttackOptions, type Outcome, shareOf } from '../attack';
import type { Stack } from '../stack';
import { openBusiness } from '../tenant/business';
import { withHoles } from './holes';
import { fuzz, install, type Judgement } from './schemathesis';

/** Requests of each operation that Schemathesis makes up. */
const EXAMPLES = 1000;
const OF_THE_PLATFORM = '^/(v1/(coaches|api-keys|inbox)|metrics)';

/**
 * Schemathesis, which makes requests up from the OpenAPI document: what it allows, what it does not, and sequences in
 * which the answer of one is the parameter of another. https://schemathesis.readthedocs.io
 */
export async function attackByDocument(stack: Stack, options: AttackOptions): Promise<Outcome> {
  const program = await install(options.progress);
  await expectTeeth(program, options);
  const { keys } = await openBusiness(stack);
  const found: Judgement[] = [];
  for (const [whose, key, filter] of [
    ['coach', keys.test, '--exclude-path-regex'],
    ['platform', stack.config.platformKey, '--include-path-regex'],
  ] as const) {
    options.progress(`fuzz: with the key of the ${whose}`);
    found.push(
      await fuzz(program, {
        url: stack.api,
        examples: shareOf(EXAMPLES, options),
        seed: options.seed,
        more: [filter, OF_THE_PLATFORM, '--header', `Authorization: Bearer ${key}`],
      }),
    );
  }
  const sum = (figure: Exclude<keyof Judgement, 'opened'>) =>
    found.reduce((total, one) => total + one[figure], 0);
  return {
    figures: {
      operations: sum('operations'),
      examples: sum('examples'),
      serverErrors: sum('serverErrors'),
      schemaViolations: sum('schemaViolations'),
    },
    opened: found.flatMap(({ opened }) => opened),
  };
}

/** @throws Error where an API that is known to have holes passes: then nothing that passes proves anything. */
async function expectTeeth(program: string, { seed }: AttackOptions): Promise<void> {
  const { serverErrors, schemaViolations } = await withHoles((url) =>
    fuzz(program, { url, examples: 5, seed, more: ['--phases', 'fuzzing'] }, 'silent'),
  );
  if (serverErrors === 0 || schemaViolations === 0)
    throw new Error('Schemathesis found no fault in an API that has some');
}
