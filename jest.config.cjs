const swc = (moduleOptions, tsx = false) => [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', tsx },
      target: 'es2022',
      transform: { react: { runtime: 'automatic' } },
    },
    module: { type: 'commonjs', ...moduleOptions },
    sourceMaps: 'inline',
  },
];

const transform = {
  // Prisma's client imports its query compiler dynamically; inside Jest only a require works.
  '/src/db/generated/.+\\.ts$': swc({}),
  '^.+\\.ts$': swc({ ignoreDynamic: true }),
  // The letters that are mailed.
  '/src/mail/.+\\.tsx$': swc({ ignoreDynamic: true }, true),
};

/** Set for a whole run: the folder with the shares into which scripts/tests/shares.mjs has dealt the test files. */
const shares = process.env.SESSION_TEST_SHARES;

/** One kind of test: its name is what `--selectProjects` takes, and its folder says where it lives. */
const kind = (displayName, testMatch, { testTimeout = 10_000, ...more } = {}) => ({
  displayName,
  testMatch: shares ? [`${shares}/*-${displayName}-share.test.js`] : testMatch,
  transform,
  testEnvironment: '<rootDir>/test/harness/environment.mjs',
  moduleNameMapper: {
    '^@session/stripe-emulator$': '<rootDir>/packages/stripe-emulator/src/index.ts',
    '^@session/sdk$': '<rootDir>/packages/sdk/src/index.ts',
    // The console shares the rules of the domain.
    '^@domain/(.*)$': '<rootDir>/src/domain/$1',
    '^@look/(.*)$': '<rootDir>/src/look/$1',
  },
  // A built package has the same name as its sources, and a stored module map would mix them up.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/packages/[^/]+/dist/', '<rootDir>/.data/'],
  // Jest reads `testTimeout` from the whole configuration only; each kind sets its own in this file.
  setupFilesAfterEnv: ['<rootDir>/test/harness/test-timeout.ts'],
  globals: { SESSION_TEST_TIMEOUT: testTimeout },
  ...more,
});

/** With the servers that this kind needs, started once a run: see test/harness/setup. */
const withServers = (displayName, testTimeout) =>
  kind(displayName, [`<rootDir>/test/${displayName}/**/*.test.ts`], {
    globalSetup: `<rootDir>/test/harness/setup/${displayName}.ts`,
    globalTeardown: '<rootDir>/test/harness/teardown.ts',
    testTimeout,
  });

/** @type {import('jest').Config} */
module.exports = {
  projects: [
    kind('unit', ['<rootDir>/test/unit/**/*.test.ts', '<rootDir>/console/test/**/*.test.ts']),
    kind('emulator', ['<rootDir>/packages/*/test/**/*.test.ts'], { testTimeout: 30_000 }),
    withServers('integration', 120_000),
    withServers('workflows', 120_000),
    withServers('replay', 60_000),
    withServers('e2e', 180_000),
  ],
  // Shares are named in the order in which they are to begin.
  ...(shares ? { testSequencer: '<rootDir>/test/harness/sequencer.mjs' } : {}),
  reporters: ['default', '<rootDir>/test/harness/counts-reporter.mjs'],
  // More than there are cores on a small machine: a third of an integration test is waiting for Temporal.
  maxWorkers: 3,
  // A worker keeps something of every file that it has run; from here on collecting garbage costs more than a new one.
  workerIdleMemoryLimit: '700MB',
  passWithNoTests: true,
};
