/** As much of the API's own OpenAPI document as the attacks are made from. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  pattern?: string;
  minimum?: number;
  example?: unknown;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
}

export interface Operation {
  method: string;
  path: string;
  /** Whose key it takes; null: none, it is open to everybody. */
  key: 'coach' | 'platform' | null;
  /** The parameters in the query. */
  query: { name: string; schema: Schema }[];
  body: Schema | null;
}

interface Document {
  paths: Record<string, Record<string, OperationObject>>;
  components: { schemas: Record<string, Schema> };
}
interface OperationObject {
  security: Record<string, unknown>[];
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

/** Every operation of an API, from the document that it publishes. */
export async function operationsOf(url: string): Promise<Operation[]> {
  const { paths, components } = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
  const resolved = (schema: Schema): Schema => {
    const name = schema.$ref?.split('/').at(-1);
    return name === undefined ? schema : resolved(components.schemas[name] ?? {});
  };
  const deep = (schema: Schema): Schema => {
    const { properties, items, ...rest } = resolved(schema);
    return {
      ...rest,
      ...(items === undefined ? {} : { items: deep(items) }),
      ...(properties === undefined
        ? {}
        : {
            properties: Object.fromEntries(
              Object.entries(properties).map(([name, one]) => [name, deep(one)]),
            ),
          }),
    };
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security, parameters = [], requestBody }]) => {
      const schema = requestBody?.content['application/json']?.schema;
      const takes = (key: string) => security.some((one) => key in one);
      return {
        method: method.toUpperCase(),
        path,
        key: takes('coachKey') ? ('coach' as const) : takes('platformKey') ? ('platform' as const) : null,
        query: parameters.filter((one) => one.in === 'query'),
        body: schema === undefined ? null : deep(schema),
      };
    }),
  );
}

/** The prefix of an id of ours, where a text has to be one. */
const prefixOf = ({ pattern }: Schema): string | undefined => /^\^([a-z]+_)\[/.exec(pattern ?? '')?.[1];

/** The smallest value that a schema allows, with somebody's ids. */
export function exampleOf(schema: Schema, ids: Record<string, string>): unknown {
  const { anyOf, oneOf, properties, required = [] } = schema;
  const prefix = prefixOf(schema);
  if (prefix !== undefined) return ids[prefix] ?? `${prefix}1`;
  if (properties !== undefined) {
    const more = (oneOf ?? anyOf)?.[0]?.required ?? [];
    const needed = [...new Set([...required, ...more])];
    const names = needed.length > 0 ? needed : Object.keys(properties).slice(0, 1);
    return Object.fromEntries(names.map((name) => [name, exampleOf(properties[name] ?? {}, ids)]));
  }
  const choice = (anyOf ?? oneOf)?.[0];
  if (choice !== undefined) return exampleOf(choice, ids);
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.example !== undefined) return schema.example;
  const type = [schema.type].flat()[0];
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
  if (type === 'boolean') return false;
  if (type === 'array') return schema.items === undefined ? [] : [exampleOf(schema.items, ids)];
  return 'x';
}

/** Where in a body ids of ours stand: the way to each, and its prefix. */
export function idsIn(schema: Schema, way: string[] = []): { way: string[]; prefix: string }[] {
  const prefix = prefixOf(schema);
  return [
    ...(prefix === undefined ? [] : [{ way, prefix }]),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, one]) => idsIn(one, [...way, name])),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) => idsIn(one, way)),
  ];
}

/** The same body with something else at the end of a way; what stood beside it there is gone, as a choice has it. */
export function withValue(body: unknown, way: readonly string[], value: unknown): unknown {
  const [name, ...rest] = way;
  if (name === undefined) return value;
  const present = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const inner = rest.length === 0 ? value : withValue(isChoice(present[name]), rest, value);
  return { ...present, [name]: inner };
}

const isChoice = (value: unknown) => (typeof value === 'object' ? {} : value);
