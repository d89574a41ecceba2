import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const VERSION = 'v0.203.0';
const MODULE = `github.com/stripe/stripe-mock@${VERSION}`;

/** Something that the person at the keyboard can mend. Its message is one sentence that says how. */
export class MissingTool extends Error {
  override readonly name = 'MissingTool';
}

export interface Tools {
  /** The program stripe-mock. */
  stripeMock: string;
  /** Stripe's official OpenAPI document of the same release. */
  specification: string;
}

/** Where tools are kept when nobody says otherwise. */
export function defaultCacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'stripe-emulator');
}

/**
 * stripe-mock and the specification inside it, from the cache or, once, by Go from its module proxy.
 * @throws MissingTool when they are not cached and Go is not installed or cannot reach the proxy
 */
export async function findTools(cacheFolder: string, progress: (line: string) => void): Promise<Tools> {
  const folder = join(cacheFolder, `stripe-mock-${VERSION.slice(1)}`);
  const tools = { stripeMock: join(folder, 'stripe-mock'), specification: join(folder, 'spec3.json') };
  if (existsSync(tools.stripeMock) && existsSync(tools.specification)) return tools;
  progress(`getting stripe-mock ${VERSION} with Go: about a minute, this once …`);
  mkdirSync(cacheFolder, { recursive: true });
  const making = mkdtempSync(join(cacheFolder, 'making-'));
  try {
    await go(['install', MODULE], { GOBIN: making });
    const { Dir } = JSON.parse(await go(['mod', 'download', '-json', MODULE])) as { Dir: string };
    copyFileSync(join(Dir, 'embedded', 'openapi', 'spec3.json'), join(making, 'spec3.json'));
    rmSync(folder, { recursive: true, force: true });
    renameSync(making, folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return tools;
}

async function go(args: string[], env: Record<string, string> = {}): Promise<string> {
  const chunks: Buffer[] = [];
  const child = spawn('go', args, {
    env: { ...process.env, ...env, GOFLAGS: '-mod=mod' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const failure = await new Promise<string | undefined>((resolve) => {
    child.once('error', () => resolve('Go is not installed'));
    child.once('close', (code) => resolve(code === 0 ? undefined : `"go ${args.join(' ')}" failed`));
  });
  if (failure === undefined) return Buffer.concat(chunks).toString();
  throw new MissingTool(
    `The check needs Stripe's own mock and specification, and ${failure}: install Go 1.24 or later (go.dev/dl) with ` +
      'access to its module proxy, and try again.',
  );
}
