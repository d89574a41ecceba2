/** The id of what may be expanded. */
export const idOf = (ref: string | { id: string } | null | undefined): string | null =>
  ref == null ? null : typeof ref === 'string' ? ref : ref.id;

/**
 * Stripe may add values to its enums at any time; a rule that does not know one must not guess.
 * @throws Error, which is retried and shows in the run until the rule knows the value.
 */
export function oneOf<T extends string>(what: string, value: string, known: readonly T[]): T {
  const found = known.find((candidate) => candidate === value);
  if (found === undefined) throw new Error(`Stripe says ${what} "${value}", which no rule here knows`);
  return found;
}
