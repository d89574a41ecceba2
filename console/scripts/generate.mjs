// The types of the API's answers and requests, from the OpenAPI document that `npm run openapi` writes: one file, for the
// console and for the client of packages/sdk.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const document = JSON.parse(readFileSync(at('../../dist/openapi.json'), 'utf8'));
const types = astToString(await openapiTS(document, { defaultNonNullable: false }));
const folder = at('../../packages/sdk/src/generated');
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/schema.ts`, `// Generated from the API's OpenAPI document.\n\n${types}`);
