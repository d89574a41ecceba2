import { join } from 'node:path';
import { root } from '../ensure-installed.mjs';
import { runNode } from './compile.mjs';
import { whenChanged } from './fingerprint.mjs';
import { OPENAPI_FILE } from './openapi.mjs';

const at = (...parts) => join(root, ...parts);

/** The coach's console, in dist/console. */
export async function buildConsole() {
  const folder = at('console');
  const output = at('dist', 'console', 'index.html');
  const own = ['index.html', 'package.json', 'vite.config.mjs', 'src', 'scripts'];
  const inputs = [
    at('package-lock.json'),
    OPENAPI_FILE,
    at('src', 'domain'),
    ...own.map((name) => join(folder, name)),
  ];
  return whenChanged({ root, stamp: at('dist', '.console-stamp'), output, inputs }, () => {
    console.error('Building the console …');
    return runNode('Building the console', [join(folder, 'scripts', 'build.mjs')], { cwd: folder });
  });
}
