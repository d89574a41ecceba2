import type { Metadata } from '../objects/common';
import { invalidRequest } from './errors';

/**
 * Metadata after an update: keys are merged, an empty value removes its key, an empty text removes all.
 * Limits (50 keys of 40 characters, values of 500): https://docs.stripe.com/metadata
 */
export function mergedMetadata(
  current: Metadata,
  change: Record<string, string | number | null> | '' | null | undefined,
  param = 'metadata',
): Metadata {
  if (change === undefined) return current;
  if (change === '' || change === null) return {};
  const out: Metadata = { ...current };
  for (const [key, value] of Object.entries(change)) {
    if (value === '' || value === null) {
      delete out[key];
      continue;
    }
    if (key.length > 40) {
      throw invalidRequest(
        `Metadata keys can have up to 40 characters. Yours has ${key.length}: ${key}`,
        param,
      );
    }
    if (/[[\]]/.test(key)) {
      throw invalidRequest(`Metadata keys can't contain square brackets: ${key}`, param);
    }
    if (String(value).length > 500) {
      const message = `Metadata values can have up to 500 characters, but you passed in a value that is ${String(value).length} characters. Invalid value: ${String(value).slice(0, 20)}...`;
      throw invalidRequest(message, `${param}[${key}]`);
    }
    out[key] = String(value);
  }
  if (Object.keys(out).length > 50) {
    throw invalidRequest(
      `Metadata can have up to 50 keys. Yours would have ${Object.keys(out).length}.`,
      param,
    );
  }
  return out;
}
