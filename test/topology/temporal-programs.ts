import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../src/local/process/find-program';
import { LocalError } from '../../src/local/process/local-error';
import { cacheFolder } from '../../src/local/process/project';
import { compileWithGo, type GoProgram, type Progress } from '../../src/local/temporal/go-install';

/** The server that docker-compose.yml runs as well. */
export const SERVER_VERSION = '1.32.2';

/** The server asks for a newer Go than there may be: Go fetches it from the module proxy by itself. */
const env = { GOTOOLCHAIN: 'go1.27.0' };
const MODULE = 'go.temporal.io/server/cmd';
const SERVER: GoProgram = {
  what: `Temporal's server ${SERVER_VERSION}`,
  package: `${MODULE}/server@v${SERVER_VERSION}`,
  program: 'server',
  env,
};
const SQL_TOOL: GoProgram = {
  what: `its schema tool ${SERVER_VERSION}`,
  package: `${MODULE}/tools/sql@v${SERVER_VERSION}`,
  program: 'sql',
  env,
};

async function find(name: string, program: GoProgram, progress: Progress): Promise<string> {
  const compiled = join(cacheFolder(), 'bin', `${name}-${SERVER_VERSION}`);
  if (existsSync(compiled)) return compiled;
  const go = findProgram('go');
  const built = go && (await compileWithGo(go, program, compiled, progress));
  if (built) return built;
  throw new LocalError(
    `${program.what} is not in ${compiled} and could not be compiled: it needs Go, with which ` +
      `"GOTOOLCHAIN=${env.GOTOOLCHAIN} go install ${program.package}" makes it.`,
  );
}

/**
 * Temporal's server and the tool that makes its tables, compiled once.
 * @throws LocalError that says what to install
 */
export async function findTemporalPrograms(progress: Progress): Promise<{ server: string; sqlTool: string }> {
  const server = await find('temporal-server', SERVER, progress);
  return { server, sqlTool: await find('temporal-sql-tool', SQL_TOOL, progress) };
}
