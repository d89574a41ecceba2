import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The module's imports are all in its glue file, under this name. */
const GLUE = './schema_engine_bg.js';

/**
 * Instantiates the engine by hand: the package expects a bundler that can import .wasm files, which Node 22 cannot.
 * @returns the exports of the package, `SchemaEngine` among them
 */
export async function loadSchemaEngine() {
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  // The engine leaves the message of a panic here before it aborts.
  globalThis.PRISMA_WASM_PANIC_REGISTRY ??= {
    message: '',
    set_message(message) {
      this.message = message;
    },
  };
  const glue = await import(pathToFileURL(join(folder, GLUE)).href);
  const bytes = readFileSync(join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { [GLUE]: glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue;
}
