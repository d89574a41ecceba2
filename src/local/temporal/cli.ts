import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../process/find-program';
import { LocalError } from '../process/local-error';
import { cacheFolder } from '../process/project';
import { compileWithGo, type Progress } from './go-install';
import { downloadedServer, downloadWithSdk } from './sdk-download';

/** The newest release of the CLI that the Go module proxy can build: later ones need a module that is not published. */
const GO_VERSION = 'v1.5.1';
const GO_PACKAGE = `github.com/temporalio/cli/cmd/temporal@${GO_VERSION}`;

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
  const what = `the Temporal CLI ${GO_VERSION}`;
  const built =
    go &&
    (await compileWithGo(go, { what, package: GO_PACKAGE, program: 'temporal' }, compiled, progress, signal));
  if (built) return built;
  throw new LocalError(
    'The Temporal CLI is not installed and could not be downloaded: install it (on a Mac "brew install temporal", ' +
      `elsewhere see docs.temporal.io/cli) or Go, with which "go install ${GO_PACKAGE}" makes it, or point ` +
      'TEMPORAL_ADDRESS at a running server.',
  );
}
