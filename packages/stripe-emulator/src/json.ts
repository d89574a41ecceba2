/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };
export type JsonObject = { [key: string]: Json | undefined };

/** Whether a value is an object with keys (not null, not an array). */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How much of a list inside an object is shown; the rest has to be asked for: https://docs.stripe.com/api/pagination */
export const NESTED_PAGE = 10;

/**
 * The public form of a stored object: a deep copy without what the emulator keeps for itself (`_emu`) and without
 * undefined fields. Lists inside of it (`nested`) are cut to their first page.
 */
export function publicForm(value: unknown, nested = false): Json {
  if (Array.isArray(value)) return value.map((inner) => publicForm(inner, true));
  if (isObject(value)) {
    const out: JsonObject = {};
    const { data } = value;
    const more = nested && value.object === 'list' && Array.isArray(data) && data.length > NESTED_PAGE;
    const shown = more ? { ...value, data: data.slice(0, NESTED_PAGE), has_more: true } : value;
    for (const [key, inner] of Object.entries(shown)) {
      if (key === '_emu' || inner === undefined) continue;
      out[key] = publicForm(inner, true);
    }
    return out;
  }
  return value as Json;
}

/** A deep copy that shares texts with its original, unlike structuredClone, and takes a fraction of its time. */
export function clone<T>(value: T): T {
  if (Array.isArray(value)) return value.map(clone) as T;
  if (!isObject(value)) return value;
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(value)) out[key] = clone(value[key]);
  return out as T;
}

/** Deep equality of JSON values. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].every((key) => sameJson(a[key], b[key]));
  }
  return false;
}

/**
 * What `data.previous_attributes` of an update event says: for each top-level field that changed its former value, and for
 * nested objects only the keys that changed. Stripe: https://docs.stripe.com/api/events/object#event_object-data-previous_attributes
 */
export function previousAttributes(before: Json, after: Json): JsonObject {
  const out: JsonObject = {};
  if (!isObject(before) || !isObject(after)) return out;
  const old = before as JsonObject;
  const now = after as JsonObject;
  for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (sameJson(old[key], now[key])) continue;
    const was = old[key];
    const is = now[key];
    if (isObject(was) && isObject(is)) {
      out[key] = previousAttributes(was as Json, is as Json);
    } else {
      out[key] = was === undefined ? null : was;
    }
  }
  return out;
}
