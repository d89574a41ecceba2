import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** Of what a test failed with: enough for what was expected and where, little enough for a summary. */
const MESSAGE_LINES = 40;

/**
 * Counts the tests of each kind, and the seconds of their files, and leaves the numbers in the file that SESSION_TEST_COUNTS
 * names, with what failed, for the summary that scripts/test.mjs prints. A file that could not run at all counts as one failed
 * test.
 */
export default class CountsReporter {
  kinds = {};

  onTestResult(test, result) {
    const name = test.context.config.displayName?.name ?? 'tests';
    const counts = (this.kinds[name] ??= { passed: 0, failed: 0, skipped: 0, seconds: 0, failures: [] });
    counts.seconds += (result.perfStats.end - result.perfStats.start) / 1000;
    counts.passed += result.numPassingTests;
    counts.failed += result.numFailingTests;
    counts.skipped += result.numPendingTests + result.numTodoTests;
    if (result.testExecError && result.numFailingTests === 0) counts.failed += 1;
    counts.failures.push(...failuresOf(relative(test.context.config.rootDir, result.testFilePath), result));
  }

  onRunComplete() {
    const file = process.env.SESSION_TEST_COUNTS;
    if (file) writeFileSync(file, JSON.stringify(this.kinds));
  }
}

/** What failed in a file, each as its name and message. Where the file could not run, there is no test to name. */
function failuresOf(file, { testResults, failureMessage }) {
  const failed = testResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return failureMessage ? [{ test: file, message: shorten(failureMessage) }] : [];
  return failed.map(({ fullName, failureMessages }) => ({
    test: `${file}: ${fullName}`,
    message: shorten(failureMessages.join('\n')),
  }));
}

function shorten(message) {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => !/^\s+at .*(node_modules|node:internal)/.test(line));
  return [...lines.slice(0, MESSAGE_LINES), ...(lines.length > MESSAGE_LINES ? ['…'] : [])].join('\n');
}
