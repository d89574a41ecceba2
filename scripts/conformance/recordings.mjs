import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from '../build/fingerprint.mjs';
import { isAlive } from '../build/lock.mjs';
import { root } from '../ensure-installed.mjs';

const modules = join(root, 'node_modules');
const NAME = '.session-payments-recordings';
/** What the emulators of the last whole test run wrote down. */
const folder = join(modules, NAME);
/** The fingerprint of what was tested. */
const STAMP = 'complete';

const TESTED = [
  'package-lock.json',
  'prisma',
  'src',
  'test',
  'packages/stripe-emulator/src',
  'packages/stripe-emulator/test',
].map((path) => join(root, path));

/** What runs that were killed left behind. */
function sweep() {
  for (const name of readdirSync(modules)) {
    const [start, pid] = name.split('@');
    if (start === NAME && pid && !isAlive(Number(pid))) rmSync(join(modules, name), { recursive: true });
  }
}

/** Begins a recording of a whole test run. The emulators that see the returned variables write down all traffic. */
export function beginRecording() {
  sweep();
  const tested = fingerprint(root, TESTED);
  const ours = `${folder}@${process.pid}`;
  mkdirSync(ours, { recursive: true });
  return {
    env: { STRIPE_EMULATOR_RECORD: ours },
    /** To be called when every kind of test has run, whether or not all passed. Returns where the recording is now. */
    complete() {
      writeFileSync(join(ours, STAMP), tested);
      rmSync(folder, { recursive: true, force: true });
      renameSync(ours, folder);
      return folder;
    },
  };
}

/** The folder with the traffic of a whole test run of exactly this code; `undefined` if there was none. */
export function completeRecording() {
  const stamp = join(folder, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(root, TESTED) ? folder : undefined;
}
