import { join } from 'node:path';
import { root } from '../ensure-installed.mjs';
import { runNode } from './compile.mjs';
import { whenChanged } from './fingerprint.mjs';
import { OPENAPI_FILE, writeOpenApi } from './openapi.mjs';

const at = (...parts) => join(root, ...parts);
const GENERATOR = at('console', 'scripts', 'generate.mjs');

/** The document that the API's types are made of. Needs Prisma's client. */
function describeApi() {
  const inputs = [at('package-lock.json'), at('src', 'api'), at('src', 'domain')];
  return whenChanged({ root, stamp: at('dist', '.openapi-stamp'), output: OPENAPI_FILE, inputs }, () =>
    writeOpenApi(),
  );
}

/** The types of the API, in packages/sdk/src/generated: what its client and the console are checked with. */
export async function generateApiTypes() {
  await describeApi();
  return whenChanged(
    {
      root,
      stamp: at('dist', '.api-types-stamp'),
      output: at('packages', 'sdk', 'src', 'generated', 'schema.ts'),
      inputs: [at('package-lock.json'), OPENAPI_FILE, GENERATOR],
    },
    () => runNode('Generating the types of the API', [GENERATOR], { cwd: at('console') }),
  );
}
