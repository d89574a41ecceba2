import { endAll } from './at-end';
import { type Part, startParts } from './parts';
import { endRun } from './run';

/** Says the report of a command, on standard output. */
export type Tell = (report: string) => void;

/**
 * Runs a command of the tests on parts of the harness, and ends whatever was started. Standard output belongs to the
 * command's report: what the harness tells meanwhile, such as what it fetches, goes to standard error.
 */
export async function withParts<T>(parts: readonly Part[], work: (tell: Tell) => Promise<T>): Promise<T> {
  const tell = process.stdout.write.bind(process.stdout) as Tell;
  process.stdout.write = process.stderr.write.bind(process.stderr);
  try {
    await startParts(...parts);
    return await work(tell);
  } finally {
    await endAll();
    await endRun();
  }
}

/** A line while the command is at work. */
export const progress = (line: string): void => void process.stderr.write(`${line}\n`);
