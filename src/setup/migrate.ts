import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { loadDatabaseUrl } from '../config/database-url';
import { ConfigError } from '../config/environment';

/**
 * The job that runs before API and worker of a new version (docker-compose.yml, deploy/kubernetes): the newest migrations, as
 * the database's owner. Harmless when they are there.
 */
function main(): number {
  const cli = join(dirname(require.resolve('prisma/package.json')), 'build', 'index.js');
  const { status } = spawnSync(process.execPath, [cli, 'migrate', 'deploy'], {
    // CHECKPOINT_DISABLE: no question to Prisma's server whether there is a newer version.
    env: { ...process.env, DATABASE_URL: loadDatabaseUrl(process.env), CHECKPOINT_DISABLE: '1' },
    stdio: 'inherit',
  });
  return status ?? 1;
}

try {
  process.exitCode = main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`The database cannot be migrated. ${error.message}.\n`);
  process.exitCode = 1;
}
