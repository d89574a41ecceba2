/**
 * What is kept of the body of an event that is not settled yet when its member is erased: enough to find out whom it
 * concerns and what Stripe said, nothing that names a person. Ids, numbers, the words of closed lists, and our own
 * metadata stay; every text that somebody may have typed goes.
 */

/** Fields whose values are words of Stripe's own lists. https://docs.stripe.com/api/events/object */
const WORDS = new Set([
  'object',
  'type',
  'status',
  'payment_status',
  'mode',
  'currency',
  'billing_reason',
  'collection_method',
  'api_version',
  'interval',
  'reason',
  'behavior',
]);

/** The one entry of metadata that is ours (src/stripe/checkout-session.ts); the coach writes what they like into others. */
const OUR_METADATA = 'checkoutId';

/** An id of Stripe's or ours: a short prefix, an underscore, letters and digits. */
const ID = /^[a-z]{2,12}_[A-Za-z0-9_]{8,255}$/;

/** Fields that hold ids of whatever kind under a name that says so. */
const PERSONAL = /name|email|phone|address|description|statement|url|receipt|card|bank|line1|postal/;

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

function textToKeep(key: string, value: string): boolean {
  return WORDS.has(key) || (ID.test(value) && !PERSONAL.test(key));
}

function keep(key: string, value: Json): Json | undefined {
  if (typeof value === 'string') return textToKeep(key, value) ? value : undefined;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.flatMap((item) => keep(key, item) ?? []);
  if (key === 'metadata')
    return typeof value[OUR_METADATA] === 'string' ? { [OUR_METADATA]: value[OUR_METADATA] } : {};
  const kept: Record<string, Json> = {};
  for (const [name, inner] of Object.entries(value)) {
    const left = keep(name, inner);
    if (left !== undefined) kept[name] = left;
  }
  return kept;
}

/** The body of an event without what names a person; how it resolves and what it proves stays the same. */
export function withoutPersonalData(body: unknown): Record<string, unknown> {
  const kept = keep('', (body ?? {}) as Json);
  return typeof kept === 'object' && kept !== null && !Array.isArray(kept) ? kept : {};
}
