import { writeFileSync } from 'node:fs';

/**
 * Counts the tests of each kind and leaves the numbers in the file that SESSION_TEST_COUNTS names, for the summary that
 * scripts/test.mjs prints. A file that could not run at all counts as one failed test.
 */
export default class CountsReporter {
  kinds = {};

  onTestResult(test, result) {
    const name = test.context.config.displayName?.name ?? 'tests';
    const counts = (this.kinds[name] ??= { passed: 0, failed: 0, skipped: 0 });
    counts.passed += result.numPassingTests;
    counts.failed += result.numFailingTests;
    counts.skipped += result.numPendingTests + result.numTodoTests;
    if (result.testExecError && result.numFailingTests === 0) counts.failed += 1;
  }

  onRunComplete() {
    const file = process.env.SESSION_TEST_COUNTS;
    if (file) writeFileSync(file, JSON.stringify(this.kinds));
  }
}
