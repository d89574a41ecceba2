/** What was typed as a whole number from one to a million; null: it is none. */
export function wholeNumber(typed: string): number | null {
  const text = typed.trim();
  if (!/^\d{1,7}$/.test(text)) return null;
  const value = Number(text);
  return value >= 1 && value <= 1_000_000 ? value : null;
}
