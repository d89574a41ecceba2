#!/usr/bin/env node
// npm run db:generate | db:migrate:dev -- --name what_changes | db:deploy
// Prisma's commands, with the database that they need: DATABASE_URL if it is set; else, for `migrate dev`, a throwaway
// Postgres, because a new migration depends on the schema and on the earlier migrations only.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [command, ...rest] = process.argv.slice(2);

function prisma(args, env = process.env) {
  const cli = join(dirname(require.resolve('prisma/package.json')), 'build', 'index.js');
  const { status } = spawnSync(process.execPath, [cli, ...args], { cwd: root, env, stdio: 'inherit' });
  return status ?? 1;
}

async function withThrowawayPostgres(use) {
  const { requireTypeScript } = await import('./load-typescript.mjs');
  const { startPostgres } = requireTypeScript('../src/local/postgres/server.ts');
  const { freePort } = requireTypeScript('../src/local/process/ports.ts');
  const folder = mkdtempSync(join(tmpdir(), 'session-db-'));
  // Postgres may run as another user, who has to pass through.
  chmodSync(folder, 0o711);
  const postgres = await startPostgres({
    dataFolder: join(folder, 'postgres'),
    port: await freePort(),
    password: 'throwaway',
    logFile: join(folder, 'postgres.log'),
    settings: ['fsync=off'],
  });
  try {
    return use(postgres.url('session'));
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(postgres.dataFolder, { recursive: true, force: true });
  }
}

async function migrateDev() {
  if (process.env.DATABASE_URL) return prisma(['migrate', 'dev', ...rest]);
  return withThrowawayPostgres((url) =>
    prisma(['migrate', 'dev', ...rest], { ...process.env, DATABASE_URL: url }),
  );
}

function deploy() {
  if (process.env.DATABASE_URL) return prisma(['migrate', 'deploy', ...rest]);
  console.error('Set DATABASE_URL to the database that is to be migrated.');
  return 1;
}

const commands = { generate: () => prisma(['generate', ...rest]), 'migrate-dev': migrateDev, deploy };
if (!(command in commands)) {
  console.error(`Usage: node scripts/db.mjs ${Object.keys(commands).join(' | ')}`);
  process.exit(1);
}
process.exitCode = await commands[command]();
