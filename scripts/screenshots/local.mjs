import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../ensure-installed.mjs';

/** Where the running system is; ends the program with one sentence when nothing runs. */
export function readLocal() {
  const file = join(process.env.SESSION_DATA_DIR || join(root, '.data'), 'local.json');
  if (!existsSync(file)) {
    console.error(`Nothing runs here (${file} is not there): run npm start first.`);
    process.exit(1);
  }
  const local = JSON.parse(readFileSync(file, 'utf8'));
  if (local.demo === null || local.stripeEmulator === null) {
    console.error('Pictures are taken against the Stripe emulator only.');
    process.exit(1);
  }
  return local;
}
