import { ensureInstalled, root } from './ensure-installed.mjs';
import Module from 'node:module';
import { join } from 'node:path';

/**
 * Runs `main` of a TypeScript file of the tests with this command's arguments; exits with 1 where it answers false or
 * throws. The packages come from their sources instead of their builds, which may be of another day.
 * @param path of the file, by its parts from the project's root
 */
export async function runFromSources(...path) {
  ensureInstalled();
  const { generateClient } = await import('./build/build.mjs');
  await generateClient();
  const { requireTypeScript } = await import('./load-typescript.mjs');
  const resolve = Module._resolveFilename;
  Module._resolveFilename = (request, ...rest) => {
    const [, name] = /^@session\/(stripe-emulator|sdk)$/.exec(request) ?? [];
    return resolve(name === undefined ? request : join(root, 'packages', name, 'src', 'index.ts'), ...rest);
  };
  const { main } = requireTypeScript(join(root, ...path));
  try {
    process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
}
