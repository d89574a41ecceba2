/** Something is not as promised: what was promised, and what was seen instead. */
export class BrokenPromise extends Error {
  constructor(
    readonly expected: string,
    readonly seen: unknown,
  ) {
    super(`expected ${expected}`);
    this.name = 'BrokenPromise';
  }
}

/** @throws BrokenPromise unless it is so. `expected` says in words what was promised. */
export function promised(isSo: boolean, expected: string, seen: unknown): asserts isSo {
  if (!isSo) throw new BrokenPromise(expected, seen);
}

/** What a step has to tell besides its title. */
export interface Telling {
  /** What was seen. */
  saw(text: string): void;
  /** A run, to be looked at in the Temporal Web UI. */
  run(workflowId: string): void;
}

/** Tells the story: each step with what happened in it and where its runs are. */
export class Narrator {
  private steps = 0;

  constructor(
    private readonly say: (line: string) => void,
    /** The address of a run; null where there is no Web UI. */
    private readonly addressOf: (workflowId: string) => string | null,
  ) {}

  get count(): number {
    return this.steps;
  }

  chapter(title: string): void {
    this.say(`\n${title}`);
  }

  /** Does a step and tells of it. What goes wrong gets the step's title and ends the story. */
  async step<T>(title: string, work: (telling: Telling) => Promise<T>): Promise<T> {
    const lines: string[] = [];
    const started = performance.now();
    const tellLines = () => lines.forEach((line) => this.say(line));
    try {
      const result = await work({
        saw: (text) => lines.push(`      ${text}`),
        run: (workflowId) => {
          const address = this.addressOf(workflowId);
          if (address !== null) lines.push(`      ${address}`);
        },
      });
      this.steps += 1;
      this.say(`  ✓ ${title} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
      tellLines();
      return result;
    } catch (error) {
      this.say(`  ✗ ${title}`);
      tellLines();
      throw error;
    }
  }
}

/** The lines that explain why the story ended early. */
export function explain(error: unknown): string[] {
  if (error instanceof BrokenPromise)
    return [`    expected  ${error.expected}`, `    seen      ${inShort(error.seen)}`];
  if (error instanceof Error) return [`    ${error.name}: ${error.message}`];
  return [`    ${String(error)}`];
}

function inShort(seen: unknown): string {
  const text = typeof seen === 'string' ? seen : (JSON.stringify(seen) ?? String(seen));
  return text.length > 1500 ? `${text.slice(0, 1500)} …` : text;
}
