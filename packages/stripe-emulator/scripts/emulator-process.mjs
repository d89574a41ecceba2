// The emulator as a process of its own, for checks from outside. It listens on the loopback only and ends with the check.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compile } from '../../../scripts/build/compile.mjs';
import { acquireLock } from '../../../scripts/build/lock.mjs';
import { ensureInstalled, root } from '../../../scripts/ensure-installed.mjs';

/** The folder of this package. */
export const home = dirname(dirname(fileURLToPath(import.meta.url)));

/** Compiles the emulator if it has changed. */
export async function buildEmulator() {
  ensureInstalled();
  const release = acquireLock(root, 'building');
  try {
    await compile(root, home);
  } finally {
    release();
  }
}

/** The environment without what would change the emulator, or send a client past the loopback. */
export function plainEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('STRIPE_') && !/^(https?|all)_proxy$/i.test(name),
  );
  return Object.fromEntries(kept);
}

/** Starts the compiled emulator at a free port, in memory and without recording. `prefix` is a command to run it by. */
export async function startProcess(prefix = []) {
  const [command, ...args] = [...prefix, process.execPath, join(home, 'dist', 'cli.js'), '--port', '0'];
  const child = spawn(command, args, { env: plainEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] });
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  const line = await firstLine(child);
  const url = /http:\S+/.exec(line)?.[0];
  if (!url) throw new Error(`The emulator did not start: ${line}`);
  return {
    url,
    pid: child.pid,
    port: Number(new URL(url).port),
    async control(method, path, body) {
      const response = await fetch(`${url}/_emulator${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return response.json();
    },
    async stop() {
      process.off('exit', onExit);
      await endProcess(child);
    },
  };
}

/** Ends a process that was started here: politely, and after three seconds for certain. */
export async function endProcess(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const certain = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(certain);
}

async function firstLine(child) {
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([
    once(lines, 'line').then(([first]) => first),
    once(child, 'error').then(([error]) => error.message),
    once(child, 'exit').then(([code]) => `it ended with ${code}`),
    new Promise((resolve) => setTimeout(resolve, 20_000, 'nothing for 20 seconds').unref()),
  ]);
  child.stdout.resume();
  return line;
}
