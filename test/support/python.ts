import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../src/local/process/project';

/** The folder of an environment with what a `requirements.txt` names first, in that version. */
export function environmentOf(requirements: string): string {
  const [, name, version] = /^([\w-]+)==(\S+)/.exec(readFileSync(requirements, 'utf8')) ?? [];
  if (name === undefined) throw new Error(`${requirements} names no package in a fixed version`);
  return join(cacheFolder(), `${name}-${version}`);
}

/**
 * Installs what a `requirements.txt` names into an environment of its own, once for all clones of this user.
 * @param wants what has to be there, as a sentence for whoever has it not
 * @returns the folder of its programs
 * @throws Error with that sentence
 */
export async function installPython(requirements: string, wants: string): Promise<string> {
  const folder = environmentOf(requirements);
  const programs = join(folder, 'bin');
  if (existsSync(folder)) return programs;
  mkdirSync(cacheFolder(), { recursive: true });
  try {
    await must('python3', ['-m', 'venv', folder], wants);
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
    await must(join(programs, 'python'), install, wants);
  } catch (error) {
    // Half of it would be taken for all of it the next time.
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return programs;
}

async function must(command: string, args: string[], wants: string): Promise<void> {
  try {
    await promisify(execFile)(command, args);
  } catch (error) {
    throw new Error(`${wants} ${(error as Error).message}`, { cause: error });
  }
}
