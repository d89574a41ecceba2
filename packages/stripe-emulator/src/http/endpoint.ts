import type { Emulator } from '../emulator';
import type { Space } from '../space';
import type { Checked } from './checked';
import { operationShape, type ObjectShape } from './operations';

export type Method = 'GET' | 'POST' | 'DELETE';

/** What an endpoint knows about the request that it answers. */
export interface Context<P> {
  emulator: Emulator;
  /** The account and mode that the request acts on. */
  space: Space;
  /** Checked parameters: numbers are numbers, booleans booleans. */
  params: P;
  /** Values of the path's placeholders. */
  path: Record<string, string>;
  /** Path of the request, for the `url` of lists. */
  url: string;
}

export interface Endpoint {
  method: Method;
  /** The path of Stripe's specification, with {placeholders}. */
  template: string;
  pattern: RegExp;
  names: string[];
  shape: ObjectShape;
  run: (context: Context<never>) => unknown;
}

/**
 * Declares an endpoint by its operation in Stripe's specification, for example `post /v1/prices`. Parameters are checked
 * against the specification before `run`; `P` is the type that the official client gives them.
 */
export function endpoint<P = object>(
  operation: string,
  run: (context: Context<Checked<P>>) => unknown,
): Endpoint {
  const [method = '', template = ''] = operation.split(' ');
  const names: string[] = [];
  const source = template.replace(/\{([^}]+)\}/g, (_all, name: string) => {
    names.push(name);
    return '([^/]+)';
  });
  return {
    method: method.toUpperCase() as Method,
    template,
    pattern: new RegExp(`^${source}$`),
    names,
    shape: operationShape(operation),
    run: run as Endpoint['run'],
  };
}

/** Finds the endpoint of a request: literal paths before those with placeholders. */
export class EndpointTable {
  private readonly endpoints: Endpoint[];

  constructor(endpoints: Endpoint[]) {
    this.endpoints = [...endpoints].sort((a, b) => a.names.length - b.names.length);
  }

  find(method: string, path: string): { endpoint: Endpoint; values: Record<string, string> } | undefined {
    for (const endpoint of this.endpoints) {
      if (endpoint.method !== method) continue;
      const match = endpoint.pattern.exec(path);
      if (!match) continue;
      const values: Record<string, string> = {};
      endpoint.names.forEach((name, index) => (values[name] = decoded(match[index + 1] ?? '')));
      return { endpoint, values };
    }
    return undefined;
  }

  /** Every operation, as `post /v1/prices`. */
  operations(): string[] {
    return this.endpoints.map(({ method, template }) => `${method.toLowerCase()} ${template}`);
  }
}

/** A part of a path; left as it is where its percent signs mean nothing. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
