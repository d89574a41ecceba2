import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PROGRESS_EVERY_MS = 30_000;

/** Told what takes long; one line each. */
export type Progress = (line: string) => void;

/** A program of the Go module proxy. */
export interface GoProgram {
  /** For sentences, with the version. */
  what: string;
  /** With the version, as `go install` takes it. */
  package: string;
  /** What `go install` calls it. */
  program: string;
  /** Further variables of `go`. */
  env?: Record<string, string>;
}

/**
 * Compiles a program from the Go module proxy into a file of the cache: some minutes, once.
 * @returns the file; `undefined` where it does not compile. The signal ends a compilation.
 */
export async function compileWithGo(
  go: string,
  { what, package: goPackage, program, env }: GoProgram,
  target: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<string | undefined> {
  mkdirSync(dirname(target), { recursive: true });
  const folder = mkdtempSync(join(dirname(target), 'compiling-'));
  const since = performance.now();
  const minutes = (): string => ((performance.now() - since) / 60_000).toFixed(1);
  const ticker = setInterval(
    () => progress(`still compiling ${what} (${minutes()} min) …`),
    PROGRESS_EVERY_MS,
  );
  progress(`compiling ${what} with Go: about six minutes, this once …`);
  try {
    const child = spawn(go, ['install', goPackage], {
      env: { ...process.env, GOFLAGS: '-mod=mod', ...env, GOBIN: folder },
      stdio: 'ignore',
      killSignal: 'SIGINT',
      ...(signal ? { signal } : {}),
    });
    const code = await new Promise((resolve) => {
      child.once('error', () => resolve(1));
      child.once('exit', resolve);
    });
    if (code !== 0) return undefined;
    renameSync(join(folder, program), target);
    progress(`compiled in ${minutes()} min`);
    return target;
  } finally {
    clearInterval(ticker);
    rmSync(folder, { recursive: true, force: true });
  }
}
