import Ajv, { type ErrorObject, type SchemaObject, type ValidateFunction } from 'ajv';
import { nameOf, type Schema, type Specification } from './specification';

/** Something that a value has and its schema forbids, or the other way round. */
export interface Flaw {
  /** JSON pointer into the value. */
  at: string;
  message: string;
}

interface Alternatives {
  components: string[];
  others: SchemaObject[];
  nullable: boolean;
}

/**
 * Checks values against the official schemas, with fields forbidden that a schema does not know. Every schema is compiled
 * by Ajv when a value first meets it and then kept: all of them together would take minutes, those that occur take moments.
 */
export class Schemas {
  private readonly ajv: Ajv;
  private readonly components = new Map<string, ValidateFunction>();
  private readonly others = new Map<SchemaObject, ValidateFunction>();
  private readonly wholes = new Map<Schema, ValidateFunction>();

  /**
   * @param promised fields that have to be there besides those that the specification requires, by the `object` name of
   *   their owner
   */
  constructor(
    private readonly specification: Specification,
    private readonly promised: Map<string, string[]> = new Map(),
  ) {
    this.ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, inlineRefs: false });
    this.ajv.addKeyword({
      keyword: 'alternatives',
      errors: 'full',
      validate: this.keyword((alternatives: Alternatives, value) => this.choose(alternatives, value)),
    });
  }

  /** Empty when the value is as the named component says. */
  component(name: string, value: unknown): Flaw[] {
    return this.run(this.compiledComponent(name), value);
  }

  /** Empty when the value is as the schema says. */
  whole(schema: Schema, value: unknown): Flaw[] {
    let check = this.wholes.get(schema);
    if (!check) this.wholes.set(schema, (check = this.ajv.compile(convert(schema))));
    return this.run(check, value);
  }

  private run(check: ValidateFunction, value: unknown): Flaw[] {
    if (check(value)) return [];
    return (check.errors ?? []).map(flawOf);
  }

  private compiledComponent(name: string): ValidateFunction {
    let check = this.components.get(name);
    if (!check) {
      const schema = this.specification.components[name];
      if (!schema) throw new Error(`the specification has no schema ${name}`);
      this.components.set(name, (check = this.ajv.compile(convert(this.withPromises(name, schema)))));
    }
    return check;
  }

  private withPromises(name: string, schema: Schema): Schema {
    const object = schema.properties?.['object']?.enum?.[0];
    if (object === undefined || name.startsWith('deleted_')) return schema;
    // The client's types also tell of fields of old versions, which the specification does not have.
    const promised = (this.promised.get(object) ?? []).filter((field) => schema.properties?.[field]);
    return { ...schema, required: [...new Set([...(schema.required ?? []), ...promised])] };
  }

  private compiledOther(schema: SchemaObject): ValidateFunction {
    let check = this.others.get(schema);
    if (!check) this.others.set(schema, (check = this.ajv.compile(schema)));
    return check;
  }

  /** The `object` field says which alternative is meant, so that its own flaws are the ones to report. */
  private choose({ components, others, nullable }: Alternatives, value: unknown): Flaw[] {
    if (value === null && nullable) return [];
    const name = (value as { object?: unknown } | null)?.object;
    const named = components.filter((component) => {
      const names = this.specification.components[component]?.properties?.['object']?.enum;
      return typeof name === 'string' && names?.includes(name);
    });
    const candidates = [
      ...(named.length > 0 ? named : components).map((component) => this.compiledComponent(component)),
      ...(named.length > 0 ? [] : others.map((schema) => this.compiledOther(schema))),
    ];
    let best: Flaw[] | undefined;
    for (const check of candidates) {
      const flaws = this.run(check, value);
      if (flaws.length === 0) return [];
      if (!best || flaws.length < best.length) best = flaws;
    }
    return best ?? [{ at: '', message: 'fits none of the alternatives' }];
  }

  /** Wraps a check as a keyword whose flaws keep their place in the whole value. */
  private keyword<S>(check: (schema: S, value: unknown) => Flaw[]) {
    const validate: {
      (schema: S, value: unknown, parent?: unknown, context?: { instancePath: string }): boolean;
      errors?: Partial<ErrorObject>[];
    } = (schema, value, _parent, context) => {
      validate.errors = check(schema, value).map(({ at, message }) => ({
        keyword: 'alternatives',
        instancePath: `${context?.instancePath ?? ''}${at}`,
        schemaPath: '',
        params: {},
        message,
      }));
      return validate.errors.length === 0;
    };
    return validate;
  }
}

/** OpenAPI 3.0 to JSON schema: `nullable` becomes a type, and objects with named fields have no others. */
function convert(schema: Schema): SchemaObject {
  const nullable = schema.nullable === true;
  if (schema.$ref !== undefined)
    return { alternatives: { components: [nameOf(schema.$ref)], others: [], nullable } };
  if (schema.anyOf) {
    const references = schema.anyOf.flatMap(({ $ref }) => ($ref === undefined ? [] : [nameOf($ref)]));
    const others = schema.anyOf.filter(({ $ref }) => $ref === undefined).map(convert);
    return { alternatives: { components: references, others, nullable } };
  }
  const out: SchemaObject = {};
  if (schema.type !== undefined) out['type'] = nullable ? [schema.type, 'null'] : schema.type;
  if (schema.enum) out['enum'] = nullable ? [...schema.enum, null] : schema.enum;
  if (schema.maxLength !== undefined) out['maxLength'] = schema.maxLength;
  if (schema.pattern !== undefined) out['pattern'] = schema.pattern;
  if (schema.items) out['items'] = convert(schema.items);
  if (schema.required) out['required'] = schema.required;
  if (schema.properties) {
    const entries = Object.entries(schema.properties).map(([name, inner]) => [name, convert(inner)]);
    out['properties'] = Object.fromEntries(entries) as SchemaObject;
    out['additionalProperties'] = false;
  }
  if (typeof schema.additionalProperties === 'object') {
    out['additionalProperties'] = convert(schema.additionalProperties);
  }
  return out;
}

function flawOf({ instancePath, message, params, keyword }: ErrorObject): Flaw {
  const details = params as { additionalProperty?: string; allowedValues?: unknown[] };
  if (keyword === 'additionalProperties')
    return { at: `${instancePath}/${details.additionalProperty}`, message: 'is not a known field' };
  if (keyword === 'enum')
    return { at: instancePath, message: `must be one of ${JSON.stringify(details.allowedValues)}` };
  return { at: instancePath, message: message ?? keyword };
}
