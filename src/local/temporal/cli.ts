import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram } from '../process/find-program';
import { LocalError } from '../process/local-error';
import { cacheFolder } from '../process/project';
import { downloadedServer, downloadWithSdk } from './sdk-download';

/** The newest release of the CLI that the Go module proxy can build: later ones need a module that is not published. */
const GO_VERSION = 'v1.5.1';
const GO_PACKAGE = `github.com/temporalio/cli/cmd/temporal@${GO_VERSION}`;
const PROGRESS_EVERY_MS = 30_000;

/** Told what takes long; one line each. */
export type Progress = (line: string) => void;

/** Compiles the CLI from the Go module proxy into the cache: some minutes, once. */
async function compileWithGo(
  go: string,
  target: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<string | undefined> {
  mkdirSync(dirname(target), { recursive: true });
  const folder = mkdtempSync(join(dirname(target), 'compiling-'));
  const since = performance.now();
  const minutes = (): string => ((performance.now() - since) / 60_000).toFixed(1);
  const ticker = setInterval(
    () => progress(`still compiling the Temporal CLI (${minutes()} min) …`),
    PROGRESS_EVERY_MS,
  );
  progress(`compiling the Temporal CLI ${GO_VERSION} with Go: about six minutes, this once …`);
  try {
    const child = spawn(go, ['install', GO_PACKAGE], {
      env: { ...process.env, GOBIN: folder, GOFLAGS: '-mod=mod' },
      stdio: 'ignore',
      killSignal: 'SIGINT',
      ...(signal ? { signal } : {}),
    });
    const code = await new Promise((resolve) => {
      child.once('error', () => resolve(1));
      child.once('exit', resolve);
    });
    if (code !== 0) return undefined;
    renameSync(join(folder, 'temporal'), target);
    progress(`compiled in ${minutes()} min`);
    return target;
  } finally {
    clearInterval(ticker);
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The Temporal CLI, whose development server we run: installed, cached, downloaded by Temporal's SDK, or compiled.
 * The signal ends a compilation.
 * @throws LocalError that says what to install
 */
export async function findTemporalCli(progress: Progress, signal?: AbortSignal): Promise<string> {
  const compiled = join(cacheFolder(), 'bin', `temporal-${GO_VERSION.slice(1)}`);
  const downloads = join(cacheFolder(), 'temporal-cli');
  const present = findProgram('temporal') ?? downloadedServer(downloads);
  if (present) return present;
  if (existsSync(compiled)) return compiled;

  progress('getting the Temporal CLI …');
  const downloaded = await downloadWithSdk('cli', downloads);
  if (downloaded) return downloaded;

  const go = findProgram('go');
  const built = go && (await compileWithGo(go, compiled, progress, signal));
  if (built) return built;
  throw new LocalError(
    'The Temporal CLI is not installed and could not be downloaded: install it (on a Mac "brew install temporal", ' +
      `elsewhere see docs.temporal.io/cli) or Go, with which "go install ${GO_PACKAGE}" makes it, or point ` +
      'TEMPORAL_ADDRESS at a running server.',
  );
}
