#!/usr/bin/env node
// npm test: gets what the tests need, builds, runs every kind of test, and says how many of each kind ran.
// What is passed on goes to Jest, such as `npm test -- --selectProjects unit`.
import { ensureInstalled, root } from './ensure-installed.mjs';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** With the young objects of some requests at once in it, a collection of garbage finds most of them dead: a fifth of the time. */
const JEST = ['--max-semi-space-size=64', join(root, 'node_modules', 'jest', 'bin', 'jest.js')];

let isInterrupted = false;

/** A program with our console. An interruption is passed on, so that it ends what it has started; nothing follows it. */
async function run(args, countsFile, env = {}) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env, SESSION_TEST_COUNTS: countsFile },
  });
  const passOn = (signal) => {
    isInterrupted = true;
    child.kill(signal);
  };
  process.on('SIGINT', passOn).on('SIGTERM', passOn);
  const code = await new Promise((resolve) => child.once('close', resolve));
  process.off('SIGINT', passOn).off('SIGTERM', passOn);
  const counts = existsSync(countsFile) ? JSON.parse(readFileSync(countsFile, 'utf8')) : {};
  return { counts, succeeded: code === 0 && !isInterrupted };
}

async function runSome(args) {
  return withCounts(async (counts) => [await run([...JEST, ...args], counts('some'))]);
}

/** Every kind of test, with the traffic of their Stripe emulators written down, and then the check of that traffic. */
async function runAll() {
  const { beginRecording } = await import('./conformance/recordings.mjs');
  const { writeShares } = await import('./tests/shares.mjs');
  const shares = writeShares();
  const recording = beginRecording();
  const env = { ...recording.env, SESSION_TEST_SHARES: shares };
  return withCounts(async (counts) => {
    const results = [await run(JEST, counts('tests'), env)];
    const recordings = recording.complete();
    // `npm run conformance` lets us record, and checks by itself.
    if (process.env.SESSION_TEST_CONFORMANCE !== 'record' && !isInterrupted) {
      const { counts: found, succeeded } = await run(
        [join(root, 'scripts', 'conformance.mjs'), '--recordings', recordings],
        counts('conformance'),
      );
      results.push({ counts: found, succeeded: succeeded || found.conformance?.skipped > 0 });
    }
    return results;
  });
}

async function withCounts(work) {
  const folder = mkdtempSync(join(tmpdir(), 'session-counts-'));
  try {
    return await work((name) => join(folder, `${name}.json`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Once more at the end, where they are found: between the lines of a long run they are not. */
function printFailures(rounds) {
  const failures = rounds
    .flatMap(({ counts }) => Object.values(counts))
    .flatMap((kind) => kind.failures ?? []);
  for (const { test, message } of failures) console.log(`FAILED ${test}\n${message}\n`);
}

/** What each kind took, for the table in CONTRIBUTING.md: its files' seconds, added up over workers that ran side by side. */
function printTimes(rounds) {
  const kinds = rounds
    .flatMap(({ counts }) => Object.entries(counts))
    .filter(([, { seconds }]) => seconds > 0);
  const times = kinds.map(([kind, { seconds }]) => `${kind} ${Math.round(seconds)} s`);
  if (times.length > 0) console.log(`Of all workers together: ${times.join(', ')}.`);
  console.log(`The whole run: ${(performance.now() / 60_000).toFixed(1)} minutes.`);
}

function printSummary(rounds) {
  const total = { passed: 0, failed: 0 };
  console.log('');
  printFailures(rounds);
  printTimes(rounds);
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
  return printSummary(await (args.length > 0 ? runSome(args) : runAll()));
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
