// Distils Stripe's official OpenAPI document (MIT licence) into the two small tables that the emulator needs at run time:
// which parameters each operation takes, and which fields of each object can be expanded into which objects.
// Usage: node scripts/distill-spec.mjs [path to spec3.json]; without a path it asks the Go module proxy for stripe-mock's copy.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const STRIPE_MOCK = 'github.com/stripe/stripe-mock@v0.203.0';
const RESOURCES =
  /^\/v1\/(account|accounts|account_links|balance|balance_transactions|billing_portal|charges|checkout|coupons|customers|disputes|events|invoice_payments|invoiceitems|invoices|payment_intents|payment_methods|prices|products|promotion_codes|refunds|setup_intents|subscription_items|subscription_schedules|subscriptions|tax\/settings|tax_codes|test_helpers\/test_clocks|webhook_endpoints)(\/|$)/;
const SKIPPED =
  /sources|bank_accounts|\/cards|external_accounts|people|persons|cash_balance|tax_ids|\/features|funding_instructions/;

function locateSpec() {
  if (process.argv[2]) return process.argv[2];
  const answer = execFileSync('go', ['mod', 'download', '-json', STRIPE_MOCK], { encoding: 'utf8' });
  return join(JSON.parse(answer).Dir, 'embedded/openapi/spec3.json');
}

/** Compact form of a parameter schema: t = type, e = enum, m = maximal length, p = properties, r = required, i = items, v = map values, a = alternatives. */
function compact(schema) {
  if (schema.anyOf) return { t: 'any', a: schema.anyOf.map(compact) };
  switch (schema.type) {
    case 'string': {
      const out = { t: 'str' };
      if (schema.enum) out.e = schema.enum;
      if (schema.maxLength !== undefined && schema.maxLength !== 5000) out.m = schema.maxLength;
      return out;
    }
    case 'integer':
      return { t: 'int' };
    case 'number':
      return { t: 'num' };
    case 'boolean':
      return { t: 'bool' };
    case 'array':
      return { t: 'arr', i: compact(schema.items) };
    case 'object': {
      if (schema.properties && Object.keys(schema.properties).length > 0) {
        const out = {
          t: 'obj',
          p: Object.fromEntries(Object.entries(schema.properties).map(([k, v]) => [k, compact(v)])),
        };
        if (schema.required?.length) out.r = schema.required;
        return out;
      }
      return schema.additionalProperties && schema.additionalProperties !== true
        ? { t: 'map', v: compact(schema.additionalProperties) }
        : { t: 'obj', p: {} };
    }
    default:
      throw new Error(`schema without a known type: ${JSON.stringify(schema).slice(0, 200)}`);
  }
}

const spec = JSON.parse(readFileSync(locateSpec(), 'utf8'));
const operations = {};
for (const [path, methods] of Object.entries(spec.paths)) {
  if (!RESOURCES.test(path) || SKIPPED.test(path)) continue;
  for (const [method, operation] of Object.entries(methods)) {
    if (!['get', 'post', 'delete'].includes(method)) continue;
    const merged = { t: 'obj', p: {} };
    const required = [];
    for (const parameter of operation.parameters ?? []) {
      if (parameter.in !== 'query') continue;
      merged.p[parameter.name] = compact(parameter.schema);
      if (parameter.required) required.push(parameter.name);
    }
    const content = operation.requestBody?.content ?? {};
    const body = (content['application/x-www-form-urlencoded'] ?? content['multipart/form-data'])?.schema;
    if (body) {
      Object.assign(merged.p, compact({ type: 'object', ...body }).p);
      required.push(...(body.required ?? []));
    }
    if (required.length) merged.r = required;
    operations[`${method} ${path}`] = merged;
  }
}

const MAX_DEPTH = 4;

/** The expandable fields of an object, also those of hashes inside it (`invoice_settings.default_payment_method`). */
function expandableFields(schema, prefix = '', depth = 1) {
  const fields = {};
  for (const [field, property] of Object.entries(schema.properties ?? {})) {
    // A list of ids (`discounts`) says at its items what they are ids of.
    const references = (property['x-expansionResources'] ?? property.items?.['x-expansionResources'])?.oneOf;
    if (references) {
      fields[prefix + field] = references
        .map((r) => r.$ref.split('/').pop())
        .filter((n) => !n.startsWith('deleted_'));
      continue;
    }
    if (depth === MAX_DEPTH) continue;
    for (const inner of hashesOf(property))
      Object.assign(fields, expandableFields(inner, `${prefix}${field}.`, depth + 1));
  }
  return fields;
}

/** The hashes that a property can be (or be a list of) that are no objects of their own. */
function hashesOf(property) {
  if (property.anyOf) return property.anyOf.flatMap(hashesOf);
  if (property.items) return hashesOf(property.items);
  const schema = property.$ref ? spec.components.schemas[property.$ref.split('/').pop()] : property;
  if (schema.anyOf) return hashesOf(schema);
  return schema.properties && !schema.properties.object ? [schema] : [];
}

const expandable = {};
for (const [name, schema] of Object.entries(spec.components.schemas)) {
  const object = schema.properties?.object?.enum?.[0];
  if (!object || object === 'list' || name.startsWith('deleted_')) continue;
  const fields = expandableFields(schema);
  if (Object.keys(fields).length) expandable[object] = { ...expandable[object], ...fields };
}

const folder = join(import.meta.dirname, '../spec');
const write = (name, data) => writeFileSync(join(folder, name), `${JSON.stringify(data)}\n`);
write('operations.json', { version: spec.info.version, operations });
write('expandable.json', expandable);
console.log(`${Object.keys(operations).length} operations, ${Object.keys(expandable).length} objects`);
