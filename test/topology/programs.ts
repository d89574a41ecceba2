import { join } from 'node:path';
import { openDataFolder } from '../../src/local/data-folder';
import { addressesOf, productEnvironment } from '../../src/local/product-environment';
import type { Child } from '../../src/local/process/child-process';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { startUntilReady } from '../../src/local/process/ready-child';
import { Secrets } from '../../src/local/secrets';
import { settingsFrom } from '../../src/local/settings';
import type { StackPlace } from '../harness/local-stack';

/** Starts further programs of the product beside those of a stack, with the same secrets and databases. */
export interface Programs {
  /** An API on that port; resolves when it is ready. */
  api(name: string, port: number): Promise<Child>;
  /** A worker of that build. */
  worker(name: string, buildId: string): Promise<Child>;
}

export function programsOf({ env, dataFolder }: StackPlace, onSpawn: (child: Child) => void): Programs {
  const settings = settingsFrom(env);
  const folder = openDataFolder(dataFolder);
  const secrets = Secrets.open(folder);
  const facts = { settings, folder, secrets, addresses: addressesOf(settings, secrets) };
  const start = (
    program: 'api' | 'worker',
    name: string,
    more: Record<string, string>,
    isReady: () => Promise<boolean>,
  ) =>
    startUntilReady(
      {
        name,
        command: process.execPath,
        args: ['--enable-source-maps', join(PROJECT_ROOT, 'dist', program, 'main.js')],
        cwd: PROJECT_ROOT,
        env: { PATH: process.env['PATH'], ...productEnvironment(env, facts, program), ...more },
        logFile: folder.log(name),
        onSpawn,
      },
      isReady,
    );
  return {
    api: (name, port) =>
      start('api', name, { API_PORT: String(port) }, async () => {
        const response = await fetch(`http://127.0.0.1:${port}/readyz`);
        await response.body?.cancel();
        return response.ok;
      }),
    // It is ready when Temporal knows its build, which whoever makes the build current waits for.
    worker: (name, buildId) =>
      start('worker', name, { TEMPORAL_WORKER_BUILD_ID: buildId }, () => Promise.resolve(true)),
  };
}
