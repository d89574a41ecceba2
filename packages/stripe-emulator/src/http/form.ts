import qs from 'qs';
import type { JsonObject } from '../json';

/** Decodes a query string or form body with brackets, as Stripe reads them: `items[0][price]=…`, `expand[]=…`. */
export function decodeForm(text: string): JsonObject {
  return qs.parse(text, {
    depth: 12,
    arrayLimit: 1000,
    parameterLimit: 10_000,
    allowPrototypes: false,
    plainObjects: false,
  }) as unknown as JsonObject;
}
