import type { Request } from 'express';

/** The cookies of a request, in the order of the browser. */
export function readCookies(req: Request): { name: string; value: string }[] {
  return (req.get('Cookie')?.split(';') ?? []).flatMap((pair) => {
    const at = pair.indexOf('=');
    return at > 0 ? [{ name: pair.slice(0, at).trim(), value: pair.slice(at + 1).trim() }] : [];
  });
}

/** The value of a cookie of a request; undefined when it is not there. */
export function readCookie(req: Request, name: string): string | undefined {
  return readCookies(req).find((cookie) => cookie.name === name)?.value;
}
