import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { LocalError } from '../process/local-error';
import { query } from './server';
import { PROJECT_ROOT } from '../process/project';

const run = promisify(execFile);

/** Prisma's command line, to be run by this Node. */
function prismaCli(): string {
  const manifest = createRequire(join(PROJECT_ROOT, 'package.json')).resolve('prisma/package.json');
  return join(dirname(manifest), 'build', 'index.js');
}

function migrationNames(): string[] {
  const folder = join(PROJECT_ROOT, 'prisma', 'migrations');
  return existsSync(folder) ? readdirSync(folder).filter((name) => /^\d/.test(name)) : [];
}

/** Looks into Prisma's own list, which takes a hundredth of the time that its command line takes. */
async function isUpToDate(databaseUrl: string): Promise<boolean> {
  try {
    const rows = await query(
      databaseUrl,
      'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
    );
    const applied = new Set(rows.map((row) => row['migration_name']));
    return migrationNames().every((name) => applied.has(name));
  } catch {
    // An empty database has no such list.
    return false;
  }
}

/**
 * Brings the database up to the newest migration (`prisma migrate deploy`); harmless if it is there already.
 * @throws LocalError with Prisma's own words
 */
export async function migrate(databaseUrl: string): Promise<void> {
  if (await isUpToDate(databaseUrl)) return;
  try {
    await run(process.execPath, [prismaCli(), 'migrate', 'deploy'], {
      cwd: PROJECT_ROOT,
      // CHECKPOINT_DISABLE: no question to Prisma's server whether there is a newer version.
      env: { ...process.env, DATABASE_URL: databaseUrl, NO_COLOR: '1', CHECKPOINT_DISABLE: '1' },
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new LocalError(`The database could not be migrated:\n${`${stdout}\n${stderr}`.trim()}`);
  }
}
