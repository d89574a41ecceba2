/** Times come as ISO 8601 in UTC and are shown in the zone of the person who looks. */

export function formatDate(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(iso));
}

/** With the zone, so that nobody has to guess it: `26 Dec 2026, 07:00 CET`. */
export function formatDateTime(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(new Date(iso));
}

/** `2026-11` as `November 2026`, or short, `Nov`. */
export function formatMonth(month: string, locale: string, style: 'long' | 'short'): string {
  const options: Intl.DateTimeFormatOptions =
    style === 'long' ? { month: 'long', year: 'numeric' } : { month: 'short' };
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(
    new Date(`${month.slice(0, 7)}-01T00:00:00Z`),
  );
}

/** The name of the viewer's zone: `Central European Standard Time`. */
export function zoneName(locale: string, at = new Date()): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZoneName: 'long' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC';
}

/** The end of a day that was chosen in a date field (`2026-12-24`), in the viewer's zone, as ISO 8601 in UTC. */
export function endOfDay(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date, 23, 59, 59).toISOString();
}

/** The beginning of a day that was chosen in a date field, likewise. */
export function beginningOfDay(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date).toISOString();
}

/** A time as a date field has it, in the viewer's zone. */
export function dayOf(iso: string): string {
  const at = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

const ISO = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::[\d.]+)?Z/g;

/** A sentence of the API, with the times in it as the viewer reads them. */
export function timesInWords(sentence: string, locale: string): string {
  return sentence.replaceAll(ISO, (iso) => formatDateTime(iso, locale));
}
