import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { transformSync } from '@swc/core';

/**
 * Like Node's own `require`, for TypeScript files as well, so that a script can use what is in src/ before anything is
 * built. Types are dropped, not checked.
 */
export const requireTypeScript = createRequire(import.meta.url);

requireTypeScript.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    sourceMaps: 'inline',
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs', ignoreDynamic: true },
  });
  module._compile(code, filename);
};
