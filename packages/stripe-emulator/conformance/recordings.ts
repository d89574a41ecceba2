import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Recorded } from '../src/recording';

export type Exchange = Extract<Recorded, { kind: 'exchange' }>;
export type DeliveredEvent = Extract<Recorded, { kind: 'event' }>;

/** Every line of every recording in a folder and below it. */
export async function* readRecordings(folder: string): AsyncGenerator<Recorded> {
  if (!existsSync(folder)) return;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.jsonl'),
  );
  for (const file of files.sort()) {
    for await (const line of createInterface({ input: createReadStream(join(folder, file)) })) {
      const recorded = parse(line);
      if (recorded) yield recorded;
    }
  }
}

/** A process that was killed leaves half a line. */
function parse(line: string): Recorded | undefined {
  try {
    return JSON.parse(line) as Recorded;
  } catch {
    return undefined;
  }
}

/** The path without its query string. */
export function pathOf({ path }: { path: string }): string {
  return path.split('?')[0] ?? path;
}
