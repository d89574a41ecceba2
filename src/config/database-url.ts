import { parse, schema } from './environment';
import { withSecretFiles } from './secret-files';

/** The address of the database, with the password that is kept apart from it. */
export function databaseUrlOf({
  DATABASE_URL,
  DATABASE_PASSWORD,
}: {
  DATABASE_URL: string;
  DATABASE_PASSWORD?: string | undefined;
}): string {
  if (DATABASE_PASSWORD === undefined) return DATABASE_URL;
  const url = new URL(DATABASE_URL);
  url.password = encodeURIComponent(DATABASE_PASSWORD);
  return url.href;
}

/**
 * What a migration needs to know, and nothing else.
 * @throws ConfigError naming the variable and what is wrong with it.
 */
export function loadDatabaseUrl(env: Record<string, string | undefined>): string {
  return databaseUrlOf(
    parse(schema.pick({ DATABASE_URL: true, DATABASE_PASSWORD: true }), withSecretFiles(env)),
  );
}
