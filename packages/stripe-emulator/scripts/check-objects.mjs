// Runs the package's tests, lets every emulator dump what it holds at its end, and validates all objects and events against
// Stripe's official schemas with unknown fields forbidden. Usage: node scripts/check-objects.mjs [path to spec3.json]
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { default: Ajv } = require('ajv');
const STRIPE_MOCK = 'github.com/stripe/stripe-mock@v0.203.0';

function locateSpec() {
  if (process.argv[2]) return process.argv[2];
  const answer = execFileSync('go', ['mod', 'download', '-json', STRIPE_MOCK], { encoding: 'utf8' });
  return join(JSON.parse(answer).Dir, 'embedded/openapi/spec3.json');
}

/** OpenAPI 3.0 to JSON schema: nullable becomes an alternative, objects with properties are closed. */
function strict(schema) {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, ...rest } = schema;
  const out = {};
  for (const [key, value] of Object.entries(rest)) {
    if (key.startsWith('x-') || key === 'description' || key === 'title') continue;
    if (key === 'properties')
      out.properties = Object.fromEntries(Object.entries(value).map(([k, v]) => [k, strict(v)]));
    else out[key] = strict(value);
  }
  if (out.properties) out.additionalProperties = false;
  return nullable ? { anyOf: [out, { type: 'null' }] } : out;
}

const folder = mkdtempSync(join(tmpdir(), 'stripe-emulator-objects-'));
const run = spawnSync('npx', ['jest', '-c', join(import.meta.dirname, '../jest.config.cjs')], {
  stdio: 'inherit',
  cwd: join(import.meta.dirname, '../../..'),
  env: { ...process.env, STRIPE_EMULATOR_DUMP_DIR: folder },
});

const spec = JSON.parse(readFileSync(locateSpec(), 'utf8'));
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema({ $id: 'spec', components: { schemas: strict(spec.components.schemas) } });
const validators = new Map();
function validate(type, object) {
  if (!validators.has(type)) {
    const known = type in spec.components.schemas;
    validators.set(type, known ? ajv.compile({ $ref: `spec#/components/schemas/${type}` }) : null);
  }
  const check = validators.get(type);
  if (check === null) return [`no schema for ${type}`];
  if (check(object)) return [];
  return check.errors.map(
    (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
  );
}

const counts = { objects: 0, invalid: 0 };
const problems = new Map();
const types = new Set();
const eventTypes = new Set();
function check(label, type, object) {
  counts.objects += 1;
  types.add(type);
  const errors = validate(type, object);
  if (errors.length === 0) return;
  counts.invalid += 1;
  for (const error of errors) {
    const key = `${label}: ${error}`;
    problems.set(key, (problems.get(key) ?? 0) + 1);
  }
}
for (const name of readdirSync(folder)) {
  for (const object of JSON.parse(readFileSync(join(folder, name), 'utf8'))) {
    check(object.object, object.object, object);
    if (object.object !== 'event') continue;
    eventTypes.add(object.type);
    check(`event ${object.type}`, object.data.object.object, object.data.object);
  }
}
rmSync(folder, { recursive: true });
for (const [problem, times] of [...problems].sort()) console.log(`${times} × ${problem}`);
console.log(
  `${counts.objects} checked, ${counts.invalid} invalid; ${types.size} object types: ${[...types].sort().join(', ')}`,
);
console.log(`${eventTypes.size} event types: ${[...eventTypes].sort().join(', ')}`);
process.exit(run.status === 0 && counts.invalid === 0 ? 0 : 1);
