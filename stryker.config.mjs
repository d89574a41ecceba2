// npm run mutation: changes the pure rules in every way that Stryker knows, and demands that the unit tests notice.
import { readdirSync, readFileSync } from 'node:fs';
import jestConfig from './jest.config.cjs';

const unit = jestConfig.projects.find(({ displayName }) => displayName === 'unit');

/**
 * The unit tests of rules: those that import nothing else of the product. Property tests are left out, as they try
 * hundreds of inputs for every mutant: the tables alone have to tell right from wrong.
 */
const testsOfRules = readdirSync('test/unit').filter((file) => {
  const text = readFileSync(`test/unit/${file}`, 'utf8');
  const imported = text.match(/(?<=from '\.\.\/\.\.\/)[^']+/g) ?? [];
  const isTable = !file.endsWith('-properties.test.ts') && !text.includes("'node:fs'");
  return isTable && imported.length > 0 && imported.every((path) => path.startsWith('src/domain/'));
});

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  // failure.ts is a table of codes and words, ids.ts is randomness: neither has a rule.
  mutate: ['src/domain/**/*.ts', '!src/domain/{failure,ids}.ts'],
  testRunner: 'jest',
  jest: {
    projectType: 'custom',
    // It follows what a test covers in the realm that Jest makes.
    config: {
      ...unit,
      testEnvironment: 'node',
      testMatch: testsOfRules.map((file) => `<rootDir>/test/unit/${file}`),
    },
  },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  incremental: false,
  reporters: ['progress-append-only', 'clear-text', 'json'],
  clearTextReporter: { allowColor: false, allowEmojis: false, reportTests: false },
  jsonReporter: { fileName: 'coverage/mutation.json' },
  thresholds: { high: 95, low: 90, break: 90 },
  // Tables of words are read once, so their mutants need every test; there are few tests, and they are quick.
  warnings: { slow: false },
  // The copy that is mutated has the rules and their tests; the installed packages are linked.
  ignorePatterns: [
    '/*',
    '!/src',
    '/src/*',
    '!/src/domain',
    '!/test',
    '/test/*',
    '!/test/unit',
    '!/test/support',
    '!/test/harness',
    '!/package.json',
  ],
  tempDirName: '.data/stryker',
  allowConsoleColors: false,
};
