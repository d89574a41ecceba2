import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { transformSync } from '@swc/core';

/**
 * Like Node's own `require`, for TypeScript files as well, so that a script can use what is in src/ before anything is
 * built. Types are dropped, not checked.
 */
export const requireTypeScript = createRequire(import.meta.url);

const load = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    sourceMaps: 'inline',
    jsc: {
      parser: { syntax: 'typescript', tsx: filename.endsWith('x') },
      target: 'es2022',
      transform: { react: { runtime: 'automatic' } },
    },
    module: { type: 'commonjs', ignoreDynamic: true },
  });
  module._compile(code, filename);
};
requireTypeScript.extensions['.ts'] = load;
requireTypeScript.extensions['.tsx'] = load;
