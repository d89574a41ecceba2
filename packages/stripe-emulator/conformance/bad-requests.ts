import qs from 'qs';
import { isObject, type Json, type JsonObject } from '../src/json';
import type { Operation, Schema } from './specification';
import type { WireRequest } from './stripe-mock';

/** A request that should be refused because of one parameter. */
export interface BadRequest extends WireRequest {
  operation: string;
  /** What is wrong with it, in words. */
  what: string;
  /** The parameter's name as an error would give it, such as `items[0][price]`. */
  param: string;
  /** Where it is in one of several kinds of object, what they all are in: an error may go by another kind than we meant. */
  choice?: string;
}

type Path = (string | number)[];

const DEPTH = 5;
const SURPLUS = 'not_a_parameter';

/**
 * Requests that are right but for one thing: a parameter that does not exist, one that is missing, or one with a value that
 * is not of its type or enumeration. Parameters are changed one by one, down to a depth that covers the product's.
 * @param good parameters and path of a request that was accepted, if any is known
 */
export function badRequests(operation: Operation, good?: { path: string; params: JsonObject }): BadRequest[] {
  const path = good?.path ?? operation.template.replace(/\{[^}]+\}/g, 'unknown_1');
  const base = { ...minimal(operation.parameters), ...good?.params } as JsonObject;
  const out: BadRequest[] = [];
  const add: Add = (what, at, params, choice) => {
    out.push({
      operation: operation.name,
      what,
      param: nameOf(at),
      ...(choice ? { choice: nameOf(choice) } : {}),
      ...request(operation.method, path, params),
    });
  };
  spoil(operation.parameters, base, [], base, add);
  return out;
}

type Add = (what: string, at: Path, params: JsonObject, choice: Path | undefined) => void;

/** Spoils every parameter of one object (`here`, which is at `path` in `root`), and those inside it. */
function spoil(
  schema: Schema,
  root: JsonObject,
  path: Path,
  here: JsonObject,
  add: Add,
  choice?: Path,
): void {
  const put = (what: string, key: string, value: Json | undefined): void =>
    add(what, [...path, key], changed(root, [...path, key], value), choice);
  put('unknown parameter', SURPLUS, 'x');
  for (const key of schema.required ?? []) put('missing', key, undefined);
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    for (const [what, value] of badValues(inner)) put(what, key, value);
    if (path.length >= DEPTH) continue;
    const variants = objectsIn(inner);
    for (const variant of variants) {
      const steps: Path = variant.list ? [key, 0] : [key];
      const given = valueAt(here, steps);
      const parent = { ...minimal(variant.schema), ...(isObject(given) ? (given as JsonObject) : {}) };
      const at = [...path, ...steps];
      const inside = choice ?? (variants.length > 1 ? at : undefined);
      spoil(variant.schema, changed(root, at, parent), at, parent, add, inside);
    }
  }
}

/** Values that do not fit, with what is wrong in words. Some may fit an alternative after all: stripe-mock decides. */
function badValues(schema: Schema): [string, Json][] {
  const types = (schema.anyOf ?? [schema]).map(({ type }) => type);
  const values: [string, Json][] = [];
  const hasEnum = (schema.anyOf ?? [schema]).some((alternative) => alternative.enum);
  values.push([hasEnum ? 'not in the enumeration' : 'a word of no use', 'not_a_value']);
  if (!types.includes('array')) values.push(['a list', ['not_a_value']]);
  if (!types.includes('object')) values.push(['a hash', { [SURPLUS]: 'x' }]);
  if (types.includes('array')) {
    const items = (schema.anyOf ?? [schema]).find(({ type }) => type === 'array')?.items;
    if (items?.enum) values.push(['a list with a word that is not in the enumeration', ['not_a_value']]);
  }
  if (types.includes('integer')) values.push(['a fraction', '1.5']);
  return values;
}

/** The kinds of object with named fields that a parameter can be, or be a list of. */
function objectsIn(schema: Schema): { schema: Schema; list: boolean }[] {
  return (schema.anyOf ?? [schema]).flatMap((alternative): { schema: Schema; list: boolean }[] => {
    if (alternative.type === 'array' && alternative.items) {
      return objectsIn(alternative.items)
        .filter(({ list }) => !list)
        .map((inner) => ({ ...inner, list: true }));
    }
    return alternative.properties ? [{ schema: alternative, list: false }] : [];
  });
}

/** The smallest object that has everything that is required. */
function minimal(schema: Schema): JsonObject {
  const entries = (schema.required ?? []).map(
    (key) => [key, smallest(schema.properties?.[key] ?? {})] as const,
  );
  return Object.fromEntries(entries);
}

/** A form cannot say that an object is there and empty. */
function notEmpty(schema: Schema): JsonObject {
  const object = minimal(schema);
  const [first] = Object.entries(schema.properties ?? {});
  return Object.keys(object).length > 0 || !first ? object : { [first[0]]: smallest(first[1]) };
}

function smallest(schema: Schema): Json {
  if (schema.anyOf) return smallest(schema.anyOf[0] ?? {});
  if (schema.enum) return schema.enum.find((word) => word !== '') ?? '';
  if (schema.type === 'integer' || schema.type === 'number') return '1';
  if (schema.type === 'boolean') return 'true';
  if (schema.type === 'array') return [smallest(schema.items ?? {})];
  if (schema.type === 'object') return notEmpty(schema);
  return 'x';
}

function valueAt(value: Json | undefined, [step, ...rest]: Path): Json | undefined {
  if (step === undefined) return value;
  if (Array.isArray(value)) return valueAt(value[Number(step)], rest);
  return isObject(value) ? valueAt((value as JsonObject)[step], rest) : undefined;
}

/** A copy with one place changed; `undefined` takes it out. */
function changed<T extends Json | undefined>(value: T, [step, ...rest]: Path, to: Json | undefined): T {
  if (step === undefined) return to as T;
  if (typeof step === 'number') {
    const list: Json[] = Array.isArray(value) ? [...value] : [];
    list[step] = changed(list[step], rest, to) as Json;
    return list as unknown as T;
  }
  const out: JsonObject = isObject(value) ? { ...(value as JsonObject) } : {};
  const inner = changed(out[step], rest, to);
  if (inner === undefined) delete out[step];
  else out[step] = inner;
  return out as T;
}

function request(method: string, path: string, params: JsonObject): WireRequest {
  const form = qs.stringify(params, { arrayFormat: 'indices' });
  return method === 'post'
    ? { method: 'POST', path, body: form }
    : { method: method.toUpperCase(), path: form === '' ? path : `${path}?${form}`, body: '' };
}

function nameOf(path: Path): string {
  return path.map((step, index) => (index === 0 ? String(step) : `[${step}]`)).join('');
}
