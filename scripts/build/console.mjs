import { join } from 'node:path';
import { root } from '../ensure-installed.mjs';
import { runNode } from './compile.mjs';
import { whenChanged } from './fingerprint.mjs';
import { OPENAPI_FILE, writeOpenApi } from './openapi.mjs';

const at = (...parts) => join(root, ...parts);

/** The document that the console's types are made of. */
function describeApi() {
  const inputs = [at('package-lock.json'), at('src', 'api'), at('src', 'domain')];
  return whenChanged({ root, stamp: at('dist', '.openapi-stamp'), output: OPENAPI_FILE, inputs }, () =>
    writeOpenApi(),
  );
}

/** The coach's console, in dist/console. */
export async function buildConsole() {
  await describeApi();
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
