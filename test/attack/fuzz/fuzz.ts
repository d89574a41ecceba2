import { type AttackOptions, type Outcome, shareOf } from '../attack';
import { operationsOf } from '../document';
import type { Stack } from '../stack';
import { openBusiness } from '../tenant/business';
import { withHoles } from './holes';
import { fuzz, install, type Judgement } from './schemathesis';

/** Requests of each operation that Schemathesis makes up. */
const EXAMPLES = 1000;
const OF_THE_PLATFORM = /^\/(v1\/(coaches|api-keys|inbox)|metrics)/;
/** Programs of Schemathesis at once: one of them works on one core, and waits for answers half of the time. */
const SIDE_BY_SIDE = 2;
/** Phases in which an operation is tried by itself. */
const ALONE = 'examples,coverage,fuzzing';

/**
 * Schemathesis, which makes requests up from the OpenAPI document: what it allows, what it does not, and sequences in
 * which the answer of one is the parameter of another. https://schemathesis.readthedocs.io
 */
export async function attackByDocument(stack: Stack, options: AttackOptions): Promise<Outcome> {
  const program = await install(options.progress);
  await expectTeeth(program, options);
  const { keys } = await openBusiness(stack);
  const paths = [...new Set((await operationsOf(stack.api)).map(({ path }) => path))];
  const found: Judgement[] = [];
  const sequences: Judgement[] = [];
  for (const [whose, key, areTheirs] of [
    ['coach', keys.test, false],
    ['platform', stack.config.platformKey, true],
  ] as const) {
    const fuzzed = (of: readonly string[], phases: string) =>
      fuzz(program, {
        url: stack.api,
        examples: shareOf(EXAMPLES, options),
        seed: options.seed,
        more: [
          ...['--phases', phases, '--header', `Authorization: Bearer ${key}`],
          ...of.flatMap((path) => ['--include-path', path]),
        ],
      });
    const theirs = paths.filter((path) => OF_THE_PLATFORM.test(path) === areTheirs);
    options.progress(`fuzz: ${theirs.length} paths with the key of the ${whose}, each by itself`);
    found.push(...(await Promise.all(dealt(theirs, SIDE_BY_SIDE).map((of) => fuzzed(of, ALONE)))));
    options.progress(`fuzz: sequences of them`);
    sequences.push(await fuzzed(theirs, 'stateful'));
  }
  const sum = (of: readonly Judgement[], figure: Exclude<keyof Judgement, 'opened'>) =>
    of.reduce((total, one) => total + one[figure], 0);
  const all = [...found, ...sequences];
  return {
    figures: {
      // In the sequences they come again.
      operations: sum(found, 'operations'),
      examples: sum(all, 'examples'),
      serverErrors: sum(all, 'serverErrors'),
      schemaViolations: sum(all, 'schemaViolations'),
    },
    opened: all.flatMap(({ opened }) => opened),
  };
}

/** As many of them in each hand, or one less. */
const dealt = <T>(all: readonly T[], hands: number): T[][] =>
  Array.from({ length: hands }, (_, hand) => all.filter((_each, index) => index % hands === hand));

/** @throws Error where an API that is known to have holes passes: then nothing that passes proves anything. */
async function expectTeeth(program: string, { seed }: AttackOptions): Promise<void> {
  const { serverErrors, schemaViolations } = await withHoles((url) =>
    fuzz(program, { url, examples: 5, seed, more: ['--phases', 'fuzzing'] }, 'silent'),
  );
  if (serverErrors === 0 || schemaViolations === 0)
    throw new Error('Schemathesis found no fault in an API that has some');
}
