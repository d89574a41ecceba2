import { accessSync, chmodSync, constants, existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineConfig } from 'prisma/config';

/**
 * Prisma's CLI downloads a native schema engine from its own server when none is there, and every command fails where
 * that server cannot be reached. The same engine is on npm as WebAssembly, so unless a native one is already installed
 * the CLI is pointed at a small front for that build.
 */
function useBundledSchemaEngine(): void {
  const enginesFolder = dirname(require.resolve('@prisma/engines/package.json'));
  const hasNativeEngine = readdirSync(enginesFolder).some((name) => name.startsWith('schema-engine'));
  if (process.env['PRISMA_SCHEMA_ENGINE_BINARY'] || hasNativeEngine) return;
  const engine = join(__dirname, 'scripts', 'prisma', 'schema-engine.mjs');
  if (!existsSync(engine)) return;
  makeExecutable(engine);
  process.env['PRISMA_SCHEMA_ENGINE_BINARY'] = engine;
}

/** An archive of the sources may have lost the executable bit. */
function makeExecutable(file: string): void {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    chmodSync(file, 0o755);
  }
}

useBundledSchemaEngine();

export default defineConfig({
  schema: join('prisma', 'schema.prisma'),
  migrations: { path: join('prisma', 'migrations') },
  // `prisma generate` needs no database: the address is only looked at by the commands that connect.
  datasource: {
    url: process.env['DATABASE_URL'] ?? '',
    ...(process.env['SHADOW_DATABASE_URL'] ? { shadowDatabaseUrl: process.env['SHADOW_DATABASE_URL'] } : {}),
  },
});
