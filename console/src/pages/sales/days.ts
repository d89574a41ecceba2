/**
 * The beginning of a day that was typed into a date field (`2026-12-24`), in the viewer's zone, as ISO 8601 in UTC; null: it
 * is no day. @param days so many days later
 */
export function dayBegins(day: string, days: number): string | null {
  const [, year = '', month = '', date = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (year === '' || Number(year) < 1970) return null;
  return new Date(Number(year), Number(month) - 1, Number(date) + days).toISOString();
}
