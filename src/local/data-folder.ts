import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LocalError } from './process/local-error';

/** Where everything is inside the data folder. */
export interface DataFolder {
  path: string;
  /** For any program that looks for the running system. */
  localJson: string;
  secrets: string;
  processes: string;
  launcher: string;
  postgres: string;
  temporalDatabase: string;
  /** An empty profile for Temporal's clients, in place of one that the user may have at home. */
  temporalProfile: string;
  stripeEmulator: string;
  log(name: string): string;
}

const ONLY_MINE = 0o700;
/** Root hands the folder of Postgres to another user, who has to pass through this one; what is inside is closed. */
const OTHERS_PASS_THROUGH = 0o711;

/** Level by level: Node's own way hangs on file systems that refuse new folders as if the one above were missing. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: ONLY_MINE });
}

/** Opens the data folder, made if it is missing. Logs of the run before are kept beside the new ones. */
export function openDataFolder(path: string): DataFolder {
  try {
    makeFolder(join(path, 'logs'));
    makeFolder(join(path, 'stripe-emulator'));
    chmodSync(path, process.getuid?.() === 0 ? OTHERS_PASS_THROUGH : ONLY_MINE);
  } catch (error) {
    throw new LocalError(
      `The data folder ${path} cannot be used (${(error as Error).message}): SESSION_DATA_DIR moves it.`,
    );
  }
  const temporalProfile = join(path, 'temporal.toml');
  writeFileSync(temporalProfile, '[profile.default]\n');
  return {
    path,
    temporalProfile,
    localJson: join(path, 'local.json'),
    secrets: join(path, 'secrets.json'),
    processes: join(path, 'processes.json'),
    launcher: join(path, 'launcher.json'),
    postgres: join(path, 'postgres'),
    temporalDatabase: join(path, 'temporal.db'),
    stripeEmulator: join(path, 'stripe-emulator'),
    log: (name) => join(path, 'logs', `${name}.log`),
  };
}

/** Puts the log of the run before aside, so that each log tells of one run. */
export function putLogAside(log: string): void {
  if (!existsSync(log)) return;
  rmSync(`${log}.before`, { force: true });
  renameSync(log, `${log}.before`);
}

/** Writes a file that only its owner can read; whoever reads it meanwhile sees the old or the new one, never half. */
export function writePrivateJson(file: string, value: unknown): void {
  const aside = `${file}.new`;
  writeFileSync(aside, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(aside, file);
}

/** @throws LocalError if the file is there but cannot be understood */
export function readJson<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    throw new LocalError(
      `${file} is damaged: mend it, or delete the data folder to start with an empty one.`,
    );
  }
}
