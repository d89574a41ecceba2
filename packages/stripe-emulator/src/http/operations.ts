import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A parameter's shape, distilled from Stripe's OpenAPI document by scripts/distill-spec.mjs. */
export type ParamShape =
  | { t: 'str'; e?: string[]; m?: number }
  | { t: 'int' }
  | { t: 'num' }
  | { t: 'bool' }
  | { t: 'arr'; i: ParamShape }
  | { t: 'obj'; p: Record<string, ParamShape>; r?: string[] }
  | { t: 'map'; v: ParamShape }
  | { t: 'any'; a: ParamShape[] };

export type ObjectShape = Extract<ParamShape, { t: 'obj' }>;

interface OperationTable {
  version: string;
  operations: Record<string, ObjectShape>;
}

const folder = join(__dirname, '../../spec');
const table = JSON.parse(readFileSync(join(folder, 'operations.json'), 'utf8')) as OperationTable;

/** Which fields of each object can be expanded, and into which objects. */
export const expandable = JSON.parse(readFileSync(join(folder, 'expandable.json'), 'utf8')) as Record<
  string,
  Record<string, string[]>
>;

/**
 * Texts that the API lets a request empty though its specification does not say so; the name of a customer is emptied so in public
 * clients, and nothing refuses it: https://docs.stripe.com/api/customers/update
 */
for (const operation of ['post /v1/customers', 'post /v1/customers/{customer}']) {
  for (const name of ['name', 'phone', 'email', 'description']) {
    const parameters = table.operations[operation]?.p ?? {};
    const shape = parameters[name];
    if (shape?.t === 'str') parameters[name] = { t: 'any', a: [shape, { t: 'str', e: [''] }] };
  }
}

/** The parameters of an operation such as `post /v1/prices`. */
export function operationShape(operation: string): ObjectShape {
  const shape = table.operations[operation];
  if (!shape) throw new Error(`the distilled specification has no operation ${operation}`);
  return shape;
}
