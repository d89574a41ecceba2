#!/usr/bin/env node
// npm test: gets what the tests need, builds, runs every kind of test, and says how many of each kind ran.
// What is passed on goes to Jest, such as `npm test -- --selectProjects unit`.
import { ensureInstalled, root } from './ensure-installed.mjs';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Those that start whole systems come last, and one at a time: they need the machine for themselves. */
const ROUNDS = [
  ['--selectProjects', 'unit', 'emulator', 'integration', 'workflows', 'replay'],
  ['--selectProjects', 'e2e', '--runInBand'],
];

/** Jest with our console. An interruption is passed on, so that it ends what it has started. */
async function runJest(args, countsFile) {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, [jest, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, SESSION_TEST_COUNTS: countsFile },
  });
  const passOn = (signal) => child.kill(signal);
  process.on('SIGINT', passOn).on('SIGTERM', passOn);
  const code = await new Promise((resolve) => child.once('close', resolve));
  process.off('SIGINT', passOn).off('SIGTERM', passOn);
  const counts = existsSync(countsFile) ? JSON.parse(readFileSync(countsFile, 'utf8')) : {};
  return { counts, succeeded: code === 0 };
}

async function runRounds(rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'session-counts-'));
  const results = [];
  try {
    for (const [index, round] of rounds.entries()) {
      results.push(await runJest(round, join(folder, `${index}.json`)));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

function printSummary(rounds) {
  const total = { passed: 0, failed: 0 };
  console.log('');
  for (const [kind, { passed, failed, skipped }] of rounds.flatMap(({ counts }) => Object.entries(counts))) {
    console.log(`${kind}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
    total.passed += passed;
    total.failed += failed;
  }
  // A run that broke off is a failure, even where every test that ran has passed.
  if (total.failed === 0 && rounds.some(({ succeeded }) => !succeeded)) total.failed = 1;
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0;
}

/** Only whole systems run from what was built; the other kinds read the sources, and Prisma's generated client. */
async function prepare(args) {
  const { build, generateClient } = await import('./build/build.mjs');
  const needsBuild = args.length === 0 || args.some((arg) => arg.includes('e2e'));
  await (needsBuild ? build() : generateClient());
}

async function main(args) {
  ensureInstalled();
  try {
    await prepare(args);
  } catch (error) {
    console.error(error.message);
    return printSummary([{ counts: {}, succeeded: false }]);
  }
  return printSummary(await runRounds(args.length > 0 ? [args] : ROUNDS));
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
