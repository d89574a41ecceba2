#!/usr/bin/env node
// npm run mutants: takes the protection of each scenario out (test/mutants/NN-name.patch) in a copy of this clone, runs
// the tests that are named 'scenario NN', and demands that they fail. The untouched copy has to pass first.
// `--json` prints only { mutants, killed, survived }; numbers as arguments select scenarios: `npm run mutants -- 04 15`.
import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { once } from 'node:events';
import { generateClient } from './build/build.mjs';
import { ensureInstalled, root } from './ensure-installed.mjs';

const PATCHES = join(root, 'test', 'mutants');
/** What skips time comes after the rest and one file at a time, as in `npm test`. */
const ROUNDS = [{ kinds: ['unit', 'integration', 'replay'] }, { kinds: ['workflows'], alone: true }];
/** Milliseconds for one run of the tests; more means that something hangs. */
const LIMIT = 15 * 60_000;

const args = process.argv.slice(2);
const asJson = args.includes('--json');
const chosen = args.filter((arg) => /^\d+$/.test(arg)).map((arg) => arg.padStart(2, '0'));
/** Standard output belongs to the report. */
const say = (line) => (asJson ? console.error(line) : console.log(line));

function findMutants() {
  return readdirSync(PATCHES)
    .filter((file) => file.endsWith('.patch'))
    .map((file) => ({
      name: file.replace(/\.patch$/, ''),
      scenario: /^\d+/.exec(file)[0],
      patch: join(PATCHES, file),
    }))
    .filter(({ scenario }) => chosen.length === 0 || chosen.includes(scenario));
}

/** What git knows or would take, the generated database client, and the same installed packages. */
function copyClone(to) {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  for (const file of listed.toString().split('\0')) {
    if (file === '' || !existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(root, file), join(to, file));
  }
  cpSync(join(root, 'src/db/generated'), join(to, 'src/db/generated'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(to, 'node_modules'));
}

/** The test files of a kind that name one of the scenarios. */
function filesOf(kind, scenarios) {
  const folder = join(root, 'test', kind);
  const names = new RegExp(`scenario (${scenarios.join('|')})\\b`);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts') && names.test(readFileSync(join(folder, file), 'utf8')))
    .map((file) => join('test', kind, file));
}

/** Runs the scenarios' tests in the copy: how many passed, and which failed; after the first round that has a failure no other follows. */
async function runTests(copy, scenarios) {
  const rounds = ROUNDS.map(({ kinds, alone }) => ({
    alone,
    files: kinds.flatMap((kind) => filesOf(kind, scenarios).map((file) => ({ kind, file }))),
  })).filter(({ files }) => files.length > 0);
  if (rounds.length === 0) throw new Error(`No test is named 'scenario ${scenarios.join(', ')}'.`);
  const results = { passed: 0, failures: [] };
  for (const round of rounds) {
    const { passed, failures } = await runRound(copy, scenarios, round);
    results.passed += passed;
    results.failures.push(...failures);
    if (failures.length > 0) break;
  }
  return results;
}

async function runRound(copy, scenarios, { files, alone }) {
  const output = join(copy, 'results.json');
  rmSync(output, { force: true });
  const kinds = [...new Set(files.map(({ kind }) => kind))];
  const jest = spawn(
    process.execPath,
    [
      join(root, 'node_modules/jest/bin/jest.js'),
      ...files.map(({ file }) => file),
      ...['--selectProjects', ...kinds],
      ...['-t', `scenario (${scenarios.join('|')})\\b`],
      ...(alone ? ['--runInBand'] : []),
      ...['--json', '--outputFile', output, '--reporters', join(root, 'test/harness/counts-reporter.mjs')],
    ],
    { cwd: copy, stdio: 'ignore', detached: true },
  );
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    process.kill(-jest.pid, 'SIGTERM');
  }, LIMIT);
  const later = setTimeout(() => process.kill(-jest.pid, 'SIGKILL'), LIMIT + 20_000);
  await once(jest, 'exit');
  clearTimeout(late);
  clearTimeout(later);
  if (isLate || !existsSync(output))
    throw new Error(`The tests of scenario ${scenarios.join(', ')} did not come to an end.`);
  const results = JSON.parse(readFileSync(output, 'utf8'));
  // Where a test fails as well, what failed after it is a consequence.
  const broken = results.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((each) => each.status !== 'failed'),
  );
  if (broken.length > 0) {
    throw new Error(
      `Tests that could not run:\n${broken.map(({ name, message }) => `${name}\n${message}`).join('\n')}`,
    );
  }
  const failures = results.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ fullName }) => fullName);
  return { passed: results.numPassedTests, failures };
}

function apply(copy, { name, patch }, ...options) {
  try {
    execFileSync('git', ['apply', ...options, patch], { cwd: copy, stdio: 'pipe' });
  } catch (error) {
    throw new Error(`${name} does not apply: ${error.stderr}`, { cause: error });
  }
}

async function main() {
  ensureInstalled();
  await generateClient();
  const mutants = findMutants();
  const copy = mkdtempSync(join(tmpdir(), 'session-mutants-'));
  const stop = () => {
    rmSync(copy, { recursive: true, force: true });
    process.exit(1);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    copyClone(copy);
    for (const mutant of mutants) apply(copy, mutant, '--check');

    const scenarios = [...new Set(mutants.map(({ scenario }) => scenario))];
    const untouched = await runTests(copy, scenarios);
    if (untouched.failures.length > 0 || untouched.passed === 0)
      throw new Error(`Without any mutant these fail already:\n${untouched.failures.join('\n')}`);
    say(`The untouched clone passes ${untouched.passed} tests.`);

    const survived = [];
    for (const mutant of mutants) {
      apply(copy, mutant);
      const { failures } = await runTests(copy, [mutant.scenario]);
      apply(copy, mutant, '--reverse');
      if (failures.length === 0) survived.push(mutant.name);
      say(failures.length > 0 ? `${mutant.name}: killed by '${failures[0]}'` : `${mutant.name}: SURVIVED`);
    }
    const result = { mutants: mutants.length, killed: mutants.length - survived.length, survived };
    console.log(asJson ? JSON.stringify(result) : `${result.killed} of ${result.mutants} mutants killed`);
    return survived.length === 0;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
