import { CliError } from './command';

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 7 * 86_400 };

/** Where a clock is sent: `30d`, `12h` and `1d12h` from now on; a date (ISO 8601) or Unix seconds as they are. */
export function targetOf(text: string): { advanceSeconds: number } | { advanceTo: number } {
  if (/^\d{9,}$/.test(text)) return { advanceTo: Number(text) };
  if (/^(\d+[smhdw])+$/.test(text)) {
    const parts = text.match(/\d+[smhdw]/g) ?? [];
    return {
      advanceSeconds: parts.reduce(
        (sum, part) => sum + Number(part.slice(0, -1)) * (SECONDS[part.slice(-1)] ?? 0),
        0,
      ),
    };
  }
  const date = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(date)) {
    throw new CliError(
      `${text} is no time: give 30d, 12h, 1d12h30m, a date such as 2027-03-01T12:00:00Z, or Unix seconds.`,
    );
  }
  return { advanceTo: Math.floor(date / 1000) };
}
