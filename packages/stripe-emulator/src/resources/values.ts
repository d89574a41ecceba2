/** A decimal parameter as text, whichever form the official client's types give it. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : String(value);
}

/** Empty texts unset a field: https://docs.stripe.com/api/metadata describes the same rule. */
export function orNull<T>(value: T | '' | null): T | null {
  return value === '' ? null : value;
}
