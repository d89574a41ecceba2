import type { Request } from 'express';

/** The value of a cookie of a request; undefined when it is not there. */
export function readCookie(req: Request, name: string): string | undefined {
  for (const pair of req.get('Cookie')?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
