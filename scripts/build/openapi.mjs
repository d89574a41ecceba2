import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { root } from '../ensure-installed.mjs';

/** Where the document lies after a build. */
export const OPENAPI_FILE = join(root, 'dist', 'openapi.json');

/** Writes the OpenAPI document that the sources describe. Needs Prisma's client, and no server. Returns the file. */
export async function writeOpenApi(file = OPENAPI_FILE) {
  const { requireTypeScript } = await import('../load-typescript.mjs');
  const { describeApi } = requireTypeScript(join(root, 'src', 'api', 'describe.ts'));
  const target = resolve(file);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `${JSON.stringify(describeApi(), null, 2)}\n`);
  return target;
}
