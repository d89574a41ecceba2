import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from '../ensure-installed.mjs';
import { generateApiTypes } from './api-types.mjs';
import { compile, runNode } from './compile.mjs';
import { buildConsole } from './console.mjs';
import { whenChanged } from './fingerprint.mjs';
import { acquireLock } from './lock.mjs';
import { compileSdk } from './sdk.mjs';

const require = createRequire(import.meta.url);
const at = (...parts) => join(root, ...parts);

/** A change of these can change every output. */
const TOOLCHAIN = [at('package-lock.json'), at('tsconfig.base.json')];

/** Prisma's client, in src/db/generated. Needs no database. */
export function generateClient() {
  const output = at('src', 'db', 'generated');
  return whenChanged(
    {
      root,
      stamp: at('node_modules', '.session-payments-prisma'),
      output,
      inputs: [at('prisma', 'schema.prisma')],
    },
    () => {
      console.error("Generating Prisma's client …");
      const cli = join(dirname(require.resolve('prisma/package.json')), 'build', 'index.js');
      return runNode('prisma generate', [cli, 'generate'], { cwd: root });
    },
  );
}

function compileFolder(folder) {
  const output = join(folder, 'dist');
  const inputs = [...TOOLCHAIN, join(folder, 'tsconfig.json'), join(folder, 'src')];
  return whenChanged({ root, stamp: join(output, '.stamp'), output, inputs }, () => compile(root, folder));
}

/** All workflow code in one file, so that no worker has to bundle when it starts. */
function bundleWorkflows() {
  const entry = at('dist', 'workflows', 'index.js');
  if (!existsSync(entry)) return false;
  const output = at('dist', 'workflow-bundle.js');
  const inputs = [at('package-lock.json'), at('dist', 'workflows'), at('dist', 'domain')];
  return whenChanged({ root, stamp: at('dist', '.bundle-stamp'), output, inputs }, async () => {
    console.error('Bundling the workflows …');
    const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
    const options = {
      workflowsPath: entry,
      workflowInterceptorModules: ['trace-context.js', 'summaries.js'].map((file) =>
        at('dist', 'workflows', file),
      ),
      logger: new DefaultLogger('ERROR'),
    };
    // Where payloads are encrypted, the words of failures are as well: src/temporal/data-converter.ts.
    const failureConverterPath = at('dist', 'workflows', 'encoded-failures.js');
    const [plain, encoded] = await Promise.all([
      bundleWorkflowCode(options),
      bundleWorkflowCode({ ...options, failureConverterPath }),
    ]);
    writeFileSync(at('dist', 'workflow-bundle-encoded.js'), encoded.code);
    writeFileSync(output, plain.code);
  });
}

async function compileAll() {
  const folders = [at('packages', 'stripe-emulator'), at('packages', 'cli'), root];
  const results = await Promise.allSettled(folders.map(compileFolder));
  const failures = results.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.message);
  if (failures.length > 0) throw new Error(failures.join('\n\n'));
}

/** What is made for the sources to be compiled and checked: Prisma's client, the types of the API, and its client. */
export async function generateSources() {
  await generateClient();
  await generateApiTypes();
  await compileSdk();
}

/** Brings every output up to date. Throws with the words of the tool that failed. */
export async function build() {
  const release = acquireLock(root, 'building');
  try {
    await generateSources();
    await compileAll();
    await bundleWorkflows();
    await buildConsole();
  } finally {
    release();
  }
}
