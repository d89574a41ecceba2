#!/usr/bin/env node
// npm run conformance: checks by Stripe's own specification and mock what the product sends, what the emulator answers and
// delivers, and what it refuses. The product's traffic is that of the last `npm test`; if it tested other code, or there was
// none, the tests are run first.
import { ensureInstalled, root } from './ensure-installed.mjs';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const HELP = `Usage: npm run conformance -- [--json] [--recordings folder | --stories-only]

  --json               print the numbers as one JSON object
  --recordings folder  what emulators wrote down that ran with STRIPE_EMULATOR_RECORD=folder
  --stories-only       leave out the product: only what the emulator's own stories send and get
`;

/** Where `npm test` runs, it asks for the check itself, and must not be asked for tests again. */
function recordTests() {
  console.error('There is no recording of a whole run of the tests of this code: running them first …');
  spawnSync(process.execPath, [join(root, 'scripts', 'test.mjs')], {
    cwd: root,
    // Standard output belongs to the report.
    stdio: ['ignore', 2, 2],
    env: { ...process.env, SESSION_TEST_CONFORMANCE: 'record' },
  });
}

async function recordings() {
  const { completeRecording } = await import('./conformance/recordings.mjs');
  if (completeRecording() === undefined) recordTests();
  const folder = completeRecording();
  if (folder === undefined) throw new Error('The tests could not be run, so there is no traffic to check.');
  return folder;
}

async function main() {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean' },
      recordings: { type: 'string' },
      'stories-only': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return process.stdout.write(HELP);
  await ensureInstalled();
  const { requireTypeScript } = await import('./load-typescript.mjs');
  const harness = (name) =>
    requireTypeScript(join(root, 'packages', 'stripe-emulator', 'conformance', `${name}.ts`));
  const { cacheFolder } = requireTypeScript(join(root, 'src', 'local', 'process', 'project.ts'));
  const tools = await harness('tools').findTools(cacheFolder(), (line) => console.error(line));
  const product = values['stories-only']
    ? {}
    : { recordings: values.recordings ?? (await recordings()), product: 'session-payments' };
  const findings = await harness('check').check({ tools, ...product });
  const { describe, objections, verdicts } = harness('report');
  if (values.json) console.log(JSON.stringify(findings.report, null, 2));
  else console.log(describe(findings));
  const against = objections(findings);
  if (values.json && against.length > 0) console.error(describe(findings));
  if (against.length > 0) process.exitCode = 1;
  leaveCounts({ passed: verdicts(findings).length - against.length, failed: against.length, skipped: 0 });
}

/** For the summary of `npm test`, as the kinds of Jest tests leave theirs. */
function leaveCounts(conformance) {
  const file = process.env.SESSION_TEST_COUNTS;
  if (file) writeFileSync(file, JSON.stringify({ conformance }));
}

try {
  await main();
} catch (error) {
  const missing = error.name === 'MissingTool';
  const expected = missing || error.code?.startsWith('ERR_PARSE_ARGS');
  console.error(expected ? error.message : error);
  leaveCounts({ passed: 0, failed: missing ? 0 : 1, skipped: missing ? 1 : 0 });
  process.exitCode = 1;
}
