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

const MS = 1000;

/** Runs suites one after the other and keeps what became of each test. */
export class Runner {
  readonly results: Result[] = [];

  /** @param only parts of suites' titles; none: all suites */
  constructor(
    private readonly only: readonly string[],
    private readonly say: (line: string) => void,
  ) {}

  async run(title: string, open: () => Promise<Suite>): Promise<void> {
    if (this.only.length > 0 && !this.only.some((part) => title.includes(part))) return;
    this.say(`\n${title}`);
    let suite: Suite;
    try {
      suite = await open();
    } catch (error) {
      this.note({ name: `${title} › is set up`, passed: false, seconds: 0, error: messageOf(error) });
      return;
    }
    let isBroken = false;
    for (const [test, run] of suite.tests) {
      const name = `${title} › ${test}`;
      if (isBroken) {
        this.note({ name, passed: false, seconds: 0, error: 'The step before it failed.' });
        continue;
      }
      const began = performance.now();
      const seconds = (): number => Math.round((performance.now() - began) / 100) / 10;
      try {
        await run();
        this.note({ name, passed: true, seconds: seconds() });
      } catch (error) {
        const where = await suite.describe?.().catch(() => '');
        this.note({
          name,
          passed: false,
          seconds: seconds(),
          error: `${messageOf(error)}\n${where ?? ''}`.trim(),
        });
        isBroken = suite.inOrder;
      }
    }
    await suite.close?.();
  }

  private note(result: Result): void {
    this.results.push(result);
    const test = result.name.slice(result.name.indexOf(' › ') + ' › '.length);
    this.say(`  ${result.passed ? '✓' : '✗'} ${test} (${result.seconds} s)`);
    if (result.error !== undefined) this.say(result.error.replaceAll(/^/gm, '      '));
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message).slice(0, 2 * MS) : String(error);
