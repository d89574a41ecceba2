import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findTemporalCli } from '../../src/local/temporal/cli';
import { eventually } from './eventually';

/** A command of Temporal's own CLI, as docs/operations.md has it; answers what it prints. */
export async function temporalCli(address: string, ...command: string[]): Promise<string> {
  const cli = await findTemporalCli(() => undefined);
  const { stdout } = await promisify(execFile)(cli, [...command, '--address', address]);
  return stdout;
}

/** Makes a build of the worker the current one. The server knows a build from the first poll of its worker on. */
export function makeCurrent(address: string, deployment: string, buildId: string): Promise<string> {
  return eventually(`build ${buildId} as the current one`, () =>
    temporalCli(
      address,
      ...['worker', 'deployment', 'set-current-version', '--yes'],
      ...['--deployment-name', deployment, '--build-id', buildId],
    ),
  );
}
