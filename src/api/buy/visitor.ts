import { createHmac } from 'node:crypto';
import type { Request, Response } from 'express';
import { clientOf, isShared } from '../http/client-address';
import { readCookie } from '../http/cookies';
import { hashToken, newToken } from '../../domain/ids';

const NAME = 'session_visitor';
/** Milliseconds: 400 days, the longest that browsers keep. */
const KEPT = 400 * 86_400_000;

/**
 * The anonymous browser, by the hash of its cookie; one without gets a cookie of 256 random bits. It proves the
 * checkouts that this browser opened and nothing else: never who the member is.
 */
export function visitorOf(req: Request, res: Response, publicUrl: string): string {
  const present = readCookie(req, NAME);
  const token = present !== undefined && /^[A-Za-z0-9_-]{43}$/.test(present) ? present : newToken();
  res.cookie(NAME, token, {
    httpOnly: true,
    sameSite: 'lax',
    secure: publicUrl.startsWith('https:'),
    path: '/',
    maxAge: KEPT,
  });
  return hashToken(token);
}

/**
 * The browser's network address, so that it can be compared but not read. Null where it tells nobody apart: this machine,
 * and private networks, in which proxies that are not counted in TRUSTED_PROXIES have theirs.
 */
export function addressHashOf(req: Request, key: Buffer): string | null {
  const client = clientOf(req);
  if (isShared(client)) return null;
  return createHmac('sha256', key).update(`address\n${client}`).digest('hex');
}
