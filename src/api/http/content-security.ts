import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** What holds for everything that we send: nothing is loaded, nothing is framed, no form leads anywhere. */
export const NOTHING = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/**
 * A Content-Security-Policy of what a part of the API needs besides {@link NOTHING}; what it names itself counts.
 * https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
 */
export function contentSecurityPolicy(directives: Record<string, string[]>): RequestHandler {
  return helmet.contentSecurityPolicy({ useDefaults: false, directives: { ...NOTHING, ...directives } });
}

/** For pages of our own files whose components set inline styles, which a nonce cannot allow. */
export const OWN_FILES = {
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
};
