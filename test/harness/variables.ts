/** How Jest's main process tells the test files where things are. */
export const VARIABLES = {
  folder: 'SESSION_TEST_FOLDER',
  postgres: 'SESSION_TEST_POSTGRES_URL',
  temporal: 'SESSION_TEST_TEMPORAL_ADDRESS',
  timeSkippingServer: 'SESSION_TEST_TIME_SKIPPING_SERVER',
  workflowBundle: 'SESSION_TEST_WORKFLOW_BUNDLE',
} as const;

/** Migrated once a run; every test database is a copy of it. */
export const TEMPLATE_DATABASE = 'session_template';

/** @throws if the kind of test that asks was not set up with this part */
export function provided(part: keyof typeof VARIABLES): string {
  const value = process.env[VARIABLES[part]];
  if (value === undefined) {
    throw new Error(`${part} is not started for this kind of test: see test/harness/setup`);
  }
  return value;
}
