#!/usr/bin/env node
// npm run openapi: writes the OpenAPI document of the API into dist/openapi.json, or into the file that is named. Starts
// nothing.
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
const { generateClient } = await import('./build/build.mjs');
const { writeOpenApi } = await import('./build/openapi.mjs');
try {
  await generateClient();
  console.log(await writeOpenApi(process.argv[2]));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
