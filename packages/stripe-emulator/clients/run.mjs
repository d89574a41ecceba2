#!/usr/bin/env node
// npm run emulator:clients: the official Python and Go clients of Stripe, unmodified and from their registries, go through
// the same purchase against an emulator that runs beside them. Fails at the first difference.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  buildEmulator,
  endProcess,
  home,
  plainEnvironment,
  startProcess,
} from '../scripts/emulator-process.mjs';
import { STORY } from './story.mjs';

const FETCH_MS = 180_000;
const STORY_MS = 60_000;
const env = plainEnvironment();
const cache = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'stripe-emulator-clients');

/** Runs a tool that prepares a client; its output is shown only if it fails. */
function prepare(tool, args, advice, options = {}) {
  try {
    execFileSync(tool, args, { env, stdio: 'pipe', timeout: FETCH_MS, ...options });
  } catch (error) {
    if (error.code === 'ENOENT') throw new Error(`${tool} was not found: ${advice}.`);
    throw new Error(`${tool} ${args.join(' ')} failed:\n${error.stderr || error.message}`);
  }
}

const CLIENTS = {
  python() {
    const folder = join(home, 'clients', 'python');
    const environment = join(cache, 'python');
    const python = join(environment, 'bin', 'python');
    const advice = 'install Python 3.9 or later with its venv module';
    if (!existsSync(python)) prepare('python3', ['-m', 'venv', environment], advice);
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    prepare(python, [...install, '-r', join(folder, 'requirements.txt')], advice);
    return [python, join(folder, 'story.py')];
  },
  go() {
    const program = join(cache, 'go-story');
    const cwd = join(home, 'clients', 'go');
    prepare('go', ['build', '-mod=readonly', '-o', program, '.'], 'install Go 1.22 or later', { cwd });
    return [program];
  },
};

/** Lets a client tell the story, and compares each step with what it should be. */
async function tell(name, command, url) {
  const child = spawn(command[0], command.slice(1), {
    env: { ...env, EMULATOR_URL: url, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), STORY_MS);
  const closed = new Promise((resolve) => child.once('close', resolve));
  let done = 0;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const [step, seen] = line.split('\t');
      const [expectedStep, expected] = STORY[done] ?? ['nothing more', ''];
      console.log(`${name}: ${step}: ${seen}`);
      if (step !== expectedStep || seen !== expected)
        throw new Error(`${name} differs at step ${done + 1}; expected: ${expectedStep}: ${expected}`);
      done += 1;
    }
    const code = await closed;
    if (code !== 0 || done < STORY.length)
      throw new Error(`${name} ended with ${code} after ${done} of ${STORY.length} steps.`);
  } finally {
    clearTimeout(limit);
    await endProcess(child);
  }
}

let emulator;
try {
  await buildEmulator();
  mkdirSync(cache, { recursive: true });
  const commands = Object.entries(CLIENTS).map(([name, make]) => [name, make()]);
  emulator = await startProcess();
  for (const [name, command] of commands) {
    await emulator.control('POST', '/reset', {});
    await tell(name, command, emulator.url);
  }
  console.log(`${commands.length} clients: the same ${STORY.length} steps, no difference.`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await emulator?.stop();
}
