import { ConfigError } from '../config/environment';
import { openDataFolder } from './data-folder';
import { Launcher } from './launcher';
import { lockDataFolder, npmGone } from './launcher-lock';
import { settingsFrom } from './settings';
import { LocalError } from './process/local-error';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The console may be gone before we are, when a terminal is closed or a pipe's reader ends. */
function say(line: string): void {
  if (process.stdout.writable) process.stdout.write(`${line}\n`);
}

/** What the user can mend is one sentence; anything else is a mistake of ours and keeps its stack. */
function explain(error: unknown): string {
  if (error instanceof LocalError || error instanceof ConfigError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function main(): Promise<number> {
  process.stdout.on('error', () => {});
  const settings = settingsFrom(process.env);
  const folder = openDataFolder(settings.dataFolder);
  const unlock = await lockDataFolder(folder);
  try {
    const launcher = new Launcher(settings, folder, process.env, say);
    const stopRequested = new Promise<'stop'>((resolve) => {
      const stop = (): void => resolve('stop');
      for (const signal of STOP_SIGNALS) process.on(signal, stop);
      void npmGone().then(stop);
    });
    say('Session Payments');
    const starting = launcher.start();
    try {
      const outcome = await Promise.race([starting, stopRequested]);
      if (outcome !== 'stop') await stopRequested;
      say('\nStopping …');
    } finally {
      // Whatever was being started fails now, and nobody needs to hear why.
      starting.catch(() => {});
      await launcher.stop();
    }
    say('Stopped.');
    return 0;
  } finally {
    unlock();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  },
);
