import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../process/project';

/** A download that has not grown for so long is given up: a closed network often swallows packets silently. */
const STALLED_MS = 10_000;
const CHECK_EVERY_MS = 500;
const MAY_EXECUTE = 0o111;
/** The servers are tens of megabytes; what is smaller is a piece of one. */
const SMALLEST_SERVER_BYTES = 1_000_000;

/** What the SDK calls the two servers that it can download. */
export type SdkServer = 'cli' | 'test-server';

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** The server that was downloaded into the folder earlier, if any. */
export function downloadedServer(folder: string): string | undefined {
  try {
    return readdirSync(folder)
      .map((name) => join(folder, name))
      .find((path) => {
        const { mode, size } = statSync(path);
        return (mode & MAY_EXECUTE) !== 0 && size > SMALLEST_SERVER_BYTES;
      });
  } catch {
    return undefined;
  }
}

/**
 * Lets Temporal's SDK download its server into the folder, for as long as bytes keep coming.
 * @returns the path of the executable; `undefined` where the internet cannot be reached
 */
export async function downloadWithSdk(what: SdkServer, folder: string): Promise<string | undefined> {
  mkdirSync(folder, { recursive: true });
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'scripts', 'sdk-download.mjs'), what, folder], {
    stdio: 'ignore',
  });
  let lastSize = 0;
  let lastGrowth = performance.now();
  const watch = setInterval(() => {
    const size = sizeOf(folder);
    if (size !== lastSize) {
      lastSize = size;
      lastGrowth = performance.now();
    }
    if (performance.now() - lastGrowth > STALLED_MS) child.kill('SIGKILL');
  }, CHECK_EVERY_MS);
  const succeeded = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
  clearInterval(watch);
  if (succeeded) return downloadedServer(folder);
  rmSync(folder, { recursive: true, force: true });
  return undefined;
}
