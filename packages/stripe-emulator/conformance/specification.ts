import { readFileSync } from 'node:fs';

/** A JSON schema as OpenAPI 3.0 writes it. */
export interface Schema {
  $ref?: string;
  type?: string;
  enum?: string[];
  nullable?: boolean;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  maxLength?: number;
  pattern?: string;
  'x-resourceId'?: string;
}

interface Content {
  content?: Record<string, { schema?: Schema }>;
}

interface OpenApiOperation {
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[];
  requestBody?: Content;
  responses: Record<string, Content>;
}

interface OpenApi {
  info: { version: string };
  paths: Record<string, Record<string, OpenApiOperation>>;
  components: { schemas: Record<string, Schema> };
}

/** One operation, such as `post /v1/prices`. */
export interface Operation {
  name: string;
  method: string;
  template: string;
  /** Query and form parameters in one object. */
  parameters: Schema;
  /** What it answers with when it succeeds. */
  answer: Schema;
}

/** Stripe's official OpenAPI document, as far as the checks need it. */
export class Specification {
  readonly version: string;
  readonly components: Record<string, Schema>;
  readonly operations = new Map<string, Operation>();
  /** Every event type that a webhook endpoint can listen to. */
  readonly eventTypes: Set<string>;
  private readonly matchers: {
    method: string;
    pattern: RegExp;
    placeholders: number;
    operation: Operation;
  }[];
  private readonly byObjectName = new Map<string, string>();

  constructor(document: OpenApi) {
    this.version = document.info.version;
    this.components = document.components.schemas;
    for (const [template, methods] of Object.entries(document.paths)) {
      for (const [method, described] of Object.entries(methods)) {
        if (!described.responses) continue;
        const operation = readOperation(method, template, described);
        this.operations.set(operation.name, operation);
      }
    }
    this.matchers = [...this.operations.values()]
      .map((operation) => ({
        method: operation.method.toUpperCase(),
        pattern: new RegExp(`^${operation.template.replace(/\{[^}]+\}/g, '[^/]+')}$`),
        placeholders: operation.template.split('{').length,
        operation,
      }))
      .sort((a, b) => a.placeholders - b.placeholders);
    for (const [component, schema] of Object.entries(this.components)) {
      const name = schema.properties?.['object']?.enum?.[0];
      if (name === undefined || component.startsWith('deleted_')) continue;
      if (schema['x-resourceId'] === name || !this.byObjectName.has(name))
        this.byObjectName.set(name, component);
    }
    const events = this.operations.get('post /v1/webhook_endpoints')?.parameters.properties?.[
      'enabled_events'
    ];
    this.eventTypes = new Set(events?.items?.enum);
  }

  static load(file: string): Specification {
    return new Specification(JSON.parse(readFileSync(file, 'utf8')) as OpenApi);
  }

  /** The operation that a request addresses; literal paths win over those with placeholders. */
  find(method: string, path: string): Operation | undefined {
    return this.matchers.find((matcher) => matcher.method === method && matcher.pattern.test(path))
      ?.operation;
  }

  /** The name of the schema that describes objects with this `object` field. */
  componentOf(objectName: string): string | undefined {
    return this.byObjectName.get(objectName);
  }

  /** Follows a reference. */
  resolve(schema: Schema): Schema {
    return schema.$ref === undefined ? schema : (this.components[nameOf(schema.$ref)] ?? {});
  }
}

/** The component that a `$ref` names. */
export function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

function readOperation(method: string, template: string, described: OpenApiOperation): Operation {
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  for (const parameter of described.parameters ?? []) {
    if (parameter.in !== 'query') continue;
    properties[parameter.name] = parameter.schema;
    if (parameter.required) required.push(parameter.name);
  }
  const form = Object.values(described.requestBody?.content ?? {})[0]?.schema;
  Object.assign(properties, form?.properties);
  required.push(...(form?.required ?? []));
  const success = described.responses['200'];
  return {
    name: `${method} ${template}`,
    method,
    template,
    parameters: { type: 'object', properties, required },
    answer: Object.values(success?.content ?? {})[0]?.schema ?? {},
  };
}
