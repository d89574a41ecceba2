import type { Request, Response } from 'express';

/** The people who can sign in here. A real site has accounts; this one lets you pick. */
export interface Person {
  /** The coach's own id for them, which the API gets as `externalId`; or the API's own id. */
  key: string;
  name: string;
  email: string | null;
}

export const PEOPLE: readonly Person[] = [
  { key: 'mia', name: 'Mia', email: 'mia@example.com' },
  { key: 'noah', name: 'Noah', email: 'noah@example.com' },
  { key: 'lena', name: 'Lena', email: 'lena@example.com' },
];

/** Cookies are shared by all ports of a host, so these have names of their own. */
const SIGNED_IN = 'demo_site_member';
const NOTICE = 'demo_site_notice';

/** What happened, shown once on the next page. */
export interface Notice {
  kind: 'done' | 'failed';
  text: string;
}

function cookie(req: Request, name: string): string | undefined {
  for (const pair of (req.get('cookie') ?? '').split(';')) {
    const [key, ...value] = pair.trim().split('=');
    if (key !== name) continue;
    try {
      return decodeURIComponent(value.join('='));
    } catch {
      return undefined;
    }
  }
  return undefined;
}

/** Who is signed in; null: an anonymous visitor. Somebody who bought anonymously signs in by the API's id. */
export function signedIn(req: Request): Person | null {
  const key = cookie(req, SIGNED_IN);
  if (key === undefined) return null;
  const known = PEOPLE.find((person) => person.key === key);
  if (known !== undefined) return known;
  return /^mbr_[A-Za-z0-9]{1,64}$/.test(key) ? { key, name: 'the buyer', email: null } : null;
}

export function signIn(res: Response, key: string | null): void {
  if (key === null || key === '') res.clearCookie(SIGNED_IN, { path: '/' });
  else res.cookie(SIGNED_IN, key, { path: '/', httpOnly: true, sameSite: 'lax' });
}

export function notify(res: Response, notice: Notice): void {
  res.cookie(NOTICE, JSON.stringify(notice), { path: '/', httpOnly: true, sameSite: 'lax', maxAge: 60_000 });
}

/** The notice for this page, taken out of the browser. */
export function takeNotice(req: Request, res: Response): Notice | null {
  const text = cookie(req, NOTICE);
  if (text === undefined) return null;
  res.clearCookie(NOTICE, { path: '/' });
  try {
    const { kind, text: said } = JSON.parse(text) as Partial<Notice>;
    return { kind: kind === 'done' ? 'done' : 'failed', text: String(said ?? '').slice(0, 600) };
  } catch {
    return null;
  }
}
