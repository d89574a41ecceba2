import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder of the clone. This file lies three folders deep, both in `src` and in `dist`. */
export const PROJECT_ROOT = join(__dirname, '..', '..', '..');

/**
 * Where downloaded and compiled tools are kept, shared by every clone of one user:
 * `SESSION_CACHE_DIR`, else `session-payments` in the user's cache folder.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return (
    env['SESSION_CACHE_DIR'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'session-payments')
  );
}
