import { ensureInstalled, root } from './ensure-installed.mjs';
import Module from 'node:module';
import { join } from 'node:path';

/**
 * Runs `main` of a TypeScript file of the tests with this command's arguments; exits with 1 where it answers false or
 * throws. The emulator comes from its sources instead of its build, which may be of another day.
 * @param path of the file, by its parts from the project's root
 */
export async function runFromSources(...path) {
  ensureInstalled();
  const { generateClient } = await import('./build/build.mjs');
  await generateClient();
  const { requireTypeScript } = await import('./load-typescript.mjs');
  const emulator = join(root, 'packages', 'stripe-emulator', 'src', 'index.ts');
  const resolve = Module._resolveFilename;
  Module._resolveFilename = (request, ...rest) =>
    resolve(request === '@session/stripe-emulator' ? emulator : request, ...rest);
  const { main } = requireTypeScript(join(root, ...path));
  try {
    process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
}
