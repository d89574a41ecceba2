export type Json = string | number | boolean | null | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json;
}

/**
 * The same JSON as Postgres can store it: without NUL and without halves of surrogate pairs. Whoever pays may type both
 * into a name, and an event is never lost to that, however it reached us.
 */
export function storable<T extends Json>(value: T): T;
export function storable(value: Json): Json {
  if (typeof value === 'string')
    return value.replaceAll('\u0000', '').replaceAll(/\p{Surrogate}/gu, '\ufffd');
  if (Array.isArray(value)) return value.map((entry) => storable(entry));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [storable(key), storable(entry)]));
  return value;
}
