import { isObject, type Json, type JsonObject } from '../json';
import { invalidRequest, type StripeError } from './errors';
import type { ObjectShape, ParamShape } from './operations';

/**
 * Checks what a request sent against the operation's shape and turns texts into numbers and booleans. Refuses as Stripe
 * does: unknown, missing, wrongly typed, not in the enumeration. The first problem found is the one reported.
 */
export function checkParams(shape: ObjectShape, raw: JsonObject): JsonObject {
  return readObject(shape, raw, '');
}

function readObject(shape: ObjectShape, raw: JsonObject, path: string): JsonObject {
  const out: JsonObject = {};
  for (const [key, value] of Object.entries(raw)) {
    const inner = shape.p[key];
    const name = path === '' ? key : `${path}[${key}]`;
    if (!inner) throw refusal(`Received unknown parameter: ${name}`, name, 'parameter_unknown');
    if (value === undefined) continue;
    out[key] = read(inner, value, name);
  }
  for (const key of shape.r ?? []) {
    if (out[key] === undefined) {
      const name = path === '' ? key : `${path}[${key}]`;
      throw refusal(`Missing required param: ${name}.`, name, 'parameter_missing');
    }
  }
  return out;
}

function read(shape: ParamShape, value: Json, path: string): Json {
  switch (shape.t) {
    case 'str':
      return readString(shape, value, path);
    case 'int':
      if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value);
      throw refusal(`Invalid integer: ${show(value)}`, path, 'parameter_invalid_integer');
    case 'num':
      if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
      throw refusal(`Invalid decimal: ${show(value)}`, path);
    case 'bool':
      if (value === 'true' || value === 'false') return value === 'true';
      throw refusal(`Invalid boolean: ${show(value)}`, path);
    case 'arr':
      return readArray(shape.i, value, path);
    case 'obj':
      if (!isObject(value)) throw refusal('Invalid object', path);
      return readObject(shape, value as JsonObject, path);
    case 'map':
      return readMap(shape.v, value, path);
    case 'any':
      return readAny(shape.a, value, path);
  }
}

function readString(shape: Extract<ParamShape, { t: 'str' }>, value: Json, path: string): string {
  if (typeof value !== 'string') throw refusal('Invalid string', path);
  if (shape.e) {
    if (shape.e.includes(value)) return value;
    const allowed = shape.e.filter((option) => option !== '');
    throw refusal(`Invalid ${path}: must be one of ${sentenceList(allowed)}`, path);
  }
  if (value === '') {
    const message =
      `You passed an empty string for '${path}'. We assume empty values are an attempt to unset a parameter; however ` +
      `'${path}' cannot be unset. You should remove '${path}' from your request or supply a non-empty value.`;
    throw refusal(message, path, 'parameter_invalid_empty');
  }
  const limit = shape.m ?? 5000;
  if (value.length > limit) {
    const message = `Invalid string: ${value.slice(0, 10)}...; must be at most ${limit} characters`;
    throw refusal(message, path, 'parameter_invalid_string');
  }
  return value;
}

function readArray(item: ParamShape, value: Json, path: string): Json[] {
  if (Array.isArray(value)) return value.map((inner, index) => read(item, inner, `${path}[${index}]`));
  if (isObject(value) && Object.keys(value).every((key) => /^\d+$/.test(key))) {
    return Object.values(value).map((inner, index) => read(item, inner as Json, `${path}[${index}]`));
  }
  throw refusal('Invalid array', path);
}

function readMap(inner: ParamShape, value: Json, path: string): JsonObject {
  if (!isObject(value)) throw refusal('Invalid hash', path);
  const out: JsonObject = {};
  for (const [key, text] of Object.entries(value)) {
    // A map's empty value removes the key, whatever the value's own shape.
    out[key] = text === '' ? '' : read(inner, text as Json, `${path}[${key}]`);
  }
  return out;
}

/** The first alternative that fits; else the complaint of the alternative that the value looks most like. */
function readAny(alternatives: ParamShape[], value: Json, path: string): Json {
  let best: { error: unknown; rank: number } | undefined;
  for (const shape of alternatives) {
    try {
      return read(shape, value, path);
    } catch (error) {
      const rank = likeness(shape, value);
      if (!best || rank > best.rank) best = { error, rank };
    }
  }
  throw best?.error ?? refusal('Invalid value', path);
}

function likeness(shape: ParamShape, value: Json): number {
  if (Array.isArray(value)) return shape.t === 'arr' ? 2 : 0;
  if (isObject(value)) return shape.t === 'obj' || shape.t === 'map' ? 2 : shape.t === 'arr' ? 1 : 0;
  if (shape.t === 'str') return shape.e?.length === 1 && shape.e[0] === '' ? 0 : 2;
  return shape.t === 'int' || shape.t === 'num' || shape.t === 'bool' ? 2 : 0;
}

function refusal(message: string, param: string, code?: string): StripeError {
  return invalidRequest(message, param, code);
}

function show(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function sentenceList(words: string[]): string {
  if (words.length <= 2) return words.join(' or ');
  return `${words.slice(0, -1).join(', ')}, or ${words.at(-1)}`;
}
