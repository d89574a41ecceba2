import pg from 'pg';

/** Postgres' code for 'no such database', and the codes by which Prisma's CLI knows what went wrong. */
const INVALID_CATALOG_NAME = '3D000';
const DATABASE_DOES_NOT_EXIST = 'P1003';
const CANNOT_REACH_DATABASE = 'P1001';

/** The CLI reads the reason for a failure from a log line on stderr in this shape. */
function logError(message, errorCode) {
  const line = {
    level: 'ERROR',
    target: 'schema_engine::logger',
    fields: { message, error_code: errorCode },
  };
  process.stderr.write(`\n${JSON.stringify(line)}\n`);
}

/**
 * `can-connect-to-database`, `create-database` or `drop-database`.
 * @returns the exit code: 0 when it was done, else 1 with the reason on stderr
 */
export async function runCliCommand(command, datasource) {
  try {
    const url = new URL(datasource.url);
    const database = decodeURIComponent(url.pathname.slice(1));
    // A database that is created or dropped cannot be the one we are connected to.
    if (command !== 'can-connect-to-database') url.pathname = '/postgres';
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    try {
      const name = client.escapeIdentifier(database);
      if (command === 'create-database') await client.query(`CREATE DATABASE ${name}`);
      if (command === 'drop-database') await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    } finally {
      await client.end();
    }
    return 0;
  } catch (error) {
    const code = error.code === INVALID_CATALOG_NAME ? DATABASE_DOES_NOT_EXIST : CANNOT_REACH_DATABASE;
    logError(error.message || String(error.code ?? error), code);
    return 1;
  }
}
