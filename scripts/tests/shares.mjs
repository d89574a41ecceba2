import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from '../ensure-installed.mjs';

// Jest loads every module anew for each test file, and the just-in-time compiler begins anew with them. For a whole run the
// test files of a kind are therefore dealt into shares: files that Jest takes for test files, each of which requires several of ours,
// every one in a `describe` of its own. All kinds run at once, the longest shares first. See docs/decisions/0038.

const FOLDER = join(root, 'test', '.cache', 'shares');

/**
 * In the order in which their shares begin: where the test files of a kind are, and how many shares they make. The shares are
 * small enough that all workers end together, and the quickest kinds come last.
 */
const KINDS = [
  { kind: 'e2e', folders: ['test/e2e'], shares: 2 },
  { kind: 'workflows', folders: ['test/workflows'], shares: 3 },
  { kind: 'integration', folders: ['test/integration'], shares: 8 },
  { kind: 'emulator', folders: ['packages/stripe-emulator/test'], shares: 2 },
  { kind: 'replay', folders: ['test/replay'], shares: 1 },
  { kind: 'unit', folders: ['test/unit', 'console/test'], shares: 2 },
];

/** They take so long that they begin first, and alone: whatever came after them in a share would be waited for at the end. */
const LONGEST = ['test/integration/options-by-events.test.ts', 'test/integration/model.test.ts'];

const linesOf = (file) => readFileSync(join(root, file), 'utf8').split('\n').length;

/** All test files of some folders, with their lines, the longest first. */
function testFiles(folders) {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true })
        .filter((name) => name.endsWith('.test.ts'))
        .map((name) => `${folder}/${name}`),
    )
    .map((file) => ({ file, lines: linesOf(file) }))
    .sort((a, b) => b.lines - a.lines || a.file.localeCompare(b.file));
}

/** Deals files, the longest first, so that all shares have about as many lines. Every file is in exactly one. */
export function deal(files, howMany) {
  const shares = Array.from({ length: Math.min(howMany, files.length) }, () => ({ lines: 0, files: [] }));
  for (const { file, lines } of files) {
    const share = shares.reduce((least, each) => (each.lines < least.lines ? each : least));
    share.files.push(file);
    share.lines += lines;
  }
  return shares.map((share) => share.files.sort());
}

function sharesOf({ kind, folders, shares }) {
  const files = testFiles(folders);
  const alone = LONGEST.filter((longest) => files.some(({ file }) => file === longest));
  const others = files.filter(({ file }) => !alone.includes(file));
  return [...alone.map((file) => [file]), ...deal(others, shares)].map((share) => ({ kind, files: share }));
}

/** All shares of a whole run, in the order in which they are to begin. */
export function allShares() {
  const isLongest = ({ files }) => LONGEST.includes(files[0]);
  const shares = KINDS.flatMap(sharesOf);
  return [...shares.filter(isLongest), ...shares.filter((share) => !isLongest(share))];
}

/** Writes the shares of a whole run, in the order of their names. Returns the folder that they are in. */
export function writeShares() {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [place, { kind, files }] of allShares().entries()) {
    const parts = files.map((file) => {
      const path = relative(FOLDER, join(root, file));
      return `describe(${JSON.stringify(file)}, () => void require(${JSON.stringify(path)}));\n`;
    });
    writeFileSync(join(FOLDER, `${String(place).padStart(2, '0')}-${kind}-share.test.js`), parts.join(''));
  }
  return FOLDER;
}
