/** What became of one test. */
export interface Result {
  name: string;
  passed: boolean;
  seconds: number;
  error?: string;
}

/** Tests of one subject, with what they need already open. */
export interface Suite {
  /** True: each test goes on where the one before it ended; after a failure the others are failed as well. */
  inOrder: boolean;
  tests: [name: string, run: () => Promise<void>][];
  /** Where the browser was, for whoever reads a failure. */
  describe?: () => Promise<string>;
  close?: () => Promise<void>;
}

/** A subject as it waits for its turn. */
export interface Job {
  title: string;
  open: () => Promise<Suite>;
  /** True: it takes a part away that the others stand on, and has the whole system for itself. */
  alone?: boolean;
}

/** Subjects that are gone through at once: each has people of its own, and one that waits for a page leaves a processor free. */
const LANES = 2;
const MS = 1000;

/** Runs suites and keeps what became of each test. */
export class Runner {
  readonly results: Result[] = [];

  /** @param only parts of suites' titles; none: all suites */
  constructor(
    private readonly only: readonly string[],
    private readonly say: (line: string) => void,
  ) {}

  /** Runs them in lanes, in their order, and afterwards one by one what has to be alone. */
  async runAll(jobs: readonly Job[]): Promise<void> {
    const chosen = jobs.filter(
      ({ title }) => this.only.length === 0 || this.only.some((part) => title.includes(part)),
    );
    const waiting = chosen.filter((job) => job.alone !== true);
    await Promise.all(
      Array.from({ length: LANES }, async () => {
        for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await this.run(job);
      }),
    );
    for (const job of chosen.filter(({ alone }) => alone === true)) await this.run(job);
  }

  private async run({ title, open }: Job): Promise<void> {
    const results = await resultsOf(title, open);
    this.results.push(...results);
    this.say(`\n${title}`);
    for (const { name, passed, seconds, error } of results) {
      const test = name.slice(title.length + SEPARATOR.length);
      this.say(`  ${passed ? '✓' : '✗'} ${test} (${seconds} s)`);
      if (error !== undefined) this.say(error.replaceAll(/^/gm, '      '));
    }
  }
}

const SEPARATOR = ' › ';

/** Goes through one suite. */
async function resultsOf(title: string, open: () => Promise<Suite>): Promise<Result[]> {
  const results: Result[] = [];
  const note = (test: string, result: Omit<Result, 'name'>): unknown =>
    results.push({ name: `${title}${SEPARATOR}${test}`, ...result });
  let suite: Suite;
  try {
    suite = await open();
  } catch (error) {
    note('is set up', { passed: false, seconds: 0, error: messageOf(error) });
    return results;
  }
  let isBroken = false;
  for (const [test, run] of suite.tests) {
    if (isBroken) {
      note(test, { passed: false, seconds: 0, error: 'The step before it failed.' });
      continue;
    }
    const began = performance.now();
    const seconds = (): number => Math.round((performance.now() - began) / 100) / 10;
    try {
      await run();
      note(test, { passed: true, seconds: seconds() });
    } catch (error) {
      const where = await suite.describe?.().catch(() => '');
      note(test, {
        passed: false,
        seconds: seconds(),
        error: `${messageOf(error)}\n${where ?? ''}`.trim(),
      });
      isBroken = suite.inOrder;
    }
  }
  await suite.close?.();
  return results;
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message).slice(0, 2 * MS) : String(error);
